"""Sentence boundaries beside blingfire, pysbd and syntok.

`python -m benchmarks.sentences STORIES [PEERS]`: STORIES holds `wikinews`, the GUM files with gold
boundaries, PEERS what `pip install --target PEERS -r benchmarks/requirements.txt` put there; a
peer that is not installed is left out. Prints Markdown for docs/benchmarks-extraction.md.
"""

import json
import re
import signal
import site
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import FrameType

import click

from benchmarks.sentence_cases import HARD, KILLERS
from corpus.sentences import sentence_spans
from corpus.sources import read_stories

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold" / "sentences.jsonl"
PATIENCE = 10
"""Seconds after which a splitter is stopped."""
RUNS = 3
SMALL, LARGE = 1 << 18, 1 << 20

Splitter = Callable[[str], list[str]]


class TooSlow(Exception):
    """The splitter was stopped."""


def splitters() -> dict[str, Splitter]:
    """Return those that are installed, by name; each returns the sentences of a text."""
    found: dict[str, Splitter] = {
        "Dateline": lambda text: [text[a:b] for a, b in sentence_spans(text)]
    }
    for name, adapt in (("blingfire", _blingfire), ("pysbd", _pysbd), ("syntok", _syntok)):
        try:
            found[name] = adapt()
        except ImportError:
            click.echo(f"{name} is not installed", err=True)
    return found


def _blingfire() -> Splitter:
    split = import_module("blingfire").text_to_sentences
    return lambda text: str(split(text)).split("\n")


def _pysbd() -> Splitter:
    segmenter = import_module("pysbd").Segmenter(language="en", clean=False)
    return lambda text: list(segmenter.segment(text))


def _syntok() -> Splitter:
    process = import_module("syntok.segmenter").process
    return lambda text: [
        "".join(token.spacing + token.value for token in sentence)
        for paragraph in process(text)
        for sentence in paragraph
    ]


def boundaries(sentences: Iterable[str]) -> set[int]:
    """Return where sentences end, counted in characters that are no white space."""
    ends, place = set(), 0
    for sentence in sentences:
        place += len("".join(sentence.split()))
        ends.add(place)
    return ends


def gum_paragraphs(folder: Path) -> list[list[str]]:
    """Return the gold sentences of each paragraph, in the words and with the spaces of its story.

    Paragraphs whose words the story writes differently are left out.
    """
    paragraphs: list[list[str]] = []
    for path in sorted(folder.iterdir()):
        text = path.read_text(encoding="utf-8")
        [story] = read_stories(text.encode(), path.name)
        gold = iter(_gold_letters(text))
        for paragraph in story.body.split("\n\n"):
            paragraphs += filter(None, [_cut(paragraph, gold)])
    return paragraphs


def _gold_letters(text: str) -> list[str]:
    blocks = re.findall(r"<s\b[^>]*>(.*?)</s>", text, re.DOTALL)
    joined = (
        "".join(line.split("\t")[0] for line in block.splitlines() if "\t" in line)
        for block in blocks
    )
    return [words.replace("&amp;", "&").replace("&quot;", '"') for words in joined]


def _cut(paragraph: str, gold: Iterable[str]) -> list[str]:
    """Take the sentences of *paragraph* from *gold*; nothing where they don't fill it."""
    squeezed = "".join(paragraph.split())
    ends, place = [], 0
    for words in gold:
        if squeezed.startswith(words, place):
            place += len(words)
            ends.append(place)
        if place >= len(squeezed):
            return list(_sliced(paragraph, ends))
    return []


def _sliced(paragraph: str, ends: Sequence[int]) -> Iterable[str]:
    start = seen = 0
    for offset, character in enumerate(paragraph, start=1):
        seen += not character.isspace()
        if seen in ends and not character.isspace():
            yield paragraph[start:offset].strip()
            start = offset


def f1(split: Splitter, paragraphs: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the boundaries inside paragraphs."""
    right = wrong = missed = 0
    for sentences in paragraphs:
        gold, found = boundaries(sentences), boundaries(split(" ".join(sentences)))
        last = max(gold)
        right += len((gold & found) - {last})
        wrong += len(found - gold)
        missed += len(gold - found - {last})
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def seconds(split: Splitter, texts: Sequence[str]) -> float:
    """Return the median time to split all *texts*, or raise `TooSlow`."""
    times = []
    for _ in range(RUNS):
        began = perf_counter()
        signal.alarm(PATIENCE)
        try:
            for text in texts:
                split(text)
        finally:
            signal.alarm(0)
        times.append(perf_counter() - began)
    return statistics.median(times)


def told(split: Splitter, text: str) -> str:
    """Return the seconds that *split* needs for *text*, or what went wrong."""
    try:
        return f"{seconds(split, [text]):.3f}"
    except TooSlow:
        return f"> {PATIENCE}"
    except (RecursionError, MemoryError, OSError) as error:
        return type(error).__name__


def main(stories: Path) -> None:
    """Print a table of quality and one of time."""
    signal.signal(signal.SIGALRM, _stop)
    labelled = [json.loads(line)["sentences"] for line in GOLD.read_text("utf-8").splitlines()]
    wikinews = gum_paragraphs(stories / "wikinews")
    for name, sets in (("af.mil", labelled), ("Wikinews", wikinews)):
        click.echo(f"{name}: {len(sets)} paragraphs, {sum(map(len, sets))} sentences")
    texts = [" ".join(sentences) for sentences in [*labelled, *wikinews]]
    prose = " ".join(texts)
    click.echo("\n| | af.mil P / R / F1 | Wikinews P / R / F1 | hard cases | all paragraphs, ms |")
    click.echo("|---|--:|--:|--:|--:|")
    found = splitters()
    for name, split in found.items():
        scores = [" / ".join(f"{x:.3f}" for x in f1(split, sets)) for sets in (labelled, wikinews)]
        hard = sum(boundaries(split(" ".join(case))) == boundaries(case) for case in HARD)
        milliseconds = seconds(split, texts) * 1000
        cells = [name, *scores, f"{hard}/{len(HARD)}", f"{milliseconds:.0f}"]
        click.echo(f"| {' | '.join(cells)} |")
    click.echo(f"\n| seconds for {LARGE >> 10} KiB of | {' | '.join(found)} |")
    click.echo("|---|" + "--:|" * len(found))
    inputs = {"prose": prose, **KILLERS}
    for name, piece in inputs.items():
        cells = []
        for split in found.values():
            small, large = ((piece * (size // len(piece) + 1))[:size] for size in (SMALL, LARGE))
            cells.append(told(split, large) + f" (a quarter: {told(split, small)})")
        click.echo(f"| {name} | {' | '.join(cells)} |")


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooSlow


if __name__ == "__main__":
    if len(sys.argv) > 2:
        site.addsitedir(sys.argv[2])
    main(Path(sys.argv[1]))
