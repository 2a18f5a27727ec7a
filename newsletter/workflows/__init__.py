"""What the program does: COLLECT, PUBLISH, DELIVER, SUBSCRIBE, and the operator's questions."""

from newsletter.workflows.alarms import lane_alarms
from newsletter.workflows.attempt import Delivered, DeliverPorts
from newsletter.workflows.collect import CollectPorts, collect
from newsletter.workflows.deliver import DeliverOrder, deliver
from newsletter.workflows.press import Press, PrintedLetter, print_letter
from newsletter.workflows.preview import (
    as_documented,
    last_letter,
    preview,
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

__all__ = [
    "Adoption",
    "Alarm",
    "CollectPorts",
    "DeliverOrder",
    "DeliverPorts",
    "Delivered",
    "Explanation",
    "Press",
    "PrintedLetter",
    "PublishOrder",
    "PublishPorts",
    "Published",
    "QueryPart",
    "Removals",
    "ReportPorts",
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
    "collect",
    "deliver",
    "explain",
    "explain_topic",
    "find_subscriber",
    "get_ready",
    "lane_alarms",
    "last_letter",
    "list_topics",
    "plan_batch",
    "preview",
    "print_letter",
    "publish",
    "publish_by_batches",
    "silence_of",
    "take_stock",
    "try_out",
    "unsubscribe",
    "vouch",
    "why",
]
