"""Averages the weights of a reader and of what it was trained into.

`python -m qa.training.average BEFORE AFTER --share 0.65 --to FOLDER`, all in Hugging Face form.
Between the two, answers about texts unlike the training rows are better than at either end
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from qa.training.hf_files import CONFIG, TOKENIZER_FILES, WEIGHTS, copy_files


def average(before: Path, after: Path, to: Path, *, share: float) -> None:
    """Write the reader whose weights are *share* of *after*'s and the rest of *before*'s."""
    old, new = load_file(before / WEIGHTS), load_file(after / WEIGHTS)
    if old.keys() != new.keys():
        raise SystemExit(f"{before} and {after} are not readers of one shape.")
    to.mkdir(parents=True, exist_ok=True)
    mixed = {
        name: (share * new[name].astype(np.float32) + (1 - share) * old[name].astype(np.float32))
        for name in new
    }
    save_file(mixed, to / WEIGHTS, metadata={"format": "pt"})
    copy_files((CONFIG, *TOKENIZER_FILES), after, to)


def main() -> None:
    """Average from the command line."""
    parse = argparse.ArgumentParser(description="Average the weights of two readers.")
    parse.add_argument("before", type=Path)
    parse.add_argument("after", type=Path)
    parse.add_argument("--share", type=float, default=0.65, help="of the second one, 0 to 1")
    parse.add_argument("--to", type=Path, required=True)
    options = parse.parse_args()
    average(options.before, options.after, options.to, share=options.share)


if __name__ == "__main__":
    main()
