"""Spans of jobs and rounds for OpenTelemetry, where that is installed and a collector is named.

Where and how they go is set by the variables that OpenTelemetry itself documents, as
OTEL_EXPORTER_OTLP_ENDPOINT. A span has names and ids, never an address nor what an error said.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Final

from newsletter import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

LOG: Final = logging.getLogger("newsletter.worker")

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_LAST_WAIT_S: Final = 1.0

MakeSpan = Callable[..., AbstractContextManager[object]]
"""Takes the name of a span and, by name, what it is about."""


def no_span(_name: str, **_about: object) -> AbstractContextManager[object]:
    """Make none."""
    return nullcontext()


@contextmanager
def tracing(worker: str) -> Iterator[MakeSpan]:
    """Give the means to make spans for the process of that name, and send the last ones at the end."""
    if not os.environ.get(ENDPOINT):
        yield no_span
        return
    try:
        provider = _provider(worker)
    except ImportError:
        LOG.warning(
            '%s is set, but there is no OpenTelemetry: pip install "newsletter[opentelemetry]"',
            ENDPOINT,
        )
        yield no_span
        return
    try:
        yield spans_of(provider)
    finally:  # whoever waits for the end of this process does not wait for a collector that is away
        last = threading.Thread(target=provider.shutdown, name="spans", daemon=True)
        last.start()
        last.join(timeout=_LAST_WAIT_S)


def spans_of(provider: "TracerProvider") -> MakeSpan:
    """Return the means to make spans with `provider`."""
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra, loaded where it is used

    tracer = provider.get_tracer("newsletter", __version__)

    @contextmanager
    def span(name: str, **about: object) -> Iterator[None]:
        attributes = {f"newsletter.{key}": str(value) for key, value in about.items()}
        with tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as one:
            try:
                yield
            except BaseException as error:
                one.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    return span


def _provider(worker: str) -> "TracerProvider":
    # Extras, loaded where they are used.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    who = {
        "service.name": os.environ.get("OTEL_SERVICE_NAME") or "newsletter",
        "service.version": __version__,
        "service.instance.id": worker,
    }
    provider = TracerProvider(resource=Resource.create(who), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
