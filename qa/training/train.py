"""Trains the reader on rows, on a CPU, over as many sittings as it takes.

`python -m qa.training.train --rows FOLDER --run FOLDER [--start FOLDER] [--minutes N]` goes on
from the last checkpoint in the run's folder, or begins with the weights in --start (Hugging Face
form). The learning rate stays constant, so that training may stop at any time: after --minutes,
or when it is interrupted. `--finish N` takes a copy of the last checkpoint, lets the learning rate
fall to nothing over N more examples and writes the reader to RUN/reader.
"""

import argparse
import json
import logging
import shutil
import signal
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import monotonic

import torch
from tokenizers import Tokenizer
from transformers import BertForQuestionAnswering

from qa.onnx_reader import TOKENIZER
from qa.training.batches import Batch, BatchMaker
from qa.training.checkpoint import PROGRESS, Progress, load_checkpoint, save_checkpoint
from qa.training.curve import Curve, sampled
from qa.training.mixture import MINED_FILE, read_mixture
from qa.training.model import load_model, loss_of, save_model

logger = logging.getLogger(__name__)

SEED = 1
RATE, WARM_UP_STEPS = 1.2e-4, 200
WEIGHT_DECAY, CLIP = 0.01, 1.0
CHECKPOINT_SECONDS = 240.0
LOG_STEPS = 50


def rate_at(progress: Progress) -> float:
    """Return the learning rate: up over the first steps, level, and down once it is to end."""
    rate = RATE * min(1.0, (progress.steps + 1) / WARM_UP_STEPS)
    if progress.decay_from is None:
        return rate
    return rate * max(0.0, 1 - (progress.examples - progress.decay_from) / progress.decay_for)


class Training:
    """A model on its way: `run` goes on from the last checkpoint until it is told to stop."""

    def __init__(
        self, model: BertForQuestionAnswering, maker: BatchMaker, checkpoint: Path, curve: Curve
    ) -> None:
        self.model = model
        self.optimiser = torch.optim.AdamW(
            model.parameters(), lr=RATE, weight_decay=WEIGHT_DECAY, fused=True
        )
        self.progress = load_checkpoint(checkpoint, model, self.optimiser) or Progress()
        self.stopped = False
        self._maker = maker
        self._checkpoint = checkpoint
        self._curve = curve

    def run(self, *, seconds: float, bf16: bool, scores_every: float = 1800.0) -> None:
        """Train for at most *seconds*, until `stopped` is set, or to the end of the decay."""
        started = saved = scored = monotonic()
        meter = _Meter()
        for batch in self._batches():
            if self.stopped or self.progress.finished or monotonic() - started >= seconds:
                break
            meter.add(self._step(batch, bf16=bf16), len(batch))
            if self.progress.steps % LOG_STEPS == 0:
                self._curve.loss(
                    self.progress.examples, rate=rate_at(self.progress), **meter.read()
                )
            if monotonic() - saved >= CHECKPOINT_SECONDS:
                self.save()
                saved = monotonic()
            if monotonic() - scored >= scores_every:
                self._curve.scores(self.progress.examples, self.model)
                scored = monotonic()
        self.save()
        self._curve.scores(self.progress.examples, self.model)

    def save(self) -> None:
        """Write the checkpoint."""
        save_checkpoint(self._checkpoint, self.model, self.optimiser, self.progress)

    def _batches(self) -> Iterator[Batch]:
        while True:
            yield from self._maker.batches(self.progress.round, skip=self.progress.batches)
            self.progress.round += 1
            self.progress.batches = 0

    def _step(self, batch: Batch, *, bf16: bool) -> float:
        loss = loss_of(self.model, batch, bf16=bf16)
        loss.backward()  # type: ignore[no-untyped-call] # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        for group in self.optimiser.param_groups:
            group["lr"] = rate_at(self.progress)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.progress.batches += 1
        self.progress.steps += 1
        self.progress.examples += len(batch)
        return float(loss.detach())


class _Meter:
    """The mean loss and the speed since it was last read."""

    def __init__(self) -> None:
        self._losses: list[float] = []
        self._examples = 0
        self._since = monotonic()

    def add(self, loss: float, examples: int) -> None:
        self._losses.append(loss)
        self._examples += examples

    def read(self) -> dict[str, float]:
        now = monotonic()
        loss = sum(self._losses) / len(self._losses)
        read = {"loss": loss, "per_second": self._examples / (now - self._since)}
        self._losses, self._examples, self._since = [], 0, now
        return read


def finishing(run: Path, examples: int) -> Path:
    """Return the checkpoint that comes to its end over *examples*; training may go on beside it."""
    constant, ending = run / "checkpoint", run / "ending"
    if not ending.exists():
        shutil.copytree(constant, ending)
        progress = Progress(**json.loads((ending / PROGRESS).read_text("utf-8")))
        progress.decay_from, progress.decay_for = progress.examples, examples
        (ending / PROGRESS).write_text(json.dumps(asdict(progress)) + "\n", "utf-8")
    return ending


def main() -> None:
    """Train from the command line."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options = _options()
    options.run.mkdir(parents=True, exist_ok=True)
    mined = options.run / MINED_FILE
    mixture = read_mixture(options.rows, mined if mined.exists() else None)
    tokenizer = Tokenizer.from_file(str(options.start / TOKENIZER))
    checkpoint = (
        finishing(options.run, options.finish) if options.finish else options.run / "checkpoint"
    )
    training = Training(
        load_model(options.start),
        BatchMaker(mixture, tokenizer, options.seed),
        checkpoint,
        Curve(
            options.run / "curve.jsonl",
            sampled(options.dev, options.sample) if options.dev else {},
            options.start,
        ),
    )
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: setattr(training, "stopped", True))
    logger.info("training from %s", training.progress)
    training.run(seconds=60 * options.minutes, bf16=options.bf16)
    logger.info("stopped at %s", training.progress)
    if training.progress.finished:
        save_model(training.model, options.start, options.run / "reader")


def _options() -> argparse.Namespace:
    parse = argparse.ArgumentParser(description="Train the reader.")
    parse.add_argument("--rows", type=Path, required=True, help="folder of training rows")
    parse.add_argument("--dev", type=Path, help="folder of rows that the curve is measured on")
    parse.add_argument("--run", type=Path, required=True, help="folder of the checkpoint and curve")
    parse.add_argument("--start", type=Path, required=True, help="weights in Hugging Face form")
    parse.add_argument("--minutes", type=float, default=1e9)
    parse.add_argument("--finish", type=int, default=0, metavar="EXAMPLES")
    parse.add_argument("--seed", type=int, default=SEED, help="of the order and crops of the rows")
    parse.add_argument("--sample", type=int, default=400, help="rows of each set on the curve")
    parse.add_argument("--fp32", dest="bf16", action="store_false", default=has_bf16())
    return parse.parse_args()


def has_bf16() -> bool:
    """Whether this processor multiplies in bfloat16; where not, 32 bits are faster."""
    try:
        return "avx512_bf16" in Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False


if __name__ == "__main__":
    main()
