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
from newsletter.workflows.programs import EditionView, Joining, PersonView, Written
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
    from newsletter.workflows.by_hand import (
        CANCELLABLE,
        Resolution,
        cancel_by_hand,
        resolve_by_hand,
        why_not_queued,
    )
    from newsletter.workflows.embed import Embedded, MakeVectors, embed_new
    from newsletter.workflows.enquiring import TellEnquiry, work_off_enquiries
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
    from newsletter.workflows.looking_over import look_over
    from newsletter.workflows.operating import Action, OperatorPorts, Order, carry_out
    from newsletter.workflows.overview import (
        Concern,
        DayLine,
        Overview,
        OverviewPorts,
        Returns,
        SourceLine,
        Today,
        Worry,
    )
    from newsletter.workflows.person_file import PersonFile, file_of, file_of_stranger
    from newsletter.workflows.public_editions import (
        PublicOrder,
        missing_days,
        past_days,
        plan_public_editions,
    )
    from newsletter.workflows.public_reading import (
        FeedEntry,
        PublicLine,
        PublicPage,
        PublicReading,
        PublicTopic,
    )
    from newsletter.workflows.reading import (
        LetterReader,
        ReadingPorts,
    )
    from newsletter.workflows.receive import (
        Left,
        LessChoices,
        Lessened,
        Look,
        PostPorts,
        PreferencesDesk,
        Received,
        ReceivePorts,
        RenderAnswer,
        SourceInbox,
        Undone,
        ask,
        asked_lately,
        confirm,
        find_open_key,
        holder_of,
        keeps_old,
        leave_by_letter,
        leave_by_letters,
        leave_by_page,
        leave_with_way_back,
        less_of,
        lessen,
        receive_one,
        take_back,
        tell_of_changes,
        tell_who_left,
        undo,
        work_off,
    )
    from newsletter.workflows.receive.asking_again import ask_again
    from newsletter.workflows.showing import Showcase, Shown
    from newsletter.workflows.voting import (
        BallotPaper,
        Choice,
        VotePorts,
        look_at_ballot,
        vote_by_letter,
    )
    from newsletter.workflows.workforce import WorkPorts, WorkView, look_at_work

_LATE: Final = {
    "by_hand": ("CANCELLABLE", "Resolution", "cancel_by_hand", "resolve_by_hand", "why_not_queued"),
    "embed": ("Embedded", "MakeVectors", "embed_new"),
    "enquiring": ("TellEnquiry", "work_off_enquiries"),
    "evaluating": (
        "EvaluatePorts", "Evaluation", "RankingIndex", "RankingMethod", "as_entry", "evaluate",
    ),
    "evaluating_likes": ("LikesEvaluation", "LikesPorts", "evaluate_likes"),
    "liking": (
        "Liked", "LikingPorts", "Named", "TakenIn", "find_entries", "forget_likes", "likes_of",
        "suggest_authors", "take_library",
    ),
    "looking_over": ("look_over",),
    "operating": ("Action", "OperatorPorts", "Order", "carry_out"),
    "overview": (
        "Concern", "DayLine", "Overview", "OverviewPorts", "Returns", "SourceLine", "Today",
        "Worry",
    ),
    "person_file": ("PersonFile", "file_of", "file_of_stranger"),
    "public_editions": ("PublicOrder", "missing_days", "past_days", "plan_public_editions"),
    "public_reading": ("FeedEntry", "PublicLine", "PublicPage", "PublicReading", "PublicTopic"),
    "reading": ("LetterReader", "ReadingPorts"),
    "receive": (
        "Look", "PostPorts", "PreferencesDesk", "Received", "ReceivePorts", "RenderAnswer",
        "SourceInbox", "ask", "asked_lately", "confirm", "find_open_key", "keeps_old", "leave_by_letter",
        "receive_one", "take_back", "work_off", "LessChoices", "Left", "Lessened", "Undone",
        "holder_of", "leave_by_letters", "leave_by_page", "less_of", "lessen", "tell_of_changes",
        "tell_who_left", "undo", "leave_with_way_back",
    ),
    "receive.asking_again": ("ask_again",),
    "showing": ("Showcase", "Shown"),
    "voting": ("BallotPaper", "Choice", "VotePorts", "look_at_ballot", "vote_by_letter"),
    "workforce": ("WorkPorts", "WorkView", "look_at_work"),
}  # fmt: skip
"""It takes long to load, and who only delivers never reads mail."""

__all__ = [
    "CANCELLABLE", "Action", "Adoption", "Alarm", "BallotPaper", "Choice", "CollectPorts",
    "Concern", "DayLine", "DeliverOrder", "DeliverPorts", "Delivered", "EditionView", "Embedded",
    "EvaluatePorts", "Evaluation", "Explanation", "FeedEntry", "Gated", "Joining", "LaneGroups",
    "LaneLine", "Left", "LessChoices", "Lessened", "LetterReader", "Liked", "LikesEvaluation",
    "LikesPorts", "LikingPorts", "Look", "MailHostPorts", "MakeVectors", "Named", "OperatorPorts",
    "Order", "Overview", "OverviewPorts", "PersonFile", "PersonView", "PostPorts",
    "PreferencesDesk", "Press", "PrintedLetter", "PrivacyPorts", "PublicLine", "PublicOrder",
    "PublicPage", "PublicReading", "PublicTopic", "PublishOrder", "PublishPorts", "Published",
    "Purged", "QueryPart", "RankingIndex", "RankingMethod", "ReadingPorts", "ReceivePorts",
    "Received", "Rehearsal", "Removals", "RenderAnswer", "ReportPorts", "Resolution", "Returns",
    "Showcase", "Shown", "SourceInbox", "SourceLine", "Status", "SubscribePorts", "TakenIn",
    "TellEnquiry", "Today", "TopicExplanation", "TopicLine", "TopicPorts", "Traffic", "Trial",
    "TrialPorts", "Undone", "VotePorts", "Vouching", "Why", "WordForms", "WorkPorts",
    "WorkView", "Worry", "Written",
    "adopt_documents", "as_documented", "as_entry", "ask", "ask_again", "asked_lately",
    "cancel_by_hand", "carry_out", "collect", "confirm", "deliver", "embed_new", "erase_person",
    "evaluate", "evaluate_likes", "explain", "explain_topic", "export_person", "file_of",
    "file_of_stranger", "find_entries", "find_open_key", "find_subscriber", "flood_alarms",
    "forget_likes", "get_ready", "held_alarms", "holder_of", "keeps_old", "lane_alarms", "last_letter",
    "learn_mail_hosts", "leave_by_letter", "leave_by_letters", "leave_by_page",
    "leave_with_way_back", "less_of", "lessen", "lift_suppression", "likes_of", "list_export",
    "list_topics", "look_at_ballot", "look_at_work", "look_over", "missing_days", "past_days", "plan_batch",
    "plan_public_editions", "preview", "print_letter", "publish", "publish_by_batches", "purge",
    "receive_one", "rehearse", "report_lanes", "resolve_by_hand", "silence_of", "suggest_authors",
    "suppress_by_hand", "take_back", "take_library", "take_stock", "tell_of_changes",
    "tell_who_left", "try_out", "undo", "unsubscribe", "vote_by_letter", "vouch", "why",
    "why_not_queued", "work_off", "work_off_enquiries",
]  # fmt: skip


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
