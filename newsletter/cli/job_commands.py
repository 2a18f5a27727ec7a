"""`newsletter jobs`: its options and help; the work is in `jobs`."""

from typing import Annotated

import typer

from newsletter.cli.app import app, session_of


@app.command()
def jobs(
    context: typer.Context,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that failed.")] = False,
    retry: Annotated[
        list[int] | None,
        typer.Option(
            min=1, max=2**63 - 1, metavar="ID", help="Try this failed job again; may be repeated."
        ),
    ] = None,
    drop: Annotated[
        list[int] | None,
        typer.Option(
            min=1,
            max=2**63 - 1,
            metavar="ID",
            help="Forget this job that failed or waits; may be repeated.",
        ),
    ] = None,
) -> None:
    """Show the jobs that workers share on PostgreSQL, or try or drop some that failed.

    To drop one loses nothing but time: what is due is looked for again within seconds. Exit code 65
    where there is no such job, 78 where jobs are not shared.
    """
    from newsletter.cli.jobs import run_jobs_shown

    run_jobs_shown(session_of(context), retry or [], drop or [], only_failed=failed)
