"""The work of `newsletter check`."""

import typer

from newsletter.bootstrap import check_all
from newsletter.cli.records import problem_record
from newsletter.cli.session import Session
from newsletter.errors import ExitCode


def run_check(session: Session) -> None:
    """Show every problem, then exit with the code that names the gravest."""
    found = check_all(session.config_path)
    if session.wants_json:
        session.write_json(
            {
                "problems": [problem_record(one) for one in (*found.config, *found.documents)],
                "warnings": [problem_record(one) for one in found.warnings],
                "documents": found.document_count,
            }
        )
    for problem in (*found.config, *found.documents):
        session.say(str(problem))
    for warning in found.warnings:
        session.say(f"{warning} (warning)")
    if not (found.config or found.documents):
        session.say(f"All is well: the config and {found.document_count} documents.")
    if found.config:
        raise typer.Exit(ExitCode.CONFIG)
    if found.documents:
        raise typer.Exit(ExitCode.DATA)
