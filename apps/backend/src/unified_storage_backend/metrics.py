"""What Prometheus may know: counts and times, never keys, values, tokens or users."""

import os
import time
from collections import Counter as Counts
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess, values
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from .database import RETRIED_STATES

# Where the processes of one server share their numbers.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_prefix = "unified_storage"
_methods = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
_buckets = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The numbers of this process, or of all workers of gunicorn together."""

    def __init__(self) -> None:
        # The library decides at its import, which is before gunicorn's settings say where the folder is.
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "requests", "Requests by route and status.", ("method", "route", "status"), _prefix, registry=registry
        )
        self.seconds = Histogram(
            "request_seconds", "How long they took.", ("method", "route"), _prefix, registry=registry, buckets=_buckets
        )
        self.pushes = Counter("pushes", "Pushes that were committed.", (), _prefix, registry=registry)
        self.mutations = Counter("mutations", "Mutations by outcome.", ("outcome",), _prefix, registry=registry)
        self.sockets = Gauge(
            "sockets", "Clients that listen.", (), _prefix, registry=registry, multiprocess_mode="livesum"
        )
        self.retries = Counter(
            "serialization_failures",
            "Transactions that the database asked for again.",
            (),
            _prefix,
            registry=registry,
        )

    def text(self) -> bytes:
        """Everything, in Prometheus' own format."""
        if FOLDER not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def count_push(self, results: list[dict[str, Any]]) -> None:
        self.pushes.inc()
        for outcome, count in Counts(result["status"] for result in results).items():
            self.mutations.labels(outcome).inc(count)

    def watch(self, engine: Engine) -> None:
        """Counts what the database refuses to serialize."""
        event.listen(engine, "handle_error", self._count_failure)

    def _count_failure(self, context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlstate", None) in RETRIED_STATES:
            self.retries.inc()


def route() -> str:
    """The pattern of the address, which holds no key and no id."""
    return request.url_rule.rule if request.url_rule else "none"


def milliseconds() -> float:
    """How long this request has taken so far."""
    started: float = g.started
    return (time.perf_counter() - started) * 1000


def register_metrics(app: Flask, metrics: Metrics) -> None:
    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        method = request.method if request.method in _methods else "other"
        metrics.requests.labels(method, route(), response.status_code).inc()
        metrics.seconds.labels(method, route()).observe(milliseconds() / 1000)
        return response
