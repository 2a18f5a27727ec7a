"""`newsletter check`: config, documents, topics and templates, all problems at once."""

import typer

from newsletter.bootstrap import check_all
from newsletter.cli.app import app, session_of
from newsletter.cli.records import problem_record
from newsletter.errors import ExitCode


@app.command()
def check(context: typer.Context) -> None:
    """Check config, subscribers' documents, topics and templates; list all problems at once.

    Exit code 78 when the config or a template cannot be used, else 65 when a subscriber's document
    cannot, else 0.
    """
    session = session_of(context)
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
