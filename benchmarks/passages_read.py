"""How many passages are read for each question, and what becomes of the answers, by several rules.

`python -m benchmarks.passages_read GOLD.jsonl... --data DATA` asks the questions with the rule of
the settings, with a score alone in the search's order, and with everything read.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from qa.assemble import assemble
from qa.assistant import Assistant
from qa.evaluate import answer_all
from qa.reading.enough import ALL_READ, StopRule
from qa.scoring.gold import GoldQuestion, read_gold
from qa.scoring.scores import scores_of
from qa.settings import load_settings
from qa.training.fit_first_look import Counting

SCORES = ("accuracy", "f1", "citation_accuracy", "ece", "auroc", "conflicts_found")


def main() -> None:
    """Ask by each rule and print what came of it."""
    parse = argparse.ArgumentParser(description="Count the passages that are read.")
    parse.add_argument("gold", type=Path, nargs="+")
    parse.add_argument("--data", type=Path, required=True)
    options = parse.parse_args()
    assistant = assemble(load_settings(data=options.data, answer={"cache_mb": 0}))
    rules = {
        "the default": assistant.stop,
        "a score alone": StopRule(enough=assistant.stop.enough),
        "all read": ALL_READ,
    }
    for name, rule in rules.items():
        asked = replace(assistant, stop=rule)
        click.echo(f"{name}: {_outcome(asked, read_gold(options.gold))}")


def _outcome(assistant: Assistant, questions: list[GoldQuestion]) -> str:
    """Return the passages read at the first asking of each question, and the scores."""
    counts = []
    for gold in questions:
        counter = Counting(assistant.reader)
        replace(assistant, reader=counter).ask(gold.question, filters=gold.search_filters)
        counts.append(counter.count)
    estimates = scores_of(answer_all(assistant, questions, lambda _done, _of: None)).estimates
    told = {name: round(found.value, 3) for name in SCORES if (found := estimates.get(name))}
    return f"{np.mean(counts):.2f} read, median {np.median(counts):.0f}; {told}"


if __name__ == "__main__":
    main()
