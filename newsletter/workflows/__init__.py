"""What the program does: COLLECT, PUBLISH, DELIVER, SUBSCRIBE, and the operator's questions."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from newsletter.workflows.alarms import flood_alarms, held_alarms, lane_alarms
from newsletter.workflows.attempt import Delivered, DeliverPorts
from newsletter.workflows.collect import CollectPorts, Rehearsal, collect, rehearse
from newsletter.workflows.deliver import DeliverOrder, deliver
from newsletter.workflows.handing_over import list_export
from newsletter.workflows.lane_groups import LaneGroups, MailHostPorts, learn_mail_hosts
from newsletter.workflows.lane_report import LaneLine, report_lanes
from newsletter.workflows.press import Press, PrintedLetter, print_letter
from newsletter.workflows.preview import (
    as_documented,
    last_letter,
    preview,
)
from newsletter.workflows.privacy import (
    PrivacyPorts,
    Purged,
    erase_person,
    export_person,
    purge,
)
from newsletter.workflows.publish import (
    Published,
    PublishOrder,
    PublishPorts,
    get_ready,
    plan_batch,
    publish,
    publish_by_batches,
)
from newsletter.workflows.report import (
    Explanation,
    ReportPorts,
    explain,
    find_subscriber,
)
from newsletter.workflows.silent_days import Why, why
from newsletter.workflows.status import Alarm, Status, take_stock
from newsletter.workflows.subscribe import (
    Adoption,
    Removals,
    SubscribePorts,
    Vouching,
    adopt_documents,
    unsubscribe,
    vouch,
)
from newsletter.workflows.suppressions import lift_suppression, suppress_by_hand
from newsletter.workflows.topics import (
    QueryPart,
    TopicExplanation,
    TopicLine,
    TopicPorts,
    WordForms,
    explain_topic,
    list_topics,
)
from newsletter.workflows.traffic import Traffic
from newsletter.workflows.trying import Trial, TrialPorts, silence_of, try_out

if TYPE_CHECKING:
    from newsletter.workflows.receive import (
        Look,
        PostPorts,
        PreferencesDesk,
        Received,
        ReceivePorts,
        RenderAnswer,
        SourceInbox,
        asked_lately,
        confirm,
        leave_by_letter,
        receive_one,
        take_back,
        work_off,
    )

_LATE: Final = {
    "receive": (
        "Look",
        "PostPorts",
        "PreferencesDesk",
        "Received",
        "ReceivePorts",
        "RenderAnswer",
        "SourceInbox",
        "asked_lately",
        "confirm",
        "leave_by_letter",
        "receive_one",
        "take_back",
        "work_off",
    ),
}
"""It takes long to load, and who only delivers never reads mail."""

__all__ = [
    "Adoption",
    "Alarm",
    "CollectPorts",
    "DeliverOrder",
    "DeliverPorts",
    "Delivered",
    "Explanation",
    "LaneGroups",
    "LaneLine",
    "Look",
    "MailHostPorts",
    "PostPorts",
    "PreferencesDesk",
    "Press",
    "PrintedLetter",
    "PrivacyPorts",
    "PublishOrder",
    "PublishPorts",
    "Published",
    "Purged",
    "QueryPart",
    "ReceivePorts",
    "Received",
    "Rehearsal",
    "Removals",
    "RenderAnswer",
    "ReportPorts",
    "SourceInbox",
    "Status",
    "SubscribePorts",
    "TopicExplanation",
    "TopicLine",
    "TopicPorts",
    "Traffic",
    "Trial",
    "TrialPorts",
    "Vouching",
    "Why",
    "WordForms",
    "adopt_documents",
    "as_documented",
    "asked_lately",
    "collect",
    "confirm",
    "deliver",
    "erase_person",
    "explain",
    "explain_topic",
    "export_person",
    "find_subscriber",
    "flood_alarms",
    "get_ready",
    "held_alarms",
    "lane_alarms",
    "last_letter",
    "learn_mail_hosts",
    "leave_by_letter",
    "lift_suppression",
    "list_export",
    "list_topics",
    "plan_batch",
    "preview",
    "print_letter",
    "publish",
    "publish_by_batches",
    "purge",
    "receive_one",
    "rehearse",
    "report_lanes",
    "silence_of",
    "suppress_by_hand",
    "take_back",
    "take_stock",
    "try_out",
    "unsubscribe",
    "vouch",
    "why",
    "work_off",
]


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for (PEP 562)."""
        for module, names in _LATE.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{module}"), name)
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
