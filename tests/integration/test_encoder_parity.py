import numpy as np
import pytest

from embeddings.minilm import model_folder
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.sentence_encoder import SentenceEncoder

TEXTS = [
    "Who is the mayor of Springfield?",
    "The Army Corps of Engineers closed 3 of the dam's 12 spillway gates on Feb. 29, 2024.",
    "“We’re ready,” said Sgt. 1st Class José Núñez — of the 82nd Airborne Division …",
    "El gobernador anunció nuevas ayudas; 北京 открыла 12 станций — 5 % más 👩‍💻.",
    "",
    "   \n",
    "NATO",
    "don't won't can't it's U.S. e-mail http://news.example/a?b=c#d",
    "A sentence that is much longer than the model reads. " * 60,
    "supercalifragilisticexpialidocious" * 20,
]


@pytest.mark.models
def test_onnx_gives_the_vectors_of_sentence_transformers() -> None:
    expected = SentenceEncoder(str(model_folder())).encode_passages(TEXTS)
    vectors = OnnxEncoder().encode_passages(TEXTS)
    assert (vectors * expected).sum(axis=1).min() > 0.999
    np.testing.assert_allclose(vectors, expected, atol=1e-4)
