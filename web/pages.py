"""The pages: the chat, a story with the cited words marked, and the list of stories."""

from pathlib import Path

from flask import Blueprint, abort, render_template, request

from web.api import the_assistant
from web.ask import AskBody
from web.show import highlight_of, paragraphs

bp = Blueprint("pages", __name__)

STORIES_A_PAGE = 50
_FILTERS = ("from", "to", "publisher")


def example_questions() -> list[str]:
    """Return the questions that the empty chat suggests; the bundled stories answer each."""
    text = (Path(__file__).parent / "templates" / "examples.txt").read_text(encoding="utf-8")
    return text.splitlines()


@bp.app_context_processor
def _composer() -> dict[str, object]:
    """Return what the composer shows on every page, errors included."""
    return {"asked": _asked(), "answer": None, "publishers": []}


def _asked() -> dict[str, str]:
    """Return the parameters of this request that ask something, without the empty ones."""
    return {name: value for name in ("q", *_FILTERS) if (value := request.args.get(name))}


@bp.get("/")
def chat() -> str:
    """Show the chat; with a question in the address, its answer."""
    assistant = the_assistant()
    asked = _asked()
    answer = None
    if "q" in request.args:
        filters = {name: value for name, value in asked.items() if name in _FILTERS}
        body = AskBody.model_validate_strings({"question": asked.get("q", ""), "filters": filters})
        answer = assistant.ask(body.question, filters=body.filters_or_none())
    return render_template(
        "chat.html",
        answer=answer,
        examples=example_questions(),
        not_ready=assistant.ready(),
        publishers=assistant.store.publishers(),
    )


@bp.get("/story/<story_id>")
def story(story_id: str) -> str:
    """Show a story, the words that `h=START-END` names marked."""
    shown = the_assistant().store.story(story_id)
    runs = paragraphs(shown.body, highlight_of(request.args.get("h", "")))
    return render_template("story.html", story=shown, paragraphs=runs)


@bp.get("/stories")
def stories() -> str:
    """List the stories, a page at a time."""
    store = the_assistant().store
    page = request.args.get("page", 1, type=int)
    pages = max(1, -(-store.count() // STORIES_A_PAGE))
    if not 1 <= page <= pages:
        abort(404)
    listed = store.stories_page(STORIES_A_PAGE, (page - 1) * STORIES_A_PAGE)
    return render_template(
        "stories.html", stories=listed, page=page, pages=pages, story_count=store.count()
    )
