"""Many alarms about one thing are one line to an operator, with the rest below it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from newsletter.model import SourceState
from newsletter.rules.composing import join_words
from newsletter.workflows import Alarm, Concern, Overview

_FOLDED_FROM: Final = 3
_SHOWN_NAMES: Final = 4
_HEADINGS: Final[Mapping[Concern, str]] = {
    Concern.SOURCE: "{} sources failed or repeat an old list",
    Concern.HELD: "Entries of {} sources came in a flood, and wait",
    Concern.LANE: "{} lanes are closed to our letters",
}
_OTHERWISE: Final = "{} alarms of one kind"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Alarms about one thing; `heading` is "" where they are few enough to be read one by one."""

    concern: Concern
    alarms: tuple[Alarm, ...]
    heading: str = ""


def bundles_of(overview: Overview) -> Iterator[Bundle]:
    """Yield the alarms of an overview, in their order."""
    for concern, worries in groupby(overview.worries, key=lambda one: one.concern):
        alarms = tuple(one.alarm for one in worries)
        if len(alarms) < _FOLDED_FROM:
            yield Bundle(concern, alarms)
            continue
        heading = _HEADINGS.get(concern, _OTHERWISE).format(len(alarms))
        names = _names(concern, overview)
        yield Bundle(concern, alarms, f"{heading}: {_listed(names)}" if names else heading)


def _names(concern: Concern, overview: Overview) -> Sequence[str]:
    """Return what these alarms are about, as far as the overview tells."""
    match concern:
        case Concern.SOURCE:
            bad = {SourceState.FAILED, SourceState.STALE}
            lines = overview.sources
            return [str(one.name) for one in lines if one.report and one.report.state in bad]
        case Concern.HELD:
            return [str(one.name) for one in overview.sources if one.held]
        case Concern.LANE:
            return [one.subject for one in overview.lanes if one.is_open]
        case _:
            return ()


def _listed(names: Sequence[str]) -> str:
    if len(names) <= _SHOWN_NAMES + 1:
        return join_words(names)
    return join_words([*names[:_SHOWN_NAMES], f"{len(names) - _SHOWN_NAMES} more"])
