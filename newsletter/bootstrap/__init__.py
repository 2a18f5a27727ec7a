"""Fills every port from the config: the only room that knows every adapter."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out

if TYPE_CHECKING:
    from newsletter.bootstrap.adding_sources import (
        Addition,
        draft_source,
        find_sources,
        try_addition,
        web_for_adding,
        write_addition,
    )
    from newsletter.bootstrap.api_desk import ProgramDesk
    from newsletter.bootstrap.api_tokens import list_tokens, make_token, revoke_token
    from newsletter.bootstrap.backing_up import back_up
    from newsletter.bootstrap.checking import Checked, check_all, render_samples
    from newsletter.bootstrap.demo import Demo, open_demo
    from newsletter.bootstrap.disk import disk_alarms
    from newsletter.bootstrap.doctor import examine
    from newsletter.bootstrap.document_stores import missing_folder, watch_documents
    from newsletter.bootstrap.documents import (
        add_document,
        document_of,
        documented,
        read_documents,
        take_in,
        write_files,
        write_out,
    )
    from newsletter.bootstrap.enquiries import answer_enquiries, enquiries_of
    from newsletter.bootstrap.evaluating import (
        RankingResult,
        evaluate_folder,
        open_meaning,
        open_workroom,
    )
    from newsletter.bootstrap.evaluating_likes import LikesResult, evaluate_likes_in
    from newsletter.bootstrap.furnishing import open_newsroom
    from newsletter.bootstrap.indexes import index_anew
    from newsletter.bootstrap.intakes import make_intakes
    from newsletter.bootstrap.leaving_desk import LetterDesk
    from newsletter.bootstrap.libraries import Library, liking, read_library
    from newsletter.bootstrap.mail_room import receiving, takes_mail
    from newsletter.bootstrap.mail_sources import address_of
    from newsletter.bootstrap.meaning import look_at_meaning, open_embedder
    from newsletter.bootstrap.models import (
        ModelStanding,
        Trial,
        list_models,
        pull_model,
        try_named,
        use_model,
        why_none_is_used,
    )
    from newsletter.bootstrap.moving import (
        GivenUp,
        migrated_database,
        move_newsletter,
        stay_with_file,
    )
    from newsletter.bootstrap.newsroom import Newsroom
    from newsletter.bootstrap.operating import Controls, OperatorDesk, names_of
    from newsletter.bootstrap.page_actions import (
        BallotBox,
        confirm_by_token,
    )
    from newsletter.bootstrap.preferences_drafts import Draft, Sheet
    from newsletter.bootstrap.preferences_editing import (
        Account,
        account_of,
        check_documents,
        checked,
        coming_slots,
        receive_document,
        schema_for,
        topics_of,
        write_document,
    )
    from newsletter.bootstrap.preferences_page import PreferencesPage, Prospect, Saved
    from newsletter.bootstrap.process_numbers import process_families
    from newsletter.bootstrap.public_pages import build_archive, public_reading
    from newsletter.bootstrap.reading_desk import feed_address, letter_reader
    from newsletter.bootstrap.reception import ComingLetters, JoiningWish, OfferedTopic, Reception
    from newsletter.bootstrap.relays import open_relay
    from newsletter.bootstrap.retrying import redress_and_retry
    from newsletter.bootstrap.showroom import BEING_PREPARED, Showroom

_LATE: Final = {
    "adding_sources": (
        "Addition",
        "draft_source",
        "find_sources",
        "try_addition",
        "web_for_adding",
        "write_addition",
    ),
    "api_desk": ("ProgramDesk",),
    "api_tokens": ("list_tokens", "make_token", "revoke_token"),
    "backing_up": ("back_up",),
    "checking": (
        "Checked",
        "check_all",
        "render_samples",
    ),
    "demo": (
        "Demo",
        "open_demo",
    ),
    "disk": ("disk_alarms",),
    "doctor": ("examine",),
    "document_stores": (
        "missing_folder",
        "watch_documents",
    ),
    "documents": (
        "add_document",
        "document_of",
        "documented",
        "read_documents",
        "take_in",
        "write_files",
        "write_out",
    ),
    "furnishing": ("open_newsroom",),
    "enquiries": ("answer_enquiries", "enquiries_of"),
    "evaluating": (
        "RankingResult",
        "evaluate_folder",
        "open_meaning",
        "open_workroom",
    ),
    "evaluating_likes": (
        "LikesResult",
        "evaluate_likes_in",
    ),
    "indexes": ("index_anew",),
    "intakes": ("make_intakes",),
    "leaving_desk": ("LetterDesk",),
    "libraries": ("Library", "liking", "read_library"),
    "mail_room": ("receiving", "takes_mail"),
    "mail_sources": ("address_of",),
    "meaning": (
        "look_at_meaning",
        "open_embedder",
    ),
    "models": (
        "ModelStanding",
        "Trial",
        "list_models",
        "pull_model",
        "try_named",
        "use_model",
        "why_none_is_used",
    ),
    "moving": (
        "GivenUp",
        "migrated_database",
        "move_newsletter",
        "stay_with_file",
    ),
    "newsroom": ("Newsroom",),
    "operating": ("Controls", "OperatorDesk", "names_of"),
    "page_actions": (
        "BallotBox",
        "confirm_by_token",
    ),
    "preferences_editing": (
        "Account",
        "account_of",
        "check_documents",
        "checked",
        "coming_slots",
        "receive_document",
        "schema_for",
        "topics_of",
        "write_document",
    ),
    "process_numbers": ("process_families",),
    "reception": ("ComingLetters", "JoiningWish", "OfferedTopic", "Reception"),
    "public_pages": ("build_archive", "public_reading"),
    "reading_desk": ("feed_address", "letter_reader"),
    "preferences_drafts": ("Draft", "Sheet"),
    "preferences_page": ("PreferencesPage", "Prospect", "Saved"),
    "relays": ("open_relay",),
    "retrying": ("redress_and_retry",),
    "showroom": ("BEING_PREPARED", "Showroom"),
}
"""Each command loads what it uses: a worker has no use for web pages, mail servers or the demo."""

__all__ = [
    "BEING_PREPARED",
    "Account",
    "Addition",
    "BallotBox",
    "Checked",
    "ComingLetters",
    "Controls",
    "Demo",
    "Draft",
    "GivenUp",
    "JoiningWish",
    "LetterDesk",
    "Library",
    "LikesResult",
    "ModelStanding",
    "Newsroom",
    "OfferedTopic",
    "OperatorDesk",
    "PreferencesPage",
    "ProgramDesk",
    "Prospect",
    "RankingResult",
    "Reception",
    "Saved",
    "Sheet",
    "Showroom",
    "Trial",
    "account_of",
    "add_document",
    "address_of",
    "answer_enquiries",
    "back_up",
    "build_archive",
    "check_all",
    "check_documents",
    "checked",
    "coming_slots",
    "confirm_by_token",
    "disk_alarms",
    "document_of",
    "documented",
    "draft_source",
    "enquiries_of",
    "evaluate_folder",
    "evaluate_likes_in",
    "examine",
    "feed_address",
    "find_sources",
    "index_anew",
    "letter_reader",
    "liking",
    "list_models",
    "list_tokens",
    "look_at_meaning",
    "make_intakes",
    "make_token",
    "migrated_database",
    "missing_folder",
    "move_newsletter",
    "names_of",
    "open_demo",
    "open_embedder",
    "open_meaning",
    "open_newsroom",
    "open_relay",
    "open_workroom",
    "process_families",
    "public_reading",
    "pull_model",
    "read_documents",
    "read_library",
    "receive_document",
    "receiving",
    "redress_and_retry",
    "render_samples",
    "revoke_token",
    "schema_for",
    "stay_with_file",
    "take_in",
    "takes_mail",
    "topics_of",
    "try_addition",
    "try_named",
    "use_model",
    "watch_documents",
    "web_for_adding",
    "why_none_is_used",
    "write_addition",
    "write_document",
    "write_files",
    "write_out",
]


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
