"""Answering: the words of every message to a person that is no letter. Nothing is decided here."""

from newsletter.rules.answering.asking import (
    explain_commands,
    explain_silence,
    hand_over_data,
    list_topics,
    tell_status,
)
from newsletter.rules.answering.editing import (
    refuse_edit,
    show_preferences,
    tell_changes,
    tell_pause,
    tell_resume,
)
from newsletter.rules.answering.joining import (
    ask_to_confirm,
    say_subscribed_already,
    say_too_late,
    show_way_to_preferences,
    welcome,
    welcome_back,
)
from newsletter.rules.answering.leaving import (
    notice_leaving,
    say_erased,
    say_goodbye,
    say_not_subscribed,
)
from newsletter.rules.answering.lessening import notice_less, tell_less
from newsletter.rules.answering.misreading import ask_to_reply, ask_what_was_meant
from newsletter.rules.answering.office import Office
from newsletter.rules.answering.owners import forward_submission, forward_to_owner, probe
from newsletter.rules.answering.pages import notice_changes, with_page
from newsletter.rules.answering.phrasing import write_command
from newsletter.rules.answering.present import (
    PREFERENCES_BEGIN,
    PREFERENCES_END,
    Present,
    Rehearsal,
)
from newsletter.rules.answering.times import write_cadence, write_slot
from newsletter.rules.answering.voting import Voted, ask_which_letter, thank_for_vote

__all__ = [
    "PREFERENCES_BEGIN",
    "PREFERENCES_END",
    "Office",
    "Present",
    "Rehearsal",
    "Voted",
    "ask_to_confirm",
    "ask_to_reply",
    "ask_what_was_meant",
    "ask_which_letter",
    "explain_commands",
    "explain_silence",
    "forward_submission",
    "forward_to_owner",
    "hand_over_data",
    "list_topics",
    "notice_changes",
    "notice_leaving",
    "notice_less",
    "probe",
    "refuse_edit",
    "say_erased",
    "say_goodbye",
    "say_not_subscribed",
    "say_subscribed_already",
    "say_too_late",
    "show_preferences",
    "show_way_to_preferences",
    "tell_changes",
    "tell_less",
    "tell_pause",
    "tell_resume",
    "tell_status",
    "thank_for_vote",
    "welcome",
    "welcome_back",
    "with_page",
    "write_cadence",
    "write_command",
    "write_slot",
]
