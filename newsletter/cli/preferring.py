"""The work of `newsletter preferences show|check|diff|schema`: look, and change nothing."""

import json
import sys
from pathlib import Path

import typer

from newsletter.bootstrap import (
    Account,
    account_of,
    check_documents,
    coming_slots,
    open_newsroom,
    schema_for,
    topics_of,
)
from newsletter.cli.preferences_views import (
    changes_text,
    marked,
    next_letters,
    slot_records,
    topic_records,
    unwritten,
)
from newsletter.cli.records import problem_record
from newsletter.cli.session import JsonValue, Session, read_moment
from newsletter.cli.tables import plain_table
from newsletter.errors import ExitCode, PreferencesError
from newsletter.model import Preferences
from newsletter.preferences import differences
from newsletter.rules.addresses import address_key

_STANDARD_INPUT = Path("-")


def run_show(session: Session, address: str, now: str | None) -> None:
    """Show a document with every default, the next slots and the topics."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        account = account_of(room, address)
        preferences = account.preferences
        slots = coming_slots(room, account.person, preferences)
        topics = topics_of(room, preferences) if preferences else ()
    for problem in account.problems:
        session.notice(str(problem))
    if account.problems and preferences:
        session.notice("The document has a mistake; the last good one is shown: it stays in force.")
    text = marked(preferences, account.written) if preferences else ""
    if session.wants_json:
        session.write_json(
            {
                "address": str(preferences.email) if preferences else str(account.key),
                "state": account.person.state if account.person else None,
                "place": account.written.place if account.written else None,
                "document": text,
                "defaults": list(unwritten(preferences, account.written)) if preferences else [],
                "next_slots": slot_records(slots),
                "topics": topic_records(topics),
                "problems": [problem_record(one) for one in account.problems],
            }
        )
        return
    session.say(_head(account))
    session.say(f"\n{text}" if preferences else "There is no document that could be in force.")
    session.say(next_letters(account, slots))
    rows = [(one.title, one.name, f"{one.weight:g}") for one in topics]
    if preferences and rows:
        title = "Topics" if preferences.topics else "Topics (the default ones of the newsletter)"
        session.say()
        session.say(plain_table(title, ("Title", "Name", "Weight"), rows))


def _head(account: Account) -> str:
    place = account.written.place if account.written else "no document stands anywhere now"
    state = account.person.state if account.person else "not taken over yet"
    return f"{account.key}: {state}; {place}"


def run_check(session: Session, files: tuple[Path, ...]) -> None:
    """List every problem of documents; those of the store where no file is named."""
    if files:
        paths = tuple(path for path in files if path != _STANDARD_INPUT)
        text = sys.stdin.buffer.read() if _STANDARD_INPUT in files else None
        found = check_documents(session.config_path, paths, text)
    else:
        with open_newsroom(session.config_path) as room:
            found = room.preferences.read()
    for problem in found.problems:
        session.say(str(problem))
    if session.wants_json:
        session.write_json({"problems": [problem_record(one) for one in found.problems]})
    count = len(found.documents)
    if found.problems:
        raise typer.Exit(ExitCode.DATA)
    session.say(f"All is well: {count} document{'' if count == 1 else 's'}.")


def run_diff(session: Session, address: str, file: Path | None, now: str | None) -> None:
    """Tell what a document would change."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        account = account_of(room, address)
        new = _document_in(session, file, account) if file else _standing(account)
        old = account.in_force or (account.valid if file else None)
        before = coming_slots(room, account.person, old, count=1)
        after = coming_slots(room, account.person, new, count=1)
    changes = differences(old, new) if old else ()
    if session.wants_json:
        session.write_json(
            {
                "address": str(account.key),
                "in_force": account.in_force is not None,
                "changes": [
                    {"key": one.key, "before": one.before, "after": one.after} for one in changes
                ],
                "next_slot": {
                    "before": next(iter(slot_records(before)), None),
                    "after": next(iter(slot_records(after)), None),
                },
            }
        )
        return
    if old is None:
        session.say("Nothing is in force for this address yet: all of the document is new.")
    session.say(changes_text(changes, before, after))


def _standing(account: Account) -> Preferences:
    if account.valid is None:
        said = "\n".join(map(str, account.problems)) or f"{account.key}: has no document now"
        raise PreferencesError(said)
    return account.valid


def _document_in(session: Session, file: Path, account: Account) -> Preferences:
    """Return the person's document in a file, which may hold others; `-` is standard input."""
    is_input = file == _STANDARD_INPUT
    text = sys.stdin.buffer.read() if is_input else None
    reading = check_documents(session.config_path, () if is_input else (file,), text)
    for document in reading.documents:
        if address_key(document.preferences.email) == account.key:
            return document.preferences
    said = "\n".join(map(str, reading.problems))
    raise PreferencesError(said or f"{file}: holds no document of {account.key}")


def run_schema(session: Session, output: Path | None) -> None:
    """Write the JSON Schema."""
    schema: JsonValue = schema_for(session.config_path)
    text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    session.notice(f"Written to {output}. Begin a document with this line:")
    session.notice(f"# yaml-language-server: $schema={output.resolve().as_uri()}")
