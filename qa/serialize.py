"""Answers and stories as JSON: one shape for the endpoint, the command line and evaluation."""

from corpus.revisions import Lineage, Revision
from corpus.story import Story
from embeddings.index import Filters
from embeddings.retriever import Hit
from qa.answer import Abstention, Answer, Citation, Resolution
from qa.conversation import Conversation
from qa.receipt import receipt_json
from qa.understanding.asked_time import Preference


def answer_json(answer: Answer) -> dict[str, object]:
    """Return *answer* as JSON values, with the receipt that it can be given again from."""
    said = _said_json(answer)
    return said | {"receipt": receipt_json(answer, said), "timings_ms": answer.timings_ms}


def _said_json(answer: Answer) -> dict[str, object]:
    return {
        "id": answer.answer_id,
        "conversation": None,
        "status": answer.status,
        "question": {
            "raw": answer.question,
            "standalone": answer.standalone,
            "did_you_mean": answer.did_you_mean,
            "prefers": preference_json(answer.prefers) if answer.prefers else None,
            "filters": filters_json(answer.filters) | {"inferred": list(answer.inferred)},
        },
        "answer": words_json(answer),
        "citations": [citation_json(citation) for citation in answer.citations],
        "also_read": [citation_json(citation) for citation in answer.also_read],
        "agreement": {
            "supporting_stories": answer.agreement.supporting_stories,
            "independent": answer.agreement.independent,
            "conflicting": answer.agreement.conflicting,
        },
        "abstention": abstention_json(answer.abstention) if answer.abstention else None,
        "suggestions": list(answer.suggestions),
    }


def words_json(answer: Answer) -> dict[str, object]:
    """Return what *answer* says, and how surely, as JSON values."""
    return {
        "text": answer.text,
        "type": answer.type,
        "normalized": answer.normalized,
        "resolution": resolution_json(answer.resolution) if answer.resolution else None,
        "members": [{"text": member.text, "n": member.n} for member in answer.members],
        "speaker": answer.speaker,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "confidence": {
            "p": answer.confidence.p,
            "band": answer.confidence.band,
            "threshold": answer.confidence.threshold,
        },
    }


def citation_json(citation: Citation) -> dict[str, object]:
    """Return *citation* as JSON values; offsets say their unit and that the end is exclusive."""
    published_at = citation.published_at
    return {
        "n": citation.n,
        "role": citation.role,
        "story_id": citation.story_id,
        "title": citation.title,
        "source": citation.source,
        "publisher": citation.publisher,
        "published": published_at.isoformat() if published_at else None,
        "url": citation.url,
        "deep_link": citation.deep_link,
        "local_link": local_link(citation),
        "quote": citation.quote,
        "normalized": citation.normalized,
        "offsets": offsets_json(citation.start, citation.end),
        "sentence": {
            "text": citation.sentence,
            "start": citation.sentence_start,
            "end": citation.sentence_end,
        },
        "snapshot_sha256": citation.snapshot_sha256,
        "verified": citation.verified,
    }


def resolution_json(resolution: Resolution) -> dict[str, object]:
    """Return *resolution* as JSON values."""
    relative_to = resolution.relative_to
    return {
        "value": resolution.value,
        "words": resolution.words,
        "relative_to": relative_to.isoformat() if relative_to else None,
    }


def offsets_json(start: int, end: int) -> dict[str, object]:
    """Return a run of a story's body as JSON values that say how they count."""
    return {"start": start, "end": end, "unit": "codepoint", "end_exclusive": True}


def local_link(citation: Citation) -> str:
    """Return the path of the story's page that marks and scrolls to the cited words."""
    return f"/story/{citation.story_id}?h={citation.start}-{citation.end}#h"


def abstention_json(abstention: Abstention) -> dict[str, object]:
    """Return *abstention* as JSON values."""
    return {
        "reason": abstention.reason,
        "message": abstention.message,
        "missing": list(abstention.missing),
        "nearest": [citation_json(citation) for citation in abstention.nearest],
    }


def preference_json(preference: Preference) -> dict[str, object]:
    """Return *preference* as JSON values."""
    return {
        "newest": preference.newest,
        "from": preference.from_date.isoformat() if preference.from_date else None,
        "to": preference.to_date.isoformat() if preference.to_date else None,
    }


def filters_json(filters: Filters) -> dict[str, object]:
    """Return *filters* as JSON values, in the words in which they are asked for."""
    return {
        "from": filters.from_date.isoformat() if filters.from_date else None,
        "to": filters.to_date.isoformat() if filters.to_date else None,
        "publisher": filters.publisher,
        "story_ids": list(filters.story_ids),
    }


def story_json(story: Story, lineage: Lineage) -> dict[str, object]:
    """Return *story*, one of the versions of *lineage*, as JSON values."""
    return {
        "story_id": story.story_id,
        "source": story.source,
        "url": story.url,
        "title": story.title,
        "body": story.body,
        "byline": story.byline,
        "syndicated_from": story.syndicated_from,
        "unit": story.unit,
        "publisher": story.publisher,
        "section": story.section,
        "dateline": story.dateline,
        "location": story.location,
        "published": story.published_at.isoformat() if story.published_at else None,
        "taken": story.taken_at.isoformat() if story.taken_at else None,
        "photo_title": story.photo_title,
        "photo_credit": story.photo_credit,
        "caption": story.caption,
        "caption_truncated": story.caption_truncated,
        "about": story.about,
        "tags": list(story.tags),
        "sha256": story.sha256,
        "ingested": lineage.ingested_at.isoformat(),
        "superseded": story.sha256 != lineage.versions[0].sha256,
        "revisions": [revision_json(revision) for revision in lineage.versions],
        "reprints": [story_head_json(reprint) for reprint in lineage.reprints],
    }


def revision_json(revision: Revision) -> dict[str, object]:
    """Return what is told of a version of a story, as JSON values."""
    replaced_at = revision.replaced_at
    return {
        "sha256": revision.sha256,
        "title": revision.title,
        "ingested": revision.ingested_at.isoformat(),
        "replaced": replaced_at.isoformat() if replaced_at else None,
    }


def story_head_json(story: Story) -> dict[str, object]:
    """Return what a list of stories says of *story*, as JSON values."""
    return {
        "story_id": story.story_id,
        "title": story.title,
        "source": story.source,
        "publisher": story.publisher,
        "published": story.published_at.isoformat() if story.published_at else None,
        "url": story.url,
        "local_link": f"/story/{story.story_id}",
        "sha256": story.sha256,
    }


def hit_json(hit: Hit) -> dict[str, object]:
    """Return a passage that a search found as JSON values."""
    passage = hit.passage
    return {
        "story": story_head_json(hit.story),
        "text": passage.text,
        "offsets": offsets_json(passage.start, passage.end),
        "score": hit.score,
        "dense_rank": hit.dense_rank,
        "word_rank": hit.word_rank,
    }


def conversation_json(conversation: Conversation) -> dict[str, object]:
    """Return *conversation* as JSON values, each answer as it was given."""
    conversation_id = conversation.conversation_id
    return {
        "id": conversation_id,
        "began": conversation.began_at.isoformat(),
        "turns": [
            {
                "turn": turn.n,
                "asked": turn.asked_at.isoformat(),
                "answer": {
                    **turn.answer,
                    "conversation": {"id": conversation_id, "turn": turn.n},
                },
            }
            for turn in conversation.turns
        ],
    }
