"""What the program does: COLLECT, PUBLISH, DELIVER, SUBSCRIBE, and the operator's questions."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out
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
    Gated,
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
    from newsletter.workflows.embed import Embedded, MakeVectors, embed_new
    from newsletter.workflows.evaluating import (
        EvaluatePorts,
        Evaluation,
        RankingIndex,
        RankingMethod,
        as_entry,
        evaluate,
    )
    from newsletter.workflows.evaluating_likes import LikesEvaluation, LikesPorts, evaluate_likes
    from newsletter.workflows.liking import (
        Liked,
        LikingPorts,
        Named,
        TakenIn,
        find_entries,
        forget_likes,
        likes_of,
        suggest_authors,
        take_library,
    )
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
    from newsletter.workflows.voting import (
        BallotPaper,
        Choice,
        VotePorts,
        look_at_ballot,
        vote_by_letter,
    )

_LATE: Final = {
    "embed": ("Embedded", "MakeVectors", "embed_new"),
    "evaluating": (
        "EvaluatePorts",
        "Evaluation",
        "RankingIndex",
        "RankingMethod",
        "as_entry",
        "evaluate",
    ),
    "evaluating_likes": (
        "LikesEvaluation",
        "LikesPorts",
        "evaluate_likes",
    ),
    "liking": (
        "Liked",
        "LikingPorts",
        "Named",
        "TakenIn",
        "find_entries",
        "forget_likes",
        "likes_of",
        "suggest_authors",
        "take_library",
    ),
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
    "voting": (
        "BallotPaper",
        "Choice",
        "VotePorts",
        "look_at_ballot",
        "vote_by_letter",
    ),
}
"""It takes long to load, and who only delivers never reads mail."""

__all__ = [
    "Adoption",
    "Alarm",
    "BallotPaper",
    "Choice",
    "CollectPorts",
    "DeliverOrder",
    "DeliverPorts",
    "Delivered",
    "Embedded",
    "EvaluatePorts",
    "Evaluation",
    "Explanation",
    "Gated",
    "LaneGroups",
    "LaneLine",
    "Liked",
    "LikesEvaluation",
    "LikesPorts",
    "LikingPorts",
    "Look",
    "MailHostPorts",
    "MakeVectors",
    "Named",
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
    "RankingIndex",
    "RankingMethod",
    "ReceivePorts",
    "Received",
    "Rehearsal",
    "Removals",
    "RenderAnswer",
    "ReportPorts",
    "SourceInbox",
    "Status",
    "SubscribePorts",
    "TakenIn",
    "TopicExplanation",
    "TopicLine",
    "TopicPorts",
    "Traffic",
    "Trial",
    "TrialPorts",
    "VotePorts",
    "Vouching",
    "Why",
    "WordForms",
    "adopt_documents",
    "as_documented",
    "as_entry",
    "asked_lately",
    "collect",
    "confirm",
    "deliver",
    "embed_new",
    "erase_person",
    "evaluate",
    "evaluate_likes",
    "explain",
    "explain_topic",
    "export_person",
    "find_entries",
    "find_subscriber",
    "flood_alarms",
    "forget_likes",
    "get_ready",
    "held_alarms",
    "lane_alarms",
    "last_letter",
    "learn_mail_hosts",
    "leave_by_letter",
    "lift_suppression",
    "likes_of",
    "list_export",
    "list_topics",
    "look_at_ballot",
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
    "suggest_authors",
    "suppress_by_hand",
    "take_back",
    "take_library",
    "take_stock",
    "try_out",
    "unsubscribe",
    "vote_by_letter",
    "vouch",
    "why",
    "work_off",
]


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
