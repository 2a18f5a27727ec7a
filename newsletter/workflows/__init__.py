"""What the program does: COLLECT, PUBLISH, DELIVER, SUBSCRIBE, and the operator's questions."""

from newsletter.workflows.collect import CollectPorts, collect
from newsletter.workflows.deliver import Delivered, DeliverOrder, DeliverPorts, deliver
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
    plan_batch,
    publish,
)
from newsletter.workflows.report import (
    Explanation,
    ReportPorts,
    Why,
    explain,
    find_subscriber,
    why,
)
from newsletter.workflows.subscribe import (
    Adoption,
    SubscribePorts,
    Vouching,
    adopt_documents,
    unsubscribe,
    vouch,
)

__all__ = [
    "Adoption",
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
    "ReportPorts",
    "SubscribePorts",
    "Vouching",
    "Why",
    "adopt_documents",
    "as_documented",
    "collect",
    "deliver",
    "explain",
    "find_subscriber",
    "last_letter",
    "plan_batch",
    "preview",
    "print_letter",
    "publish",
    "unsubscribe",
    "vouch",
    "why",
]
