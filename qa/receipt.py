"""What an answer carries so that it can be made again, and compared byte for byte.

An answer's canonical bytes are its JSON with sorted keys and no spaces, in ASCII, without what is
of the moment: the timings, the suggestions, the conversation it was given in, and its own digest.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError

from qa.answer import Answer
from qa.errors import InvalidReceipt
from qa.question import analyse
from qa.understanding.understand import Meaning, taken_literally

Json = Mapping[str, object]

_OF_THE_MOMENT = frozenset({"conversation", "suggestions", "timings_ms"})
_MEANING = TypeAdapter(Meaning)


def receipt_json(answer: Answer, said: Json) -> dict[str, object]:
    """Return the receipt of *answer*, whose other JSON values are *said*.

    It carries the SHA-256 of each story cited, or, in an abstention, of those that came nearest.
    """
    nearest = answer.abstention.nearest if answer.abstention else ()
    shown = answer.citations or nearest
    receipt: dict[str, object] = {
        **asdict(answer.receipt),
        "asked": asked_json(answer.meant or taken_literally(answer.question, answer.filters)),
        "stories": {citation.story_id: citation.snapshot_sha256 for citation in shown},
        "answer_digest": answer_digest(said),
    }
    return receipt | {"digest": digest({**said, "receipt": receipt})}


def asked_json(meant: Meaning) -> dict[str, object]:
    """Return all of *meant* but what its words and the stories tell anyway, as JSON values."""
    told: dict[str, object] = _MEANING.dump_python(
        meant, mode="json", exclude={"question", "did_you_mean"}
    )
    return {**told, "standalone": meant.question.text}


def meaning_of(asked: Json) -> Meaning:
    """Return what `asked_json` told; raise `InvalidReceipt` if it tells something else."""
    told = {name: value for name, value in asked.items() if name != "standalone"}
    standalone = asked.get("standalone")
    if not isinstance(standalone, str) or not standalone.strip():
        raise InvalidReceipt("The receipt doesn't say what was asked.")
    try:
        return _MEANING.validate_python({**told, "question": analyse(standalone)})
    except ValidationError as error:
        raise InvalidReceipt(
            "The receipt doesn't say what was asked in a way that this version of Dateline reads."
        ) from error


def canonical(answer: Json) -> str:
    """Return the bytes that are the same whenever *answer* is given again."""
    kept = {name: value for name, value in answer.items() if name not in _OF_THE_MOMENT}
    receipt = kept.get("receipt")
    if isinstance(receipt, Mapping):
        kept["receipt"] = {name: value for name, value in receipt.items() if name != "digest"}
    return _written(kept)


def digest(answer: Json) -> str:
    """Return the SHA-256 of the canonical bytes of *answer*."""
    return _sha256(canonical(answer))


def answer_digest(answer: Json) -> str:
    """Return the SHA-256 of what *answer* says and of the words that it rests on.

    It stays the same where only the confidence, what else was read or the receipt differ.
    """
    words, citations = answer["answer"], answer["citations"]
    assert isinstance(words, Mapping)  # noqa: S101 - narrows the type of a JSON value
    assert isinstance(citations, list)  # noqa: S101 - narrows the type of a JSON value
    parts = ("text", "normalized", "members")
    rests_on = ("role", "story_id", "quote", "offsets", "snapshot_sha256")
    return _sha256(
        _written(
            {
                "status": answer["status"],
                "answer": {part: words[part] for part in parts},
                "citations": [{part: one[part] for part in rests_on} for one in citations],
            }
        )
    )


def _written(values: Json) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
