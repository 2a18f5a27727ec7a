"""Answers to questions that change nothing: commands, topics, status, why, and all that is stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from newsletter.model import (
    Answer,
    Block,
    CatalogueTopic,
    DocumentBlock,
    Listing,
    Paragraph,
    Silence,
    SlotRecord,
    Subscriber,
    SubscriptionState,
)
from newsletter.rules.answering.explaining import explain_to_reader
from newsletter.rules.answering.office import Office, write_subject_line
from newsletter.rules.answering.present import Present, outlook
from newsletter.rules.answering.times import write_cadence, write_local_date
from newsletter.rules.commands import COMMANDS, CommandForm
from newsletter.rules.composing import join_words, shorten, tidy, write_date

_LINE_CHARACTERS: Final = 160
_SHORT_EXAMPLE: Final = 24
_NO_BREAK: Final = "\u00a0"
MOST_EXPORTED: Final = 400_000
"""Characters of an export: with its encoding a message stays under 1 MB."""
_PREFERENCES: Final = Paragraph("And these are your preferences:")


def explain_commands(office: Office, commands: Iterable[CommandForm] = COMMANDS) -> Answer:
    """Answer `help`: every command and what it does."""
    return Answer(
        subject=write_subject_line(f"{office.short_name}: what you can write to us"),
        headline="What you can write to us",
        blocks=(
            Paragraph(
                "Write one of these on a line of its own, in the subject or in the text. Small or "
                "capital letters make no difference, and a “please” does no harm."
            ),
            Listing(tuple((_shapes(form), _use(form)) for form in commands)),
            Paragraph(
                f"Send it to {office.address}, or reply to any of our mails. For everything else, a "
                f"person reads {office.owner}."
            ),
        ),
        reason=office.because_written,
    )


def list_topics(
    office: Office,
    offered: Sequence[CatalogueTopic],
    week_counts: Mapping[str, int] = MappingProxyType({}),
) -> Answer:
    """Answer `topics`: the catalogue, a line each, with the entries of the last week where counted.

    The same for subscribers and strangers. `week_counts` goes by the name of a topic.
    """
    rows = tuple((one.topic.name, _topic_line(one, week_counts)) for one in offered)
    return Answer(
        subject=write_subject_line(f"{office.short_name}: what you can follow"),
        headline=f"{len(rows)} topics to choose from" if len(rows) > 1 else "What you can follow",
        blocks=(
            Listing(rows) if rows else Paragraph("No topics are prepared. Use words of your own."),
            Paragraph(
                "To get letters on some of them, reply with “subscribe” and their names, with commas "
                "between. If letters come to you already, “add” and a name adds one."
            ),
            Paragraph("Words of your own do as well; “quoted words” are looked for as they stand."),
        ),
        reason=office.because_written,
    )


def tell_status(
    office: Office,
    person: Subscriber,
    present: Present,
    last: SlotRecord | None = None,
    votes: Sequence[int] = (),
) -> Answer:
    """Answer `status`: consent, schedule, votes (each 1 or -1), the last slot and the next ones."""
    return Answer(
        subject=write_subject_line(f"How things stand with {office.short_name}"),
        headline="How things stand",
        blocks=(Listing(tuple(_standing(person, last, votes))), *outlook(present)),
        reason=office.because_written,
    )


def explain_silence(office: Office, on: date, silence: Silence | None) -> Answer:
    """Answer `why`: why nothing came on a local day; None where a letter was handed over."""
    if silence is None:
        said: tuple[str, ...] = (
            "A letter of that day was handed to your mail provider, which took it.",
            "If you cannot find it, have a look among the mails that were sorted out as spam.",
        )
    else:
        said = explain_to_reader(silence, office.owner)
    return Answer(
        subject=write_subject_line(f"{office.short_name}: about {write_date(on)}"),
        headline=f"About {write_date(on)}",
        blocks=tuple(Paragraph(sentence) for sentence in said),
        reason=office.because_written,
    )


def hand_over_data(office: Office, sections: Sequence[Listing], document: str | None) -> Answer:
    """Answer `export`: everything that is stored, in this very mail; nothing is attached.

    What goes beyond 400,000 characters is counted, and had from the owner.
    """
    return Answer(
        subject=write_subject_line(f"All that {office.short_name} knows about you"),
        headline="All that is stored about you",
        blocks=(
            Paragraph(
                "Nothing is attached: it all stands here. To have it removed, reply with the word "
                "“erase”."
            ),
            *_sections(sections, office),
            *((_PREFERENCES, DocumentBlock(document)) if document else ()),
        ),
        reason=office.because_written,
    )


def _shapes(form: CommandForm) -> str:
    return " · ".join(form.shapes)


def _use(form: CommandForm) -> str:
    examples = [example for example in form.examples if example not in form.shapes]
    if not examples:
        return form.sentence
    return f"{form.sentence} For example:{' ·'.join(map(_held_together, examples))}"


def _held_together(example: str) -> str:
    """Return an example that begins no line, nor ends one too soon: alone on it, it would be obeyed.

    A mail program that does not mark what it quotes sends our own words back to us.
    """
    count = -1 if len(example) <= _SHORT_EXAMPLE else 1
    return _NO_BREAK + example.replace(" ", _NO_BREAK, count)


def _topic_line(offered: CatalogueTopic, week_counts: Mapping[str, int]) -> str:
    topic = offered.topic
    parts = [shorten(tidy(topic.title), _LINE_CHARACTERS)]
    count = week_counts.get(topic.name)
    if count is not None:
        parts.append("1 entry last week" if count == 1 else f"{count:,} entries last week")
    if offered.is_default:
        parts.append("for all who name no topic")
    return ", ".join(parts)


def _standing(
    person: Subscriber, last: SlotRecord | None, votes: Sequence[int]
) -> Iterator[tuple[str, str]]:
    preferences = person.preferences
    zone = preferences.cadence.timezone if preferences else "UTC"
    since = write_local_date(person.since_at, zone)
    match person.state:
        case SubscriptionState.CONFIRMED:
            confirmed = write_local_date(person.confirmed_at or person.since_at, zone)
            yield "Subscription", f"confirmed on {confirmed}"
        case SubscriptionState.PENDING:
            yield "Subscription", f"waits for your word since {since}"
        case _:
            yield "Subscription", f"ended on {since}"
    if preferences:
        size = f"at most {preferences.at_most} entries each"
        yield "Letters", f"{write_cadence(preferences.cadence)}, {size}"
        titles = [shorten(tidy(topic.title), _LINE_CHARACTERS) for topic in preferences.topics]
        yield "Topics", join_words(titles) or "none named"
    if votes:
        yield "Votes", _counted(votes, is_learning=not preferences or preferences.learns)
    if preferences and preferences.pause_until:
        yield "Pause", f"until {write_date(preferences.pause_until)}"
    if person.suppression:
        yield "Held", "mail to your address came back, so no letters are sent"
    if last:
        yield "Last letter day", _last(last)


def _counted(votes: Sequence[int], *, is_learning: bool) -> str:
    liked = sum(vote > 0 for vote in votes)
    said = f"more like {liked:,} entries, less like {len(votes) - liked:,}"
    return said if is_learning else f"{said}; they change nothing, for you wrote “learn: false”"


def _last(last: SlotRecord) -> str:
    day = write_date(last.slot.local_date)
    if last.silence is None:
        return f"{day}, with a letter"
    return f"{day}, without a letter. {explain_to_reader(last.silence, None)[0]}"


def _sections(sections: Sequence[Listing], office: Office) -> Iterator[Block]:
    room = MOST_EXPORTED
    left_out = 0
    for section in sections:
        kept: list[tuple[str, str]] = []
        for row in section.rows:
            room -= len(row[0]) + len(row[1])
            if room >= 0:
                kept.append(row)
        left_out += len(section.rows) - len(kept)
        if kept:
            yield Listing(tuple(kept), section.title)
    if left_out:
        yield Paragraph(
            f"{left_out:,} more lines do not fit into a mail. Write to {office.owner} to get them."
        )
