"""Any extractive reader in Hugging Face form, run with torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from tokenizers import Tokenizer

from embeddings.onnx_session import physical_cores
from embeddings.retriever import Hit
from qa.errors import ReaderDamaged, ReaderUnsuitable
from qa.reader import Span
from qa.reading.hf_folder import find_folder, fingerprint
from qa.reading.windows import LEAST_PIECES, MAX_PIECES, Logits, Window, Windows, inputs_of

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class HfReader:
    """Reads passages with any model that `AutoModelForQuestionAnswering` loads.

    BERT, RoBERTa, ELECTRA, DeBERTa and their like, trained for span extraction with the null
    answer at the first token, which has to be the classifier's. The context that is read is the
    story's title and the passage; spans come from the passage alone.
    """

    def __init__(self, model: str, *, threads: int = 0) -> None:
        """Load *model*, a folder or a name on the hub, which is asked if it is not cached.

        *threads* of torch are used by everything in this process; 0 means one per physical core.
        Raises `ReaderNotFound`, `ReaderUnsuitable` or `ReaderDamaged`, which say what to do.
        """
        folder = find_folder(model)
        import torch  # here, since it takes seconds and is not needed by default

        torch.set_num_threads(threads or physical_cores())
        self._model, tokenizer = _load(model, folder)
        self._pad = int(tokenizer.pad_token_id or 0)
        self._typed = _takes_types(self._model, tokenizer)
        self._windows = Windows(
            _word_pieces(model, tokenizer),
            max_pieces=_max_pieces(model, self._model, tokenizer),
        )
        name = folder.resolve().name if Path(model).expanduser().is_dir() else model
        self.name = f"{name}@{fingerprint(folder)}"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the best spans of every hit's passage, best first over all of them."""
        return self._windows.read(question, hits, self._logits)

    def _logits(self, batch: Sequence[Window]) -> Logits:
        import torch

        pieces, types, mask = map(torch.from_numpy, inputs_of(batch, pad=self._pad))
        typed = {"token_type_ids": types} if self._typed else {}
        with torch.inference_mode():
            output = self._model(input_ids=pieces, attention_mask=mask, **typed)
        return np.stack([output.start_logits.numpy(), output.end_logits.numpy()], axis=-1)


def _load(model: str, folder: Path) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    """Return the model and its tokenizer; nothing of the folder is run, nothing unpickled."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(  # nosec B615 - a folder
            folder, local_files_only=True, trust_remote_code=False
        )
        loaded, report = AutoModelForQuestionAnswering.from_pretrained(  # nosec B615
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
            dtype=torch.float32,
        )
    except SafetensorError as error:
        raise ReaderDamaged(f"The weights in {folder} are damaged; get them again.") from error
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, ImportError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ReaderUnsuitable(
            f"The reader {model} can't be loaded for extractive question answering: {reason}"
        ) from error
    if report["missing_keys"]:
        raise ReaderUnsuitable(
            f"The reader {model} was not trained to find answers: its weights lack "
            f"{', '.join(sorted(report['missing_keys'])[:3])}. Choose a model that was, such as "
            "deepset/roberta-base-squad2."
        )
    return loaded.eval(), tokenizer


def _word_pieces(model: str, tokenizer: "PreTrainedTokenizerBase") -> Tokenizer:
    """Return the tokenizer that tells where each word piece stands; refuse what has none."""
    if not tokenizer.is_fast:
        raise ReaderUnsuitable(
            f"The reader {model} has no fast tokenizer (a tokenizer.json), without which nobody "
            "knows where in the story a word piece stands."
        )
    pieces: Tokenizer = tokenizer.backend_tokenizer
    if pieces.encode("Who?", "Nobody.").ids[0] != tokenizer.cls_token_id:
        raise ReaderUnsuitable(
            f"The reader {model} doesn't put its classifier token first, where Dateline looks for "
            "the null answer: choose a model of the kind of BERT, RoBERTa, ELECTRA or DeBERTa."
        )
    return pieces


def _takes_types(loaded: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> bool:
    """Return whether the model tells question from passage by a type for each word piece.

    What the tokenizer's file says of its inputs counts, what its class says doesn't: classes that
    fit any model have lost the types between versions of transformers.
    """
    named = tokenizer.init_kwargs.get("model_input_names", ["token_type_ids"])
    return "token_type_ids" in named and getattr(loaded.config, "type_vocab_size", 0) > 1


def _max_pieces(model: str, loaded: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> int:
    """Return how many word pieces the model is given at most."""
    from torch.nn import Embedding

    tables = [
        # RoBERTa counts positions from the one after the padding's.
        table.num_embeddings - (0 if table.padding_idx is None else table.padding_idx + 1)
        for name, table in loaded.named_modules()
        if name.endswith("position_embeddings") and isinstance(table, Embedding)
    ]
    most = min(MAX_PIECES, int(tokenizer.model_max_length), *tables)
    if most < LEAST_PIECES:
        raise ReaderUnsuitable(
            f"The reader {model} reads only {most} word pieces at once, too few for a question "
            f"and a sentence; it takes {LEAST_PIECES}."
        )
    return most
