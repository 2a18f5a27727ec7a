"""The work of `newsletter evaluate`."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from newsletter.bootstrap import RankingResult, evaluate_folder
from newsletter.cli.phases import show_phases
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table
from newsletter.workflows import Evaluation, RankingMethod

_DIGITS: Final = 4
_NO_LETTERS: Final = "every document beside the background is relevant"


def run_evaluate(session: Session, folder: Path, method: str, budget: float) -> None:
    """Measure rankings and letters on the collection in `folder`."""
    began_s = time.monotonic()
    with show_phases(session) as tell:
        result = evaluate_folder(
            folder, session.config_path, RankingMethod(method), budget=budget, tell=tell
        )
    seconds = time.monotonic() - began_s
    if session.wants_json:
        session.write_json(_record(result, method, budget, seconds))
    else:
        _show(session, result, budget, seconds)
    for remark in (result.remark, *_left_out(result.evaluation)):
        if remark:
            session.notice(remark)


def _record(result: RankingResult, method: str, budget: float, seconds: float) -> JsonValue:
    found = result.evaluation
    return {
        "collection": result.collection,
        "method": method,
        "model": result.model,
        "queries": found.queries,
        "documents": found.documents,
        "ndcg_at_10": round(found.measures.ndcg_at_10, _DIGITS),
        "precision_at_10": round(found.measures.precision_at_10, _DIGITS),
        "recall_at_50": round(found.measures.recall_at_50, _DIGITS),
        "spurious_per_letter": _letters_record(found, budget),
        "left_out": {
            "queries": found.unmeasured.queries,
            "unknown_queries": found.unmeasured.unknown_queries,
            "unknown_documents": found.unmeasured.unknown_documents,
        },
        "seconds": round(seconds, 3),
    }


def _letters_record(found: Evaluation, budget: float) -> JsonValue:
    gated = found.gated
    if gated is None or not gated.letters:
        return {"nominal": budget, "measured": None, "reason": found.why_not or _NO_LETTERS}
    return {
        "nominal": budget,
        "measured": round(gated.spurious / gated.letters, _DIGITS),
        "letters": gated.letters,
        "letters_with_any": round(gated.letters_with_any / gated.letters, _DIGITS),
        "recall_at_gate": round(gated.found / gated.relevant, _DIGITS) if gated.relevant else None,
    }


def _show(session: Session, result: RankingResult, budget: float, seconds: float) -> None:
    found, gated = result.evaluation, result.evaluation.gated
    rows = [
        ("nDCG@10", f"{found.measures.ndcg_at_10:.3f}"),
        ("Precision@10", f"{found.measures.precision_at_10:.3f}"),
        ("Recall@50", f"{found.measures.recall_at_50:.3f}"),
    ]
    if gated and gated.letters:
        rows += [
            (f"Off the topic, per letter ({budget:g} promised)", _ratio(gated.spurious, gated.letters)),
            ("Letters with nothing relevant that show any", _ratio(gated.letters_with_any, gated.letters)),
            ("Relevant documents that letters show", _ratio(gated.found, gated.relevant)),
        ]  # fmt: skip
    session.say(_heading(result))
    session.say(plain_table(result.collection, ("Measure", "Value"), rows))
    if not (gated and gated.letters):
        session.say(f"Letters were not measured: {found.why_not or _NO_LETTERS}.")
    session.say(f"{seconds:.1f} s")


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _heading(result: RankingResult) -> str:
    found = result.evaluation
    model = f" with {result.model}" if result.model else ""
    return (
        f"{found.queries:,} queries, {found.documents:,} documents, "
        f"ranked by {result.method}{model}"
    )


def _left_out(found: Evaluation) -> Iterator[str]:
    gone = found.unmeasured
    if gone.queries:
        yield f"{gone.queries:,} queries have no relevant document; left out of the means."
    if gone.unknown_queries:
        yield f"{gone.unknown_queries:,} queries of qrels.tsv are not in queries.jsonl; left out."
    if gone.unknown_documents:
        yield (
            f"{gone.unknown_documents:,} judgements are of documents that are not in docs.jsonl; "
            "relevant ones count as missed."
        )
