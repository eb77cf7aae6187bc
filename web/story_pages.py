"""The pages on the stories: one story with the cited words marked, all of them, their numbers."""

from flask import Blueprint, abort, render_template, request

from corpus.listing import Listing
from web.api import the_assistant
from web.ask import FiltersBody
from web.cards import FILTERS
from web.show import highlight_of, paragraphs

bp = Blueprint("stories", __name__)

STORIES_A_PAGE = 50
_SEARCH = ("words", *FILTERS)


@bp.get("/story/<story_id>")
def story(story_id: str) -> str:
    """Show a story, the words that `h=START-END` names marked.

    `revision=SHA256` shows it as it was when its body had this hash.
    """
    store = the_assistant().store
    lineage = store.lineage(story_id)
    present = lineage.versions[0].sha256
    shown = store.revision(story_id, request.args.get("revision", present))
    runs = paragraphs(shown.body, highlight_of(request.args.get("h", "")))
    turn = request.args.get("turn", 0, type=int)
    return render_template(
        "story.html",
        story=shown,
        lineage=lineage,
        superseded=shown.sha256 != present,
        paragraphs=runs,
        turn=max(turn, 0),
    )


@bp.get("/stories")
def stories() -> str:
    """List the stories that have the words and satisfy the filters, a page at a time."""
    store = the_assistant().store
    searched = {name: value for name in _SEARCH if (value := request.args.get(name, "").strip())}
    filters = FiltersBody.model_validate_strings(
        {name: value for name, value in searched.items() if name in FILTERS}
    )
    listing = Listing(
        words=searched.get("words", ""),
        publisher=filters.publisher,
        from_date=filters.from_date,
        to_date=filters.to_date,
    )
    page = request.args.get("page", 1, type=int)
    count = store.count(listing)
    pages = max(1, -(-count // STORIES_A_PAGE))
    if not 1 <= page <= pages:
        abort(404)
    return render_template(
        "stories.html",
        stories=store.stories_page(STORIES_A_PAGE, (page - 1) * STORIES_A_PAGE, listing),
        count=count,
        searched=searched,
        page=page,
        pages=pages,
        publishers=store.publishers(),
    )


@bp.get("/about")
def about() -> str:
    """Say what the stories are, and what Dateline does with them and with questions."""
    assistant = the_assistant()
    return render_template(
        "about.html",
        overview=assistant.store.overview(),
        encoder=assistant.retriever.encoder.name,
        reader=assistant.reader.name,
        threshold=assistant.threshold,
        not_ready=assistant.ready(),
    )
