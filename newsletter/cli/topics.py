"""The work of `newsletter topics …`: the catalogue, and how a query was understood."""

from collections.abc import Iterable
from typing import Final

import typer

from newsletter.bootstrap import Newsroom, index_anew, open_newsroom
from newsletter.cli.records import moment
from newsletter.cli.session import JsonValue, Session, read_moment
from newsletter.cli.tables import plain_table
from newsletter.errors import ExitCode, QueryError
from newsletter.model import Entry, Topic
from newsletter.preferences import Surroundings
from newsletter.rules.query import show_error
from newsletter.workflows import (
    QueryPart,
    TopicExplanation,
    TopicLine,
    TopicPorts,
    WordForms,
    explain_topic,
    list_topics,
)

_FORMS_SHOWN: Final = 8


def run_list(session: Session, now: str | None) -> None:
    """Show each topic of the catalogue with its entries a day and its followers."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        lines = list_topics(room.config.catalogue().values(), _ports(room))
    if session.wants_json:
        session.write_json({"topics": [_line_record(line) for line in lines]})
        return
    if not lines:
        session.say(
            "There are no topics to follow by name: write `catalogue: research` into the config."
        )
        return
    headings = ("Name", "Title", "Entries a day", "Followers", "Default")
    rows = [
        (
            line.offered.topic.name,
            line.offered.topic.title,
            f"{line.per_day:.1f}",
            str(line.followers),
            "yes" if line.offered.is_default else "",
        )
        for line in lines
    ]
    session.say(plain_table("Topics", headings, rows, unfolded={"Name"}))
    session.say("How one is understood: newsletter topics explain NAME")


def run_explain(session: Session, query: str, now: str | None) -> None:
    """Show how a query or a catalogue topic was understood; exit with 65 when it cannot be read."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        named = Surroundings(room.config.catalogue()).topic(query)
        topic = named or Topic(query, query, query=query)
        try:
            found = explain_topic(topic, _ports(room))
        except QueryError as error:
            _show_error(session, error)
            raise typer.Exit(ExitCode.DATA) from error
    if session.wants_json:
        session.write_json(_explanation_record(found, named))
        return
    _show_explanation(session, found, named)


def _ports(room: Newsroom) -> TopicPorts:
    return TopicPorts(room.entries, room.subscribers, room.clock, index_anew(room))


def _show_error(session: Session, error: QueryError) -> None:
    if session.wants_json:
        problem: JsonValue = {"message": str(error), "position": error.position}
        session.write_json({"query": error.query, "problem": problem})
    else:
        session.err.print(show_error(error), markup=False, soft_wrap=True)


def _show_explanation(session: Session, found: TopicExplanation, named: Topic | None) -> None:
    if named:
        session.say(f"{named.name}: {named.title}, a topic of the catalogue.")
    if found.spelling:
        session.say(f"Understood as: {found.spelling}\n")
        rows = [
            ("  " * part.depth + part.meaning, str(part.found), "\n".join(_forms(part)))
            for part in found.parts
        ]
        session.say(plain_table("Parts", ("Part", "Entries", "Words that count"), rows))
    if found.topic.about is not None:
        words = ", ".join(found.about_words) or "none: it says nothing that can be looked for"
        session.say(f"About: {found.topic.about}\nWords that count: {words}\n")
    session.say(_summary(found))
    for entry in found.examples:
        session.say(f"  {entry.content.title}")


def _summary(found: TopicExplanation) -> str:
    since = f"since {found.since:%Y-%m-%d}"
    if not found.entry_count:
        return f"No entries were stored {since}: run `newsletter collect` to try it on some."
    examples = ", for example:" if found.examples else "."
    return f"It finds {found.found} of {found.entry_count} entries stored {since}{examples}"


def _forms(part: QueryPart) -> Iterable[str]:
    for one in part.words:
        shown = ", ".join(one.forms[:_FORMS_SHOWN]) or "(in no entry)"
        more = len(one.forms) - _FORMS_SHOWN
        stem = f" (stem {one.stem})" if one.stem else ""
        yield f"{one.word}{stem}: {shown}" + (f" and {more} more" if more > 0 else "")


def _line_record(line: TopicLine) -> JsonValue:
    topic = line.offered.topic
    return {
        "name": topic.name,
        "title": topic.title,
        "query": topic.query,
        "about": topic.about,
        "default": line.offered.is_default,
        "found": line.found,
        "per_day": round(line.per_day, 2),
        "followers": line.followers,
    }


def _explanation_record(found: TopicExplanation, named: Topic | None) -> JsonValue:
    return {
        "topic": named.name if named else None,
        "query": found.topic.query,
        "about": found.topic.about,
        "understood": found.spelling,
        "about_words": list(found.about_words),
        "since": moment(found.since),
        "entries": found.entry_count,
        "found": found.found,
        "examples": _titles(found.examples),
        "parts": [_part_record(part) for part in found.parts],
    }


def _part_record(part: QueryPart) -> JsonValue:
    return {
        "depth": part.depth,
        "meaning": part.meaning,
        "understood": part.spelling,
        "found": part.found,
        "examples": _titles(part.examples),
        "words": [_word_record(one) for one in part.words],
    }


def _word_record(one: WordForms) -> JsonValue:
    return {"word": one.word, "stem": one.stem, "forms": list(one.forms)}


def _titles(entries: Iterable[Entry]) -> JsonValue:
    return [{"id": entry.id, "title": entry.content.title} for entry in entries]
