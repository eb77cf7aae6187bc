"""How long the chat takes from Enter to the painted answer: `python -m benchmarks.chat_latency`.

`python -m benchmarks.chat_latency STORIES QUESTIONS` takes the stories of another folder and the
questions of another gold file. Each question is asked in a new window of a real Chromium, so that
it begins a conversation, as most do; the models and the index are warm.
"""

import logging
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright

from qa.commands.stories import BUNDLED
from qa.scoring.gold import read_gold
from qa.scoring.metrics import percentile
from tests.serving import stories_served

GOLD = Path(__file__).parents[1] / "tests" / "gold"
QUESTIONS = 60
WARM_UP = 5

ASK = """(question) => new Promise((resolve) => {
  const box = document.getElementById("q");
  box.value = question;
  new MutationObserver((_, observer) => {
    if (!document.querySelector("[data-answer]")) return;
    observer.disconnect();
    // The frame after the next begins once the next has been painted.
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
  }).observe(document.getElementById("log"), { childList: true });
  const began = performance.now();
  const pressed = { key: "Enter", bubbles: true, cancelable: true };
  box.dispatchEvent(new KeyboardEvent("keydown", pressed));
})"""


def main(stories: Sequence[Path], questions: Path) -> None:
    """Ask the questions in a browser and print how long their answers took to be seen."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    asked = list(islice((question.alone for question in read_gold([questions])), QUESTIONS))
    with stories_served(stories) as address:
        milliseconds = list(answer_times(address, asked))
    click.echo(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    click.echo(f"{len(milliseconds)} questions, from Enter to the painted answer:")
    for q in (50, 95, 100):
        click.echo(f"{q}th percentile: {percentile(milliseconds, q):.0f} ms")


def answer_times(address: str, questions: Sequence[str]) -> Iterator[float]:
    """Yield the milliseconds of each question's answer, after some that warm everything up."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(base_url=address)
        page.goto("/")
        page.wait_for_load_state("networkidle")  # examples have been tried out by then
        for question in questions[:WARM_UP]:
            answer_time(page, question)
        for question in questions[WARM_UP:]:
            yield answer_time(page, question)
        browser.close()


def answer_time(page: Page, question: str) -> float:
    """Return the milliseconds from Enter to the frame that shows the answer."""
    page.goto("/")
    return float(page.evaluate(ASK, question))


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    if given:
        main([given[0]], given[1])
    else:
        main([BUNDLED, GOLD / "stories"], GOLD / "questions.jsonl")
