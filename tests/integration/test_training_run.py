"""Training goes on exactly where it was stopped, and ends in a reader that can be loaded."""

import gzip
import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForQuestionAnswering

from qa.onnx_reader import BUNDLED, TOKENIZER
from qa.training.batches import BatchMaker
from qa.training.checkpoint import Progress, load_checkpoint
from qa.training.curve import Curve
from qa.training.export import export
from qa.training.mixture import read_mixture
from qa.training.model import load_model, save_model
from qa.training.train import RATE, WARM_UP_STEPS, Training, finishing, rate_at

CONTEXT = "Voters went to the polls. Ada Quinn was elected mayor of Springfield in 2019."
NEVER = 1e9


@pytest.fixture
def start(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    folder = tmp_path / "start"
    config = BertConfig(
        hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48
    )
    BertForQuestionAnswering(config).save_pretrained(folder)
    (folder / TOKENIZER).write_bytes((BUNDLED / TOKENIZER).read_bytes())
    return folder


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    folder = tmp_path / "rows"
    folder.mkdir()
    with gzip.open(folder / "squad11_train44.jsonl.gz", "wt", encoding="utf-8") as file:
        for number in range(400):
            row = {
                "id": str(number),
                "title": "Springfield",
                "context": f"{CONTEXT} The count in ward {number} took until midnight.",
                "question": f"Who was elected mayor after ward {number}?",
                "answers": [{"text": "Ada Quinn", "start": CONTEXT.index("Ada Quinn")}],
                "is_impossible": False,
                "source": "squad11_train44",
            }
            file.write(json.dumps(row) + "\n")
    return folder


def training(start: Path, rows: Path, checkpoint: Path) -> Training:
    tokenizer = Tokenizer.from_file(str(start / TOKENIZER))
    curve = Curve(checkpoint.with_name("curve.jsonl"), {}, start)
    maker = BatchMaker(read_mixture(rows), tokenizer, seed=1)
    return Training(load_model(start), maker, checkpoint, curve)


def run_steps(one: Training, steps: int) -> None:
    """Train for a number of steps: the next batch after them finds training stopped."""
    step = one._step

    def stopping(batch: object, *, bf16: bool) -> float:
        loss = step(batch, bf16=bf16)  # type: ignore[arg-type]
        one.stopped = one.progress.steps >= steps
        return loss

    one._step = stopping  # type: ignore[method-assign]
    one.run(seconds=NEVER, bf16=False)


def test_training_that_was_stopped_ends_as_if_it_had_not_been(
    start: Path, rows: Path, tmp_path: Path
) -> None:
    straight = training(start, rows, tmp_path / "straight" / "checkpoint")
    (tmp_path / "straight").mkdir()
    (tmp_path / "stopped").mkdir()
    run_steps(straight, 12)
    run_steps(training(start, rows, tmp_path / "stopped" / "checkpoint"), 5)
    again = training(start, rows, tmp_path / "stopped" / "checkpoint")
    run_steps(again, 12)

    assert again.progress == straight.progress
    assert again.progress.round >= 1
    for name, weights in straight.model.state_dict().items():
        assert torch.equal(weights, again.model.state_dict()[name]), name


def test_a_kill_while_a_checkpoint_is_put_in_place_loses_nothing(
    start: Path, rows: Path, tmp_path: Path
) -> None:
    one = training(start, rows, tmp_path / "checkpoint")
    run_steps(one, 2)
    (tmp_path / "checkpoint").rename(tmp_path / "checkpoint.old")
    (tmp_path / "checkpoint.new").mkdir()

    again = training(start, rows, tmp_path / "checkpoint")

    assert again.progress == one.progress


def test_training_ends_with_a_decay_beside_which_it_may_go_on(
    start: Path, rows: Path, tmp_path: Path
) -> None:
    run_steps(training(start, rows, tmp_path / "checkpoint"), 2)

    ending = finishing(tmp_path, 100)
    last = training(start, rows, ending)
    last.run(seconds=NEVER, bf16=False)

    assert last.progress.finished
    assert rate_at(last.progress) == 0
    assert training(start, rows, tmp_path / "checkpoint").progress.decay_from is None


def test_training_takes_up_a_decay_that_was_stopped(
    start: Path, rows: Path, tmp_path: Path
) -> None:
    run_steps(training(start, rows, tmp_path / "checkpoint"), 2)
    ending = finishing(tmp_path, 200)
    run_steps(training(start, rows, ending), 4)

    assert finishing(tmp_path, 200) == ending
    assert training(start, rows, ending).progress.steps == 4


def test_the_rate_rises_stays_and_falls() -> None:
    assert rate_at(Progress(steps=0)) == pytest.approx(RATE / WARM_UP_STEPS)
    assert rate_at(Progress(steps=10 * WARM_UP_STEPS)) == RATE
    falling = Progress(steps=10 * WARM_UP_STEPS, examples=150, decay_from=100, decay_for=100)
    assert rate_at(falling) == pytest.approx(RATE / 2)


def test_losses_and_speeds_are_on_the_curve(start: Path, rows: Path, tmp_path: Path) -> None:
    run_steps(training(start, rows, tmp_path / "checkpoint"), 50)

    lines = [json.loads(line) for line in (tmp_path / "curve.jsonl").read_text().splitlines()]

    assert lines[0]["examples"] > 0
    assert lines[0]["loss"] > 0


def test_what_was_trained_is_saved_for_others_and_exported(
    start: Path, rows: Path, tmp_path: Path
) -> None:
    one = training(start, rows, tmp_path / "checkpoint")
    run_steps(one, 2)

    save_model(one.model, start, tmp_path / "saved")
    export(tmp_path / "saved", tmp_path / "exported", name="tiny", quantised=True)

    loaded = BertForQuestionAnswering.from_pretrained(tmp_path / "saved")
    assert "_attn_implementation" not in json.loads((tmp_path / "saved/config.json").read_text())
    assert (tmp_path / "exported" / TOKENIZER).exists()
    for name, weights in one.model.state_dict().items():
        assert torch.equal(weights, loaded.state_dict()[name])


def test_attention_by_products_is_attention(start: Path) -> None:
    own = load_model(start)
    theirs = BertForQuestionAnswering.from_pretrained(start, attn_implementation="eager")
    for model in (own, theirs):
        model.train(mode=False)
    pieces = torch.randint(1000, 2000, (2, 12))
    mask = torch.ones_like(pieces)
    mask[1, 8:] = 0

    with torch.no_grad():
        ours = own(input_ids=pieces, attention_mask=mask).start_logits
        others = theirs(input_ids=pieces, attention_mask=mask).start_logits

    torch.testing.assert_close(ours[0], others[0])
    torch.testing.assert_close(ours[1, :8], others[1, :8])


def test_nothing_of_the_optimiser_is_left_behind(start: Path, rows: Path, tmp_path: Path) -> None:
    one = training(start, rows, tmp_path / "checkpoint")
    run_steps(one, 2)
    other = training(start, rows, tmp_path / "none" / "checkpoint")

    assert load_checkpoint(tmp_path / "checkpoint", other.model, other.optimiser) is not None
    loaded = other.optimiser.state_dict()["state"]
    for parameter, state in one.optimiser.state_dict()["state"].items():
        assert all(torch.equal(state[name], loaded[parameter][name]) for name in state)
