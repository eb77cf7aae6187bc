"""Pages as a reader of them sees them."""

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser


def read(client: FlaskClient, path: str, status: int = 200) -> LexborHTMLParser:
    """Return the page at *path*, which has to come with *status*."""
    response = client.get(path)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    return LexborHTMLParser(response.text)


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    """Return the words of each element that *selector* finds."""
    return [" ".join(node.text().split()) for node in page.css(selector)]


def attribute(page: LexborHTMLParser, selector: str, name: str) -> str:
    """Return an attribute of the first element that *selector* finds."""
    return page.css(selector)[0].attributes[name] or ""


def fields(page: LexborHTMLParser, form: str) -> dict[str, str]:
    """Return what the first form that *form* finds sends, its buttons left out."""
    return {
        node.attributes["name"] or "": node.attributes.get("value") or node.text()
        for node in page.css(form)[0].css("input:not([type=radio]), textarea")
    }
