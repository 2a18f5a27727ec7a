"""`newsletter worker`: its options and help; the work is in `working`."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of
from newsletter.cli.commands import Now


@app.command()
def worker(
    context: typer.Context,
    until_empty: Annotated[
        bool,
        typer.Option(
            "--until-empty", help="End when nothing is left, or when standard input ends."
        ),
    ] = False,
    queues: Annotated[
        str | None,
        typer.Option(
            help="On PostgreSQL: take jobs from these alone: people, letters, plans, sources, upkeep.",
            metavar="NAME,…",
        ),
    ] = None,
    concurrency: Annotated[
        int,
        typer.Option(min=1, max=64, help="On PostgreSQL: so many plans and pulls at once."),
    ] = 2,
    metrics: Annotated[
        str | None,
        typer.Option(
            help="Show numbers for Prometheus at /metrics, and /healthz; port 0 takes a free one.",
            metavar="[HOST:]PORT",
        ),
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option(
            help="Plan for the people with ids between these, then end: `send` starts such processes.",
            metavar="ABOVE:BELOW",
        ),
    ] = None,
    exchange: Annotated[
        Path | None,
        typer.Option(
            help="With --plan: where planners tell each other what they learned of topics.",
            metavar="FOLDER",
        ),
    ] = None,
    now: Now = None,
) -> None:
    """Work beside others: deliver what waits, and on PostgreSQL do all jobs of any number of machines.

    On SQLite it delivers (with --plan it plans); `send` and `serve` start as many as `delivery.workers`
    allows. On PostgreSQL it plans, pulls, answers and delivers, as many of them as you start on as many
    machines as you like.
    With --json: one line for each try that ended. Ends within ten seconds after SIGTERM.
    """
    from newsletter.cli.working import Hiring, run_worker

    run_worker(
        session_of(context), now, Hiring(until_empty, queues, concurrency, metrics, plan, exchange)
    )
