"""A letter that is shown and not sent: what somebody would have got."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """What preferences would have brought in the latest slot that had a letter, or why none.

    `html` and `text` are those of the letter; empty where there is none, then `silence` says why in
    one sentence. `on` is the slot's day where the reader lives; `titles` are those of the entries, first
    the best; `entries_a_week` counts all letters of the days that were looked at.
    """

    on: date | None
    subject: str = ""
    html: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    titles: tuple[str, ...] = ()
    entries_a_week: float = 0.0
    silence: str = ""
