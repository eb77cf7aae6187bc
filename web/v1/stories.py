"""The stories, and whether they say what someone says they say."""

from flask import Response
from flask_openapi import APIBlueprint

from qa.serialize import story_head_json, story_json
from qa.verify import verify
from web.api import as_json, the_assistant
from web.bodies import RevisionParameters, StoriesParameters, VerifyBody
from web.description import READING, SENDING, STORIES, answers
from web.reading import checked
from web.schema import Body
from web.shapes import Stories, Story, Verification

bp = APIBlueprint("v1_stories", __name__, url_prefix="/v1", abp_tags=[STORIES])


class StoryPath(Body):
    """The part of an address that names a story."""

    story_id: str
    """The story."""


@bp.get("/stories", operation_id="listStories", responses=answers(Stories, fails=READING))
@checked
def stories(query: StoriesParameters) -> Response:
    """List the stories, newest first, undated last."""
    store, listing = the_assistant().store, query.listing()
    total = store.count(listing)
    listed = store.stories_page(query.limit, query.offset, listing)
    following = query.offset + query.limit
    return as_json(
        {
            "stories": [story_head_json(story) for story in listed],
            "total": total,
            "limit": query.limit,
            "offset": query.offset,
            "next_offset": following if following < total else None,
        }
    )


@bp.get(
    "/stories/<story_id>", operation_id="getStory", responses=answers(Story, fails=(404, *READING))
)
@checked
def story(path: StoryPath, query: RevisionParameters) -> Response:
    """Return a story with the text that citations count in, as it is or as it was."""
    store = the_assistant().store
    lineage = store.lineage(path.story_id)
    sha256 = query.revision or lineage.versions[0].sha256
    return as_json(story_json(store.revision(path.story_id, sha256), lineage))


@bp.post("/verify", operation_id="verify", responses=answers(Verification, fails=SENDING))
@checked
def verify_quote(body: VerifyBody) -> Response:
    """Say whether a quote stands at these offsets of this story.

    That it doesn't is an answer, not an error.
    """
    verification = verify(the_assistant().store, body.claim())
    return as_json(
        {
            "verified": verification.verified,
            "reason": verification.fault,
            "found": verification.found,
            "superseded": verification.superseded,
        }
    )
