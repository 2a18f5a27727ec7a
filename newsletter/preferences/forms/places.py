"""Which field of the form a problem of the document belongs to."""

from collections.abc import Iterable, Mapping

from newsletter.model import Problem
from newsletter.preferences.forms.form import FACETS, LISTS, RHYTHM, TOPICS, Form


def by_field(problems: Iterable[Problem], form: Form) -> Mapping[str, tuple[Problem, ...]]:
    """Return the problems by the name of their field; "" for those that no field shows."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(_field(problem.key, form), []).append(problem)
    return {name: tuple(some) for name, some in found.items()}


def _field(key: str, form: Form) -> str:
    first, _, rest = key.partition(".")
    if first == TOPICS:
        return _of_topic(rest, form)
    if key in {"send", "send.day"} or key.startswith(RHYTHM):
        return RHYTHM
    if key in FACETS:
        return key
    return next((one for one in LISTS if key.startswith(f"{one}.")), "")


def _of_topic(rest: str, form: Form) -> str:
    place, _, inner = rest.partition(".")
    for number, row in enumerate(form.topics.own):
        if row.place is not None and place == str(row.place + 1):
            return f"own.{number}.{inner if inner in {'query', 'about', 'weight'} else 'name'}"
    return TOPICS
