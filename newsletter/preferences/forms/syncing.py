"""A form and a document side by side: either was changed, or both, and they are made to agree."""

from dataclasses import dataclass, replace
from enum import StrEnum

from newsletter.errors import PreferencesError
from newsletter.preferences.forms.form import TOPICS, Form, Topics, changed_facets
from newsletter.preferences.forms.reading import FormReader
from newsletter.preferences.forms.writing import write_form
from newsletter.preferences.schema.surroundings import folded


class Side(StrEnum):
    """Whose word counts where both sides say something else."""

    FORM = "form"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Synced:
    """Both sides after they were brought together.

    `agreed` is the text that both said last: what differs from it was changed. `asks` are the keys under
    which both sides were changed, each to something else; `trouble` says why the form could not be
    written into the text. With one of these both sides are as they were sent.
    """

    text: str
    agreed: str
    form: Form
    asks: tuple[str, ...] = ()
    trouble: str = ""
    said_by_yaml: Form | None = None
    """The form of the text, where the sides contradict each other."""

    @property
    def is_settled(self) -> bool:
        """Whether both sides say the same, or the text alone was changed and cannot be read."""
        return not self.asks and not self.trouble


def bring_together(
    agreed: str, text: str, sent: Form, reader: FormReader, *, prefer: Side | None = None
) -> Synced:
    """Return both sides made to agree: `text` and `sent` began as `agreed` and its form.

    What only one of them changed counts, whichever it is. `agreed` is a document that can be read;
    raises PreferencesError for another.
    """
    before = reader.read(agreed)
    if before is None:
        message = "the document that the form was made of cannot be read"
        raise PreferencesError(message)
    if text == agreed:
        return _written(agreed, agreed, before, sent, reader)
    changed = changed_facets(before, sent)
    now = reader.read(text)
    if now is None:
        return _unreadable(agreed, text, before, sent, reader, prefer)
    asks = tuple(
        key
        for key in changed
        if before.facet(key) != now.facet(key) != sent.facet(key)
        and not (key == TOPICS and _say_the_same(now.topics, sent.topics))
    )
    if asks and prefer is None:
        return Synced(text, agreed, sent, asks, said_by_yaml=now)
    wanted = [key for key in changed if not (key in asks and prefer is Side.YAML)]
    if TOPICS in wanted and now.topics != before.topics:
        sent = replace(sent, topics=_at_places_of(sent.topics, now.topics))
    return _written(text, agreed, now, now.with_facets_of(sent, wanted), reader)


def _written(text: str, agreed: str, before: Form, after: Form, reader: FormReader) -> Synced:
    try:
        new = write_form(text, before, after, reader)
    except PreferencesError as error:
        return Synced(text, agreed, after, trouble=str(error).partition("\n")[0])
    return Synced(new, new, reader.read(new) or after)


def _unreadable(
    agreed: str, text: str, before: Form, sent: Form, reader: FormReader, prefer: Side | None
) -> Synced:
    if prefer is Side.FORM:
        return _written(agreed, agreed, before, sent, reader)
    if before == sent or prefer is Side.YAML:
        return Synced(text, agreed, before)
    trouble = "the YAML has a line that cannot be read, so the form cannot be written into it"
    return Synced(text, agreed, sent, trouble=trouble)


def _say_the_same(one: Topics, other: Topics) -> bool:
    return one.chosen == other.chosen and _placeless(one) == _placeless(other)


def _placeless(topics: Topics) -> list[tuple[str, ...]]:
    return [(row.name, row.query, row.about, row.weight) for row in topics.own]


def _at_places_of(topics: Topics, now: Topics) -> Topics:
    """Return topics with the places that those of the same name have in another list."""
    places = {folded(row.name): row.place for row in now.own}
    own = tuple(replace(row, place=places.get(folded(row.name))) for row in topics.own)
    return replace(topics, own=own)
