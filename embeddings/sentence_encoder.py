"""SentenceEncoder: any model that sentence-transformers can load."""

from collections.abc import Sequence

import numpy as np

from embeddings.encoder import Vectors
from embeddings.errors import ModelNotFound
from embeddings.passage_text import encodable


class SentenceEncoder:
    """A sentence-transformers model (Reimers and Gurevych 2019), with its own prompts."""

    def __init__(self, model: str) -> None:
        """Load *model*, a folder or the name of one in the local Hugging Face cache.

        Nothing is ever downloaded; raises `ModelNotFound`, which says how to get the model.
        """
        # Here, since it imports torch, which takes seconds and is not needed by default.
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(model, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelNotFound(
                f"The encoder {model} is not on this machine: set encoder.model to the folder "
                f"that holds it, or fetch it once with `hf download {model}`."
            ) from error
        self.name = f"{model} by sentence-transformers"
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts* that are asked, shape (len(texts), dim)."""
        return self._rows(self._model.encode_query(_clean(texts), normalize_embeddings=True))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts* that are searched, shape (len(texts), dim)."""
        return self._rows(self._model.encode_document(_clean(texts), normalize_embeddings=True))

    def _rows(self, vectors: object) -> Vectors:
        return np.asarray(vectors, np.float32).reshape(-1, self.dim)


def _clean(texts: Sequence[str]) -> list[str]:
    return [encodable(text) for text in texts]
