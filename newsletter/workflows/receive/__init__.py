"""RECEIVE: from a message that came in to what it changes, and the one answer to it."""

from newsletter.workflows.receive.joining import ask, confirm, find_open_key, take_back
from newsletter.workflows.receive.leaving import leave_by_letter
from newsletter.workflows.receive.ports import (
    Look,
    PreferencesDesk,
    Received,
    ReceivePorts,
    SourceInbox,
)
from newsletter.workflows.receive.posting import PostPorts, RenderAnswer, asked_lately
from newsletter.workflows.receive.receiving import receive
from newsletter.workflows.receive.working import receive_one, work_off

__all__ = [
    "Look",
    "PostPorts",
    "PreferencesDesk",
    "ReceivePorts",
    "Received",
    "RenderAnswer",
    "SourceInbox",
    "ask",
    "asked_lately",
    "confirm",
    "find_open_key",
    "leave_by_letter",
    "receive",
    "receive_one",
    "take_back",
    "work_off",
]
