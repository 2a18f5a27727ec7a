"""The documents that were sent, the edits that people make in them, and what they mean by these."""

from collections.abc import Callable
from datetime import time
from functools import cache

from newsletter.model import (
    Cadence,
    CatalogueTopic,
    EmailAddress,
    Every,
    Follow,
    Preferences,
    Topic,
)
from newsletter.preferences import parse_documents, show

CATALOGUE = {
    topic.name: CatalogueTopic(topic)
    for topic in (
        Topic("reinforcement-learning", "Reinforcement learning", query="reinforcement learning"),
        Topic("robotics", "Robotics", query="robot*"),
        Topic("speech", "Speech", query="speech"),
    )
}
DEFAULTS = Preferences(email=EmailAddress(""))

SHOWN = show(
    Preferences(
        email=EmailAddress("ada@example.org"),
        name="Ada",
        cadence=Cadence(Every.WEEKDAY, time(7, 30), "Europe/Paris"),
        topics=(
            CATALOGUE["reinforcement-learning"].topic,
            Topic(
                "guardrails",
                "guardrails",
                query='"safety guardrail*" OR (jailbreak* AND title:policy)',
            ),
            Topic(
                "climate policy",
                "climate policy",
                about="machine learning that helps governments to plan climate policy and disaster relief",
                weight=2,
            ),
        ),
        follow=Follow(authors=("Jane Q. Researcher",), organizations=("nvidia", "amazon")),
        mute=("title:survey", "benchmark AND leaderboard"),
        at_most=10,
    )
)

OWN = """\
# What I want to read, and when.
email: ada@example.org
name: Ada

# On working days at half past seven in Paris, in summer and in winter, before the first meeting.
send:
  every: weekday  # day | weekday | week | month, or a list of days such as [mon, thu]
  at: "07:30"
  timezone: Europe/Paris

topics:
  - reinforcement-learning
  # one of my own
  - name: guardrails
    query: '"safety guardrail*" OR (jailbreak* AND title:policy)'

  - name: climate policy
    about: machine learning that helps governments to plan climate policy and disaster relief
    weight: 2

follow:
  authors: [Jane Q. Researcher]
  organizations: [nvidia, amazon]
mute:
  - 'title:survey'
  - "benchmark AND leaderboard"
entries:
  at_most: 10
  order: relevance
"""
SENT = {"shown": SHOWN, "own": OWN}


@cache
def meaning(text: str) -> Preferences:
    """Read a document that is valid."""
    reading = parse_documents(text, "reply", catalogue=CATALOGUE, defaults=DEFAULTS)
    assert not reading.problems, f"{[str(one) for one in reading.problems]}\n{text}"
    return reading.documents[0].preferences


@cache
def meaning_or_none(text: str) -> Preferences | None:
    """Read a document; None where the strict reader refuses it."""
    reading = parse_documents(text, "reply", catalogue=CATALOGUE, defaults=DEFAULTS)
    return reading.documents[0].preferences if not reading.problems else None


Edit = Callable[[str], str]


def put(old: str, new: str) -> Edit:
    """Edit the one place where `old` begins a line, up to the end of that line's value."""

    def edit(text: str) -> str:
        lines = text.split("\n")
        (at,) = [index for index, line in enumerate(lines) if line.strip().startswith(old)]
        lead = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines[at : at + 1] = [lead + one for one in new.split("\n")]
        return "\n".join(lines)

    return edit


def drop(*starts: str) -> Edit:
    def edit(text: str) -> str:
        return "\n".join(line for line in text.split("\n") if not line.strip().startswith(starts))

    return edit


def below(old: str, new: str) -> Edit:
    """Write lines below the line that begins with `old`, as they are."""

    def edit(text: str) -> str:
        lines = text.split("\n")
        (at,) = [index for index, line in enumerate(lines) if line.strip().startswith(old)]
        return "\n".join([*lines[: at + 1], *new.split("\n"), *lines[at + 1 :]])

    return edit


def both(*edits: Edit) -> Edit:
    def edit(text: str) -> str:
        for one in edits:
            text = one(text)
        return text

    return edit


def climate_first(text: str) -> str:
    """Move the topic about climate above the one about guardrails."""
    lines = text.split("\n")
    climate = next(i for i, line in enumerate(lines) if "name: climate" in line)
    guardrails = next(i for i, line in enumerate(lines) if "name: guardrails" in line)
    moved = lines[climate : climate + 3]
    return "\n".join(
        [*lines[:guardrails], *moved, *lines[guardrails:climate], *lines[climate + 3 :]]
    )


_LONG_QUERY = """\
  - name: alignment
    query: '"reward hacking" OR (deception AND "language model*") OR "specification gaming" OR author:Doe'"""

EDITS: dict[str, Edit] = {
    "cadence: day": put("every:", "every: day"),
    "cadence: week": put("every:", "every: week\nday: fri"),
    "cadence: days in a list": put("every:", "every: [mon, thu]"),
    "time": put("at:", 'at: "18:45"'),
    "time zone": put("timezone:", "timezone: America/New_York"),
    "add a topic by its name": below("- reinforcement-learning", "  - robotics"),
    "add a topic with a query": below(
        "- reinforcement-learning",
        """  - name: agents\n    query: '"tool use" OR (agent* AND title:"long horizon")'""",
    ),
    "add a topic with a long query": below("- reinforcement-learning", _LONG_QUERY),
    "add a topic in other letters": below(
        "- reinforcement-learning", "  - name: étude des océans 海洋\n    query: océan OR 海洋"
    ),
    "add a topic with a text": below(
        "- reinforcement-learning",
        "  - name: well-being\n    about: what helps people - old & young - to feel better, and why",
    ),
    "delete a topic": drop("- name: guardrails", "query:", "weight: 1"),
    "change a weight": put("weight: 2", "weight: 0.5"),
    "change a query": put(
        "query:", """query: '"safety guardrail*" OR (red-team* AND author:"O''Neil")'"""
    ),
    "change a text": put(
        "about:",
        "about: machine learning that helps cities to plan climate policy and disaster relief",
    ),
    "reorder": climate_first,
    "add to mute": below("- 'title:survey'", "  - title:workshop"),
    "at most": put("at_most:", "at_most: 5"),
    "add a comment": below("timezone:", "  # I moved in May"),
    "a list in one line": both(
        put("mute:", "mute: ['title:survey', \"benchmark AND leaderboard\"]"),
        drop("- 'title:survey'", '- "benchmark', "- benchmark"),
    ),
    "remove a key": drop("timezone:"),
    "empty a list": both(
        put("mute:", "mute: []"), drop("- 'title:survey'", '- "benchmark', "- benchmark")
    ),
    "follow somebody": put("authors:", "authors: [Jane Q. Researcher, José Núñez]"),
    "the name": put("name: Ada", "name: Ada Lovelace"),
    "order": put("order:", "order: newest"),
}
