"""Checkpoint: all that training needs to go on exactly where it was, on disk."""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.optim import Optimizer
from transformers import BertForQuestionAnswering

MODEL, OPTIMISER, PROGRESS = "model.safetensors", "optimiser.safetensors", "progress.json"


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far training has come.

    *batches* of round *round* are done; *examples* counts those of every round and *steps* the
    updates. Once *decay_from* is set, the learning rate falls from that number of examples on,
    to nothing *decay_for* examples later.
    """

    round: int = 0
    batches: int = 0
    examples: int = 0
    steps: int = 0
    decay_from: int | None = None
    decay_for: int = 0

    @property
    def finished(self) -> bool:
        """Whether the learning rate has come down to nothing."""
        return self.decay_from is not None and self.examples >= self.decay_from + self.decay_for


def save_checkpoint(
    folder: Path, model: BertForQuestionAnswering, optimiser: Optimizer, progress: Progress
) -> None:
    """Put the checkpoint in place of the one in *folder*; a kill at any time leaves one whole."""
    making, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    save_file(dict(model.state_dict()), making / MODEL)
    save_file(_flat(optimiser), making / OPTIMISER)
    (making / PROGRESS).write_text(json.dumps(asdict(progress)) + "\n", "utf-8")
    os.sync()
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    making.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def load_checkpoint(
    folder: Path, model: BertForQuestionAnswering, optimiser: Optimizer
) -> Progress | None:
    """Put *model* and *optimiser* where the checkpoint left them; None if there is none."""
    old = folder.with_name(f"{folder.name}.old")
    if not folder.exists() and old.exists():
        old.rename(folder)
    if not folder.exists():
        return None
    model.load_state_dict(load_file(folder / MODEL))
    state = optimiser.state_dict()
    state["state"] = _nested(load_file(folder / OPTIMISER))
    optimiser.load_state_dict(state)
    return Progress(**json.loads((folder / PROGRESS).read_text("utf-8")))


def _flat(optimiser: Optimizer) -> dict[str, Tensor]:
    state = optimiser.state_dict()["state"]
    return {
        f"{parameter}.{name}": value.contiguous()
        for parameter, values in state.items()
        for name, value in values.items()
        if isinstance(value, torch.Tensor)
    }


def _nested(flat: dict[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in flat.items():
        parameter, _, name = key.partition(".")
        state.setdefault(int(parameter), {})[name] = value
    return state
