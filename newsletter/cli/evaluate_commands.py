"""`newsletter evaluate`: its options and its help; the work is in `evaluating`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from newsletter.cli.app import app, session_of

_BUDGET: Final = 0.1


class MethodName(StrEnum):
    """What ranks: the words of `RankingMethod`, without the time it takes to load the workflows."""

    DEFAULT = "default"
    BM25 = "bm25"
    MEANING = "meaning"
    STATIC = "static"


@app.command()
def evaluate(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="With docs.jsonl, queries.jsonl and qrels.tsv."),
    ],
    method: Annotated[
        MethodName, typer.Option(help="What ranks: default is what letters do.")
    ] = MethodName.DEFAULT,
    likes: Annotated[
        bool, typer.Option("--likes", help="Learn from users.json instead of asking queries.")
    ] = False,
    budget: Annotated[
        float,
        typer.Option(min=0.001, max=100, help="Entries off the topic per letter, as promised."),
    ] = _BUDGET,
) -> None:
    """Measure how good matching is on a collection with judgements; needs no config.

    nDCG@10, precision@10 and recall@50, and how many entries off the topic a letter would show.
    """
    if not likes:
        from newsletter.cli.evaluating import run_evaluate

        run_evaluate(session_of(context), folder, method.value, budget)
    elif method is MethodName.DEFAULT:
        from newsletter.cli.evaluating_likes import run_evaluate_likes

        run_evaluate_likes(session_of(context), folder)
    else:
        message = "likes are learned from in one way; leave --method out"
        raise typer.BadParameter(message, param_hint="--method")
