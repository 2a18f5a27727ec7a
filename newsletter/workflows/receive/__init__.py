"""RECEIVE: from a message that came in to what it changes, and the one answer to it."""

from newsletter.workflows.receive.by_page import holder_of, leave_by_page, tell_of_changes
from newsletter.workflows.receive.joining import (
    ask,
    confirm,
    find_open_key,
    keeps_old,
    take_back,
)
from newsletter.workflows.receive.leaving import leave_by_letter, leave_by_letters, tell_who_left
from newsletter.workflows.receive.lessening import LessChoices, Lessened, less_of, lessen
from newsletter.workflows.receive.ports import (
    Look,
    PreferencesDesk,
    Received,
    ReceivePorts,
    SourceInbox,
)
from newsletter.workflows.receive.posting import PostPorts, RenderAnswer, asked_lately
from newsletter.workflows.receive.receiving import receive
from newsletter.workflows.receive.undoing import Left, Undone, leave_with_way_back, undo
from newsletter.workflows.receive.working import receive_one, work_off

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
