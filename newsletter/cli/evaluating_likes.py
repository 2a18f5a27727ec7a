"""The work of `newsletter evaluate --likes`."""

import time
from pathlib import Path
from typing import Final

from newsletter.bootstrap import LikesResult, evaluate_likes_in
from newsletter.cli.phases import show_phases
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table

_DIGITS: Final = 4


def run_evaluate_likes(session: Session, folder: Path) -> None:
    """Measure learning from likes on the collection in `folder`."""
    began_s = time.monotonic()
    with show_phases(session) as tell:
        result = evaluate_likes_in(folder, session.config_path, tell=tell)
    seconds = time.monotonic() - began_s
    if session.wants_json:
        session.write_json(_likes_record(result, seconds))
    else:
        _show_likes(session, result, seconds)
    if result.remark:
        session.notice(result.remark)
    if result.evaluation.unknown:
        count = result.evaluation.unknown
        session.notice(f"{count:,} likes are of documents that are not in docs.jsonl; left out.")


def _likes_record(result: LikesResult, seconds: float) -> JsonValue:
    found = result.evaluation
    return {
        "collection": result.collection,
        "method": result.method,
        "model": result.model,
        "documents": found.documents,
        "users": found.readers,
        "at": {
            str(size): {
                "users": figures.users,
                "ndcg_at_10": round(figures.ndcg_at_10, _DIGITS) if figures.users else None,
                "recall_at_50": round(figures.recall_at_50, _DIGITS) if figures.users else None,
            }
            for size, figures in found.at.items()
        },
        "left_out": {"unknown_documents": found.unknown},
        "seconds": round(seconds, 3),
    }


def _show_likes(session: Session, result: LikesResult, seconds: float) -> None:
    rows = [
        (str(size), f"{one.users:,}", f"{one.ndcg_at_10:.3f}", f"{one.recall_at_50:.3f}")
        for size, one in result.evaluation.at.items()
        if one.users
    ]
    headings = ("Likes", "Readers", "nDCG@10", "Recall@50")
    session.say(_heading(result))
    session.say(plain_table(result.collection, headings, rows))
    session.say(f"{seconds:.1f} s")


def _heading(result: LikesResult) -> str:
    found = result.evaluation
    model = f" with {result.model}" if result.model else ""
    return (
        f"{found.readers:,} readers, {found.documents:,} documents, "
        f"learned by {result.method}{model}"
    )
