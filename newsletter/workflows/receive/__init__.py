"""RECEIVE: from a message that came in to what it changes, and the one answer to it."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out

if TYPE_CHECKING:
    from newsletter.workflows.receive.by_page import holder_of, leave_by_page, tell_of_changes
    from newsletter.workflows.receive.joining import (
        ask,
        confirm,
        find_open_key,
        keeps_old,
        take_back,
    )
    from newsletter.workflows.receive.lately import asked_lately
    from newsletter.workflows.receive.leaving import (
        leave_by_letter,
        leave_by_letters,
        tell_who_left,
    )
    from newsletter.workflows.receive.lessening import LessChoices, Lessened, less_of, lessen
    from newsletter.workflows.receive.ports import (
        Look,
        PreferencesDesk,
        Received,
        ReceivePorts,
        SourceInbox,
    )
    from newsletter.workflows.receive.posting import PostPorts, RenderAnswer
    from newsletter.workflows.receive.receiving import receive
    from newsletter.workflows.receive.undoing import Left, Undone, leave_with_way_back, undo
    from newsletter.workflows.receive.working import receive_one, work_off

_LATE: Final = {
    "by_page": ("holder_of", "leave_by_page", "tell_of_changes"),
    "joining": ("ask", "confirm", "find_open_key", "keeps_old", "take_back"),
    "lately": ("asked_lately",),
    "leaving": ("leave_by_letter", "leave_by_letters", "tell_who_left"),
    "lessening": ("LessChoices", "Lessened", "less_of", "lessen"),
    "ports": ("Look", "PreferencesDesk", "Received", "ReceivePorts", "SourceInbox"),
    "posting": ("PostPorts", "RenderAnswer"),
    "receiving": ("receive",),
    "undoing": ("Left", "Undone", "leave_with_way_back", "undo"),
    "working": ("receive_one", "work_off"),
}
"""Who asks one question of what came in need not load what reads and answers messages."""

__all__ = [
    "Left",
    "LessChoices",
    "Lessened",
    "Look",
    "PostPorts",
    "PreferencesDesk",
    "ReceivePorts",
    "Received",
    "RenderAnswer",
    "SourceInbox",
    "Undone",
    "ask",
    "asked_lately",
    "confirm",
    "find_open_key",
    "holder_of",
    "keeps_old",
    "leave_by_letter",
    "leave_by_letters",
    "leave_by_page",
    "leave_with_way_back",
    "less_of",
    "lessen",
    "receive",
    "receive_one",
    "take_back",
    "tell_of_changes",
    "tell_who_left",
    "undo",
    "work_off",
]


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
