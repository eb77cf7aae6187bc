"""A process is killed, or its disk fails, at every change that it makes to a file.

The short leg takes some of the changes, drawn anew by nothing but a fixed seed; `make faults` takes
all of them.
"""

import logging
import random
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from tests.faults.lengths import LENGTHS
from tests.faults.newsroom import Edition, Found, Step, inspected, perform
from tests.faults.processes import Tell, returned, run
from tests.faults.system_calls import FAULTS, Action, Fault, SystemCalls, compiled, lacking

pytestmark = pytest.mark.skipif(lacking() is not None, reason=str(lacking()))

logger = logging.getLogger(__name__)

BEFORE: Edition = dict.fromkeys(range(8), 0)
STEPS = {
    "first": Step(put=((1, 0), (2, 0))),
    "add": Step(put=((20, 0), (21, 0))),
    "update": Step(put=((1, 1), (2, 1))),
    "remove": Step(removed=(3,)),
    "rebuild": Step(rebuilds=True),
}
NOTHING = Fault(action=Action.COUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """A step that nothing befalls: what was there, what is there then, and how many changes."""

    start: Path
    step: Step
    found: tuple[Found, Found]
    changes: int


def work(tell: Tell, library: Path, folder: Path, step: Step, fault: Fault, at: int) -> int:
    """Perform *step* and return the changes that it made; if it fails, again without a fault."""
    calls = SystemCalls(library, folder)
    calls.aim(fault, at)
    try:
        perform(folder, step, stored=lambda: tell("stored"))
    except (CorpusError, SearchError) as error:
        tell(f"{type(error).__name__}: {error}")
        calls.aim(NOTHING, 0)
        perform(folder, step)
    return calls.count


def inspect(tell: Tell, folder: Path) -> Found:
    return inspected(folder)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module", params=list(STEPS))
def undisturbed(
    request: pytest.FixtureRequest, library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Undisturbed:
    step, folder = STEPS[request.param], tmp_path_factory.mktemp(request.param)
    start, end = folder / "start", folder / "end"
    start.mkdir()
    if request.param != "first":
        for story in BEFORE.items():
            returned(int, work, library, start, Step(put=(story,)), NOTHING, 0)
    shutil.copytree(start, end)
    changes = returned(int, work, library, end, step, NOTHING, 0)
    before, after = (returned(Found, inspect, copied(place)) for place in (start, end))
    return Undisturbed(start=start, step=step, found=(before, after), changes=changes)


def copied(folder: Path) -> Path:
    copy = folder.with_name(f"{folder.name}-copy")
    shutil.rmtree(copy, ignore_errors=True)
    return Path(shutil.copytree(folder, copy))


def told_by(found: Found) -> tuple[Edition, dict[str, tuple[object, object]]]:
    """Return the stories and, to each question, the words and the place that they stand in.

    Which others are cited beside it depends on BM25's statistics, in which tantivy counts removed
    passages until it merges their segment: an index that was built anew can rank others higher.
    """
    said: dict[str, tuple[object, object]] = {
        asked: (text, cited[0]) for asked, (_, text, cited) in found.said.items()
    }
    return found.edition, said


def drawn(changes: int) -> list[int]:
    """Return the changes at which something happens: all of them, or some with the first, last."""
    every = range(1, changes + 1)
    if LENGTHS.states == 0 or LENGTHS.states >= changes:
        return list(every)
    return sorted({1, changes, *random.Random(changes).sample(every, LENGTHS.states - 2)})


@pytest.mark.parametrize("kind", FAULTS)
def test_no_change_to_a_file_is_one_at_which_a_fault_loses_or_spoils_anything(
    library: Path, undisturbed: Undisturbed, kind: str
) -> None:
    fault, folder = FAULTS[kind], undisturbed.start.with_name("disturbed")
    dies = fault.action in (Action.KILL, Action.TEAR)
    before, after = undisturbed.found
    slowest_s, told = 0.0, set()
    for at in drawn(undisturbed.changes):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(undisturbed.start, folder)
        ended = run(work, library, folder, undisturbed.step, fault, at)
        assert ended.raised is None, f"at {at}: {ended.raised}"
        # Threads of tantivy make some changes more or fewer each time: the last may not come.
        assert ended.code == (-signal.SIGKILL if dies and ended.returned is None else 0), at
        told |= {str(what).partition(":")[0] for what in ended.told}
        found = returned(Found, inspect, folder)
        allowed = [after] if "stored" in ended.told or not dies else [before, after]
        assert told_by(found) in map(told_by, allowed), at
        slowest_s = max(slowest_s, found.recovery_s)
    logger.info(
        "%s at %d of %d changes: %s; the slowest recovery took %.3f s",
        kind,
        len(drawn(undisturbed.changes)),
        undisturbed.changes,
        sorted(told),
        slowest_s,
    )
