"""The work of `newsletter preferences edit`: with an editor, or with `--set` and `--unset`."""

import os
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import typer

from newsletter.bootstrap import (
    Account,
    account_of,
    checked,
    coming_slots,
    open_newsroom,
    write_document,
)
from newsletter.cli.preferences_views import changes_text, next_letters, slot_records
from newsletter.cli.records import problem_record
from newsletter.cli.session import Session, read_moment
from newsletter.errors import ExitCode, NewsletterError, PreferencesError, UnknownSubscriberError
from newsletter.model import Preferences, Problem
from newsletter.preferences import (
    Change,
    differences,
    document_file_name,
    edit,
    read_removal,
    read_setting,
)

_BANNER: Final = "# ! "
"""Begins the lines on top of a draft that name its mistakes; they are taken out again."""
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class EditWish:
    """What was asked for on the command line."""

    address: str
    settings: tuple[str, ...] = ()
    removals: tuple[str, ...] = ()
    editor: str | None = None
    now: str | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of `--set` and `--unset`, in this order."""
        return (*map(read_setting, self.settings), *map(read_removal, self.removals))


def run_edit(session: Session, wish: EditWish) -> None:
    """Edit one document and tell what changed."""
    account = _account(session, wish)
    text = account.written.text if account.written else ""
    changes = wish.changes
    if not changes:
        _edit_draft(session, wish, account, text)
        return
    for tries in range(_TRIES):
        try:
            _write(session, wish, account, edit(text, *changes))
        except PreferencesError:
            account = _account(session, wish)
            present = account.written.text if account.written else ""
            if present == text or tries == _TRIES - 1:
                raise
            text = (
                present  # somebody else wrote meanwhile: the same change on what stands there now
            )
        else:
            return


def _account(session: Session, wish: EditWish) -> Account:
    with open_newsroom(session.config_path, now=read_moment(wish.now)) as room:
        account = account_of(room, wish.address)
    if account.written is None:
        message = f"{wish.address}: has no document of its own that could be edited"
        raise UnknownSubscriberError(
            f"{message}; `newsletter subscribers add {wish.address}` makes one, "
            "`newsletter check` names one with a mistake"
        )
    return account


def _write(session: Session, wish: EditWish, account: Account, new: str) -> None:
    """Write the new text and report; with mistakes nothing is written, and the command ends."""
    old = account.written.text if account.written else None
    known = account.preferences
    with open_newsroom(session.config_path, now=read_moment(wish.now)) as room:
        found = checked(room, account.key, new)
        if not isinstance(found, Preferences):
            _refuse(session, found)
        preferences = account.valid if new == old else None
        if preferences is None:
            preferences = write_document(room, account.key, new, expected=old)
        account = account_of(room, wish.address)
        slots = coming_slots(room, account.person, preferences)
    changes = differences(known, preferences) if known else ()
    if session.wants_json:
        place = account.written.place if account.written else None
        session.write_json(
            {
                "address": str(account.key),
                "place": place,
                "written": new != old,
                "changes": [
                    {"key": one.key, "before": one.before, "after": one.after} for one in changes
                ],
                "next_slots": slot_records(slots),
            }
        )
        return
    if new != old and account.written:
        session.say(f"Written to {account.written.place}.")
    session.say(changes_text(changes, (), ()))
    session.say(next_letters(account, slots))


def _refuse(session: Session, problems: tuple[Problem, ...]) -> NoReturn:
    for problem in problems:
        session.notice(str(problem))
    session.notice("Nothing was written.")
    if session.wants_json:
        session.write_json({"problems": [problem_record(one) for one in problems]})
    raise typer.Exit(ExitCode.DATA)


def _edit_draft(session: Session, wish: EditWish, account: Account, text: str) -> None:
    """Let somebody edit a private copy, in a folder that its owner alone can enter, and write it.

    The draft is kept, and named, whenever what was typed did not get to its place.
    """
    folder = Path(tempfile.mkdtemp(prefix="newsletter-"))
    draft = folder / document_file_name(account.key)
    new = _edited(session, wish, account, text, draft)
    try:
        _write(session, wish, account, new)
    except NewsletterError as error:
        message = f"{error}\nThe draft is kept: {draft}"
        raise PreferencesError(message) from error
    except typer.Exit:  # it has mistakes and was left as it stood: there is nothing to keep
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _edited(session: Session, wish: EditWish, account: Account, text: str, draft: Path) -> str:
    """Return what somebody made of `text` in an editor, free of mistakes or unchanged."""
    problems = _problems(session, wish, account, text)
    shown = text
    while True:
        opened = _banner(problems) + shown
        draft.write_bytes(opened.encode())
        failure = _open(wish, draft)
        if failure:
            _keep(draft, failure)
        closed = _read(draft)
        shown = _without_banner(closed)
        if shown == text:
            break
        problems = _problems(session, wish, account, shown)
        if not problems:
            break
        if closed == opened:
            for problem in problems:
                session.notice(str(problem))
            _keep(draft, "the draft still has mistakes")
    return shown


def _problems(session: Session, wish: EditWish, account: Account, text: str) -> tuple[Problem, ...]:
    with open_newsroom(session.config_path, now=read_moment(wish.now)) as room:
        found = checked(room, account.key, text)
    return () if isinstance(found, Preferences) else found


def _read(draft: Path) -> str:
    try:
        return draft.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        _keep(draft, "the draft is no UTF-8 text now")


def _keep(draft: Path, why: str) -> NoReturn:
    message = f"{why}; nothing was written. The draft is kept: {draft}"
    raise PreferencesError(message)


def _open(wish: EditWish, draft: Path) -> str | None:
    """Let a person edit the draft; return what failed."""
    command = wish.editor or os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(command), str(draft)], check=False)
    except (OSError, ValueError) as error:
        return f"the editor {command!r} cannot be started ({error}); name another with --editor"
    return f"the editor ended with code {done.returncode}" if done.returncode else None


def _banner(problems: tuple[Problem, ...]) -> str:
    """Return the mistakes as comments; their lines count in the draft, with these lines on top."""
    if not problems:
        return ""
    below = len(problems) + 2
    lines = [
        "This has mistakes. Mend them and save, or close without a change to stop.",
        *(_told(one, below) for one in problems),
        "These lines on top are taken out again.",
    ]
    return "".join(f"{_BANNER}{line}\n" for line in lines)


def _told(problem: Problem, below: int) -> str:
    place = f"line {problem.line + below}: " if problem.line else ""
    key = f"{problem.key}: " if problem.key else ""
    remedy = f"; {problem.suggestion}" if problem.suggestion else ""
    return " ".join(f"{place}{key}{problem.message}{remedy}".split())


def _without_banner(text: str) -> str:
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith(_BANNER):
        lines.pop(0)
    return "".join(lines)
