import numpy as np
import pytest

from embeddings.encoder import Encoder
from embeddings.minilm import model_folder
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.sentence_encoder import SentenceEncoder
from tests.fakes import HashingEncoder

ODD_TEXTS = [
    "",
    " ",
    "\n\t",
    "?",
    "東京 मेयर 👩‍💻",
    "\x00",
    "\ud800 broken",
    "word " * 2000,
    "x" * 9999,
]


class EncoderContract:
    """What every encoder must do; a subclass gives `encoder`."""

    def test_name_is_not_empty(self, encoder: Encoder) -> None:
        assert encoder.name

    def test_no_texts_give_no_rows(self, encoder: Encoder) -> None:
        assert encoder.encode_queries([]).shape == (0, encoder.dim)
        assert encoder.encode_passages([]).shape == (0, encoder.dim)

    def test_rows_are_unit_vectors_in_the_order_of_the_texts(self, encoder: Encoder) -> None:
        texts = ["one", "a longer text about floods", "two words", "one"]
        vectors = encoder.encode_passages(texts)
        assert vectors.shape == (4, encoder.dim)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        for text, vector in zip(texts, vectors, strict=True):
            [alone] = encoder.encode_passages([text])
            assert alone @ vector == pytest.approx(1, abs=1e-5)

    @pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
    def test_odd_texts_give_unit_vectors(self, encoder: Encoder, text: str) -> None:
        for encode in (encoder.encode_queries, encoder.encode_passages):
            [vector] = encode([text])
            assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)

    def test_question_is_nearest_to_the_text_about_its_subject(self, encoder: Encoder) -> None:
        [question] = encoder.encode_queries(["Who was elected mayor of Springfield?"])
        cosines = (
            encoder.encode_passages(
                [
                    "A storm closed the airport.",
                    "Ada Quinn was elected mayor of Springfield.",
                    "The team won its third game.",
                ]
            )
            @ question
        )
        assert cosines.argmax() == 1


class TestHashingEncoder(EncoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls) -> HashingEncoder:
        return HashingEncoder()


@pytest.mark.models
class TestOnnxEncoder(EncoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls) -> OnnxEncoder:
        return OnnxEncoder()


@pytest.mark.models
class TestSentenceEncoder(EncoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls) -> SentenceEncoder:
        return SentenceEncoder(str(model_folder()))
