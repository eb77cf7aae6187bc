"""What the store, the index and the caches hold when Prometheus asks, and what came in."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import version

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from corpus.errors import CorpusError
from corpus.intake_log import IntakeLog
from qa.assistant import Assistant


class StoreNumbers(Collector):
    """Reads the numbers of the moment from *assistant*, and from the log of what came in."""

    def __init__(self, assistant: Assistant, intake: IntakeLog) -> None:
        self._assistant = assistant
        self._intake = intake

    def collect(self) -> Iterator[Metric]:
        """Yield the numbers."""
        yield from self._held()
        yield from self._kept()
        yield from self._taken_in()
        models = GaugeMetricFamily(
            "dateline_info", "What answers", labels=["version", "encoder", "reader"]
        )
        encoder, reader = self._assistant.retriever.encoder.name, self._assistant.reader.name
        models.add_metric([version("dateline"), encoder, reader], 1)
        yield models

    def _held(self) -> Iterator[Metric]:
        store, index = self._assistant.store, self._assistant.retriever.index
        yield _gauge("stories", "Stories in the store", store.count())
        yield _gauge("passages", "Passages in the store", store.passage_count())
        yield _gauge("passages_pending", "Passages that wait for a vector", store.pending_count())
        yield _gauge("index_passages", "Passages that a search can find", len(index))
        lag = store.change - index.change
        yield _gauge("index_lag_changes", "Changes that the index lacks", lag)

    def _kept(self) -> Iterator[Metric]:
        """Yield what came of keeping answers and vectors."""
        vectors = self._assistant.retriever.vectors_kept
        yield _counter("vector_cache_hits", "Questions whose vector was kept", vectors.kept)
        yield _counter("vector_cache_misses", "Questions that were encoded", vectors.made)
        yield _gauge("vector_cache_vectors", "Vectors that are kept", vectors.vectors)
        if self._assistant.cache is None:
            return
        counts = self._assistant.cache.counts
        yield _counter("answer_cache_hits", "Answers that were given again", counts.kept)
        yield _counter("answer_cache_misses", "Answers that had to be made", counts.made)
        dropped = CounterMetricFamily(
            "dateline_answer_cache_evictions", "Answers no longer kept", labels=["reason"]
        )
        dropped.add_metric(["room"], counts.dropped)
        dropped.add_metric(["stories_changed"], counts.outdated)
        yield dropped
        yield _gauge("answer_cache_answers", "Answers that are kept", counts.answers)
        yield _gauge("answer_cache_bytes", "Bytes that they take, roughly", counts.bytes)

    def _taken_in(self) -> Iterator[Metric]:
        totals = self._intake.totals()
        yield _counted("intake_stories", "Stories read, by outcome", "outcome", totals.outcomes)
        yield _counted(
            "ingest_failures",
            "What was refused or failed, by error",
            "error",
            dict.fromkeys(_names(CorpusError), 0) | totals.failures,
        )
        yield from _moment("last_intake", "When stories were last read", totals.last_run)
        yield from _moment(
            "last_ingest_failure", "When reading last failed or refused", totals.last_failure
        )


def _names(error: type[Exception]) -> Iterator[str]:
    """Yield the names of *error* and all its kinds: Prometheus sees a rise only from a number."""
    yield error.__name__
    for kind in error.__subclasses__():
        yield from _names(kind)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dateline_{name}", told, value=value)


def _counter(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(f"dateline_{name}", told, value=value)


def _counted(name: str, told: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"dateline_{name}", told, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


def _moment(name: str, told: str, moment: datetime | None) -> Iterator[Metric]:
    """Yield a moment in seconds since 1970, as Prometheus counts; nothing if there was none."""
    if moment:
        yield _gauge(f"{name}_timestamp_seconds", f"{told}, in Unix time", moment.timestamp())
