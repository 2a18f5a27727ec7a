"""The work of `newsletter likes …`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from newsletter.bootstrap import Newsroom, documented, liking, open_newsroom, read_library
from newsletter.cli.records import moment
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table
from newsletter.errors import ExitCode
from newsletter.model import EntryId, Subscriber
from newsletter.workflows import (
    Liked,
    TakenIn,
    find_entries,
    forget_likes,
    likes_of,
    suggest_authors,
    take_library,
)

_SHOWN_PROBLEMS: Final = 20
_WORDS: Final = {1: "more", -1: "less"}


def run_show(session: Session, address: str) -> None:
    """Show the votes of a subscriber."""
    with open_newsroom(session.config_path) as room:
        person = documented(room, address)
        found = likes_of(person.id, liking(room))
    learns = _learns(person)
    if session.wants_json:
        session.write_json({"learn": learns, "votes": [_record(one) for one in found]})
        return
    if not found:
        session.say(f"{person.address} has neither liked nor disliked an entry.")
        return
    headings = ("Vote", "Since (UTC)", "Entry", "Title")
    rows = [
        (_WORDS[one.vote], f"{one.voted_at:%Y-%m-%d %H:%M}", one.entry, one.title or "(forgotten)")
        for one in found
    ]
    session.say(plain_table("Likes", headings, rows, headings[:3]))
    if not learns:
        session.say("They change nothing: the preferences say “entries.learn: false”.")


def run_vote(session: Session, address: str, named: Sequence[str], vote: int) -> None:
    """Keep a vote for each of some entries; none where one is not stored."""
    with open_newsroom(session.config_path) as room:
        person = documented(room, address)
        entries = _stored(session, named, room)
        room.votes.vote_all(person.id, entries, vote, now=room.clock.now())
        known = room.entries.get(entries)
    for entry in entries:
        session.say(f"{_WORDS[vote].capitalize()} like {entry}: {known[entry].content.title}")
    if session.wants_json:
        session.write_json({"vote": vote, "entries": list(entries)})


def run_forget(session: Session, address: str, named: Sequence[str], *, is_certain: bool) -> None:
    """Forget votes, all of them once somebody says that this is meant."""
    with open_newsroom(session.config_path) as room:
        person = documented(room, address)
        if not named and not is_certain:
            question = f"Forget all that {person.address} liked and disliked"
            typer.confirm(question, abort=True, err=True)
        entries = _named(named, room) if named else None
        count = forget_likes(person.id, entries, liking(room))
    votes = "1 vote" if count == 1 else f"{count:,} votes"
    session.say(f"Forgotten: {votes} of {person.address}.")
    if session.wants_json:
        session.write_json({"forgotten": count})


def run_import(session: Session, address: str, path: Path) -> None:
    """Vote for the papers of a reference manager."""
    library = read_library(path)
    with open_newsroom(session.config_path) as room:
        person = documented(room, address)
        taken = take_library(person.id, library.papers, 1, liking(room))
    unknown = [f"{path}: {place}: is not stored, and tells no title" for place in taken.unknown]
    problems = [*library.problems, *unknown]
    if session.wants_json:
        session.write_json(_taken_record(taken, problems))
    for problem in problems[:_SHOWN_PROBLEMS]:
        session.notice(problem)
    if len(problems) > _SHOWN_PROBLEMS:
        session.notice(f"{path}: and {len(problems) - _SHOWN_PROBLEMS} more problems")
    _say_taken(session, person, taken)
    if not (taken.found or taken.added):
        raise typer.Exit(ExitCode.DATA)


def run_suggest(session: Session, address: str) -> None:
    """Name authors to follow, with the lines that follow them."""
    with open_newsroom(session.config_path) as room:
        person = documented(room, address)
        follow = person.preferences.follow if person.preferences else None
        followed = follow.authors if follow else ()
        found = suggest_authors(person.id, followed, liking(room))
    if session.wants_json:
        session.write_json({"authors": [{"name": name, "liked": count} for name, count in found]})
        return
    if not found:
        session.say("No author of two liked entries is left to follow.")
        return
    rows = [(name, str(count)) for name, count in found]
    session.say(plain_table("Authors", ("Name", "Liked entries"), rows))
    listed = ", ".join(json.dumps(name, ensure_ascii=False) for name in (*followed, *_first(found)))
    session.say("To follow them, write into the document:\n")
    session.say(f"follow:\n  authors: [{listed}]")


def _first(found: Sequence[tuple[str, int]]) -> list[str]:
    return [name for name, _ in found]


def _learns(person: Subscriber) -> bool:
    return person.preferences is None or person.preferences.learns


def _named(named: Sequence[str], room: Newsroom) -> list[EntryId]:
    """Return entries by what people call them; one that is not stored by what was written."""
    found = find_entries(named, liking(room))
    return [entry or EntryId(text) for text, entry in found.items()]


def _stored(session: Session, named: Sequence[str], room: Newsroom) -> list[EntryId]:
    """Return stored entries; exit with 65 where one is not."""
    found = find_entries(named, liking(room))
    unknown = [text for text, entry in found.items() if entry is None]
    for text in unknown:
        session.notice(
            f"{text}: is not stored; `newsletter likes import` takes papers that no source announced"
        )
    if unknown:
        raise typer.Exit(ExitCode.DATA)
    return [entry for entry in found.values() if entry]


def _say_taken(session: Session, person: Subscriber, taken: TakenIn) -> None:
    every = len(taken.found) + len(taken.added)
    papers = "1 paper" if every == 1 else f"{every:,} papers"
    session.say(
        f"{person.address} likes {papers}: {len(taken.found):,} stored before, "
        f"{len(taken.added):,} known from now on."
    )
    if taken.by_title_alone:
        session.say(f"{taken.by_title_alone:,} of them teach by their title alone: no abstract.")
    if not _learns(person):
        session.say("They change nothing: the preferences say “entries.learn: false”.")


def _record(one: Liked) -> JsonValue:
    return {
        "entry": one.entry,
        "vote": one.vote,
        "voted_at": moment(one.voted_at),
        "title": one.title or None,
    }


def _taken_record(taken: TakenIn, problems: Sequence[str]) -> JsonValue:
    return {
        "found": list(taken.found),
        "added": list(taken.added),
        "by_title_alone": taken.by_title_alone,
        "problems": list(problems),
    }
