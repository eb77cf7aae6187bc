"""An answer in the shapes of OpenAI's chat completions, whole and as a stream.

Every client shows the content. Besides it: `annotations` (OpenAI's), `citations` and `dateline`
(Dateline's own JSON), `sources` and `event`s (Open WebUI's).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from qa.answer import Answer
from qa.serialize import answer_json, citation_json
from web.completion_body import MODEL
from web.reply import Reply, Source

_DELTA: Final = "chat.completion.chunk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """An answer, the reply that tells it, and when it was made (Unix time, seconds)."""

    answer: Answer
    reply: Reply
    created: int

    def whole(self) -> dict[str, object]:
        """Return the response to a request that doesn't stream."""
        message = {
            "role": "assistant",
            "content": self.reply.content,
            "refusal": None,
            "annotations": self._annotations(),
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return (
            self._head("chat.completion")
            | {"choices": [choice], "usage": self._usage()}
            | self._own_fields()
        )

    def events(self, *, with_usage: bool) -> Iterator[str]:
        """Yield the response as server-sent events: the sources, the content, and the end.

        The answer's words are copied from a story at once, so that the content is one chunk.
        """
        yield self._chunk({"role": "assistant", "content": ""})
        for source in self.reply.sources:
            told = {"event": {"type": "source", "data": source_json(source)}}
            yield self._chunk({}, beside=told)
        yield self._chunk({"content": self.reply.content})
        annotations = {"annotations": self._annotations()} if self.reply.sources else {}
        yield self._chunk(annotations, finish_reason="stop", beside=self._own_fields())
        if with_usage:
            yield _event(self._head(_DELTA) | {"choices": [], "usage": self._usage()})
        yield "data: [DONE]\n\n"

    def _chunk(
        self,
        delta: Mapping[str, object],
        *,
        finish_reason: str | None = None,
        beside: Mapping[str, object] | None = None,
    ) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return _event(self._head(_DELTA) | {"choices": [choice]} | dict(beside or {}))

    def _head(self, kind: str) -> dict[str, object]:
        receipt = self.answer.receipt
        return {
            "id": f"chatcmpl-{self.answer.answer_id}",
            "object": kind,
            "created": self.created,
            "model": MODEL,
            "system_fingerprint": f"fp_{receipt.settings}_{receipt.change}",
        }

    def _own_fields(self) -> dict[str, object]:
        return {
            "citations": [citation_json(citation) for citation in self.answer.citations],
            "sources": [source_json(source) for source in self.reply.sources],
            "dateline": answer_json(self.answer),
        }

    def _annotations(self) -> list[dict[str, object]]:
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": source.start,
                    "end_index": source.end,
                    "title": source.title,
                    "url": source.url,
                },
            }
            for source in self.reply.sources
        ]

    def _usage(self) -> dict[str, int]:
        """Count words, divided by spaces: nothing is generated, so there are no tokens."""
        asked, told = len(self.answer.question.split()), len(self.reply.content.split())
        return {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}


def source_json(source: Source) -> dict[str, object]:
    """Return *source* as Open WebUI takes it.

    It lists sources by `metadata.source` and finds the n-th mark's by `metadata.name`; it makes
    sources of annotations too. Both are those of the annotation, so that each is listed once.
    """
    citation = source.citation
    metadata = {
        "source": source.url,
        "name": source.title,
        "url": source.url,
        "source_url": source.url,
        "publisher": citation.publisher,
        "published": citation.published_at.isoformat() if citation.published_at else None,
    }
    return {
        "source": {"id": source.url, "name": source.title, "url": source.url},
        "document": [citation.sentence],
        "metadata": [metadata],
    }


def _event(told: Mapping[str, object]) -> str:
    return f"data: {json.dumps(told)}\n\n"
