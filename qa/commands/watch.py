"""`dateline watch`: follow folders and addresses, and keep the index up to date."""

import json
import logging
import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.commands.options import data_option, json_option

if TYPE_CHECKING:
    from corpus.watch import Round, Watch
    from qa.operations.stop_signal import StopSignal
    from qa.settings import Settings

logger = logging.getLogger(__name__)

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SETTLES = 5
"""How often one round alone waits for files that may still be being written."""


class Interval(click.ParamType[float]):
    """How often: a number and s, m, h or d."""

    name = "interval"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the seconds in *value*."""
        written = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", str(value))
        if not written:
            self.fail(f"{value} is no interval; write 30s, 5m, 2h or 1d", param, ctx)
        return float(int(written[1]) * _UNITS_S[written[2]])


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="PATH|URL...")
@click.option(
    "--every", type=Interval(), default="5m", show_default=True, help="How often each is read."
)
@click.option("--once", is_flag=True, help="Read each once and end, as for cron.")
@click.option(
    "--delete-missing",
    is_flag=True,
    help="Remove the stories of files and pages that are gone, instead of telling of them.",
)
@click.option("--publisher", help="Publisher of the stories whose pages name none.")
@data_option
@json_option
def watch(
    places: tuple[str, ...],
    *,
    every: float,
    once: bool,
    delete_missing: bool,
    publisher: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Follow folders, feeds and pages: add what is new or changed, round by round.

    Ends after the story at hand on SIGTERM or Ctrl-C. A line a round goes to standard error, and
    with --json an object to standard output.
    """
    from corpus.visits import Follower
    from corpus.watch import Watch
    from qa.assemble import open_store
    from qa.operations.following import open_origins, sources_of
    from qa.operations.stop_signal import StopSignal
    from qa.settings import load_settings

    settings = load_settings(data=data)
    stop = StopSignal()
    with closing(open_store(settings)) as store, closing(open_origins(settings)) as origins:
        if not store.count():
            origins.clear()

        def follower() -> Follower:
            return Follower(store, origins, publisher=publisher, delete_missing=delete_missing)

        sources = sources_of(settings, places, origins, stop.pause)
        following = Watch(sources, follower, every_s=every, stopping=stop.wanted)
        with stop:
            _follow(following, settings, stop, once=once, as_json=as_json)


def _follow(
    following: "Watch", settings: "Settings", stop: "StopSignal", *, once: bool, as_json: bool
) -> None:
    """Go round until a signal comes; *once*, until no file may still be being written."""
    from corpus.errors import CorpusError
    from corpus.folder_source import SETTLED_S
    from corpus.ingest import IngestReport
    from corpus.watch import Stopped
    from embeddings.errors import SearchError
    from qa.operations.following import open_intake_log

    log = open_intake_log(settings)
    logger.setLevel(logging.INFO)
    try:
        while True:
            found = following.round()
            log.record(found.stories, list(found.errors.values()))
            _tell(found, as_json=as_json)
            if found.stopped:
                break
            if found.changed or found.number == 1:
                _index(settings)
            if once and (not found.waiting or found.number > _SETTLES):
                _fail_if_needed(found)
                return
            if once:
                stop.pause(SETTLED_S)
                following.hurry()
            else:
                stop.pause(following.due_in())
    except Stopped:
        pass
    except (CorpusError, SearchError) as error:
        log.record(IngestReport(), [error])
        raise
    logger.info("stopped")


def _index(settings: "Settings") -> None:
    """Make what was added searchable; an encoder is loaded only where there is something."""
    from qa.assemble import bring_up_to_date, open_store

    with closing(open_store(settings)) as store:
        bring_up_to_date(settings, store)


def _fail_if_needed(found: "Round") -> None:
    if found.failed:
        raise click.ClickException(f"{len(found.failed)} of the sources could not be read.")


def _tell(found: "Round", *, as_json: bool) -> None:
    """Log what became of the round, and print it for programs."""
    from qa.commands.output import shown

    for refusal in found.stories.refused:
        logger.warning("refused: %s: %s", shown(refusal.source), shown(refusal.reason))
    for gone in found.missing:
        what = f"{gone.stories} stories were read there alone"
        logger.warning("missing: %s: %s; %s", shown(gone.place), shown(gone.reason), what)
    for name, reason in found.failed.items():
        logger.warning("failed: %s: %s", shown(name), shown(reason))
    counts = _counts(found)
    logger.info("%s", " ".join(f"{name}={value}" for name, value in counts.items()))
    if as_json:
        click.echo(json.dumps(counts | _details(found)))


def _counts(found: "Round") -> dict[str, object]:
    return {
        "round": found.number,
        **found.stories.counts,
        "missing": len(found.missing),
        "removed": found.removed,
        "waiting": found.waiting,
        "failed": len(found.failed),
        "resting": found.resting,
        "seconds": round(found.seconds, 3),
    }


def _details(found: "Round") -> dict[str, object]:
    """Return what replaces the mere numbers in the report for programs."""
    return {
        "refused": [
            {"source": refusal.source, "reason": refusal.reason}
            for refusal in found.stories.refused
        ],
        "refused_by_reason": found.stories.reasons,
        "missing": [
            {"place": gone.place, "reason": gone.reason, "stories": gone.stories}
            for gone in found.missing
        ],
        "failed": [{"source": name, "reason": reason} for name, reason in found.failed.items()],
        "stopped": found.stopped,
    }
