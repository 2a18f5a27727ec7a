"""How sure it is that an entry answers a topic, for people and for programs."""

from collections.abc import Sequence

from rich.table import Table

from newsletter.cli.session import JsonValue
from newsletter.cli.tables import plain_table
from newsletter.workflows import Gated


def gate_table(gates: Sequence[Gated]) -> Table:
    """Return how each topic with `about` came to its decision."""
    rows = [
        (
            one.topic,
            "unknown" if one.chance is None else f"{one.chance:.2g}",
            str(one.asked),
            "too few entries to tell" if one.expected is None else f"{one.expected:.2g}",
            f"{one.budget:.2g}",
            "shown" if one.is_shown else "too unsure",
        )
        for one in gates
    ]
    heads = ("Topic", "By chance", "Entries asked", "Expected off topic", "Budget", "So it is")
    return plain_table("How sure", heads, rows)


def gate_record(one: Gated) -> JsonValue:
    """Return the same for a program."""
    return {
        "topic": one.topic,
        "chance": one.chance,
        "asked": one.asked,
        "expected": one.expected,
        "budget": one.budget,
        "shown": one.is_shown,
    }
