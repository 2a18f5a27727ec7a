"""Numbers as Prometheus reads them: its text format 0.0.4, and OpenMetrics 1.0 for who asks for that.

Written here and not by its client library: all our numbers are counted anew for each scrape, which
that does by way of a registry for the whole process, and the two formats are sixty lines.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_OPENMETRICS_NAME: Final = "application/openmetrics-text"
_TOTAL: Final = "_total"


class Kind(StrEnum):
    """What a family of numbers is."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Sample:
    """One number. `suffix` follows the name of the family: `_bucket`, `_sum`, `_count`."""

    value: float
    labels: Mapping[str, str]
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Numbers of one name, which tells their unit; that of a counter has no `_total` here."""

    name: str
    kind: Kind
    help: str
    samples: tuple[Sample, ...]


def gauge(name: str, help_: str, value: float, **labels: str) -> Family:
    """Return a family of one number that goes up and down."""
    return Family(name, Kind.GAUGE, help_, (Sample(value, labels),))


def gauges(name: str, help_: str, label: str, values: Iterable[tuple[str, float]]) -> Family:
    """Return a family with a number for each value of one label."""
    samples = tuple(Sample(value, {label: str(word)}) for word, value in values)
    return Family(name, Kind.GAUGE, help_, samples)


def format_for(accept: str) -> str:
    """Return the media type of the answer to an Accept field: OpenMetrics where it is named."""
    return OPENMETRICS if _OPENMETRICS_NAME in accept.lower() else TEXT


def write(families: Iterable[Family], media_type: str) -> str:
    """Return the families in one of the two formats; those without a number are left out."""
    is_open = media_type == OPENMETRICS
    lines = [
        line for family in families if family.samples for line in _lines(family, is_open=is_open)
    ]
    return "\n".join([*lines, *(["# EOF"] if is_open else []), ""])


def _lines(family: Family, *, is_open: bool) -> Iterator[str]:
    total = _TOTAL if family.kind is Kind.COUNTER else ""
    # The old format knows the name of the samples alone, the new one that of the family.
    name = family.name if is_open else f"{family.name}{total}"
    yield f"# HELP {name} {_escaped(family.help, quotes=is_open)}"
    yield f"# TYPE {name} {family.kind}"
    for one in family.samples:
        labels = ",".join(
            f'{key}="{_escaped(value, quotes=True)}"' for key, value in one.labels.items()
        )
        shown = f"{{{labels}}}" if labels else ""
        yield f"{family.name}{one.suffix or total}{shown} {_number(one.value)}"


def _escaped(text: str, *, quotes: bool) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", " ")
    return escaped.replace('"', '\\"') if quotes else escaped


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
