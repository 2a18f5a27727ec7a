"""The three forms in which arXiv's OAI-PMH writes a paper."""

from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import format_datetime
from typing import Final

from newsletter.testing.services.world import Paper, Person, Version
from newsletter.testing.services.xml_text import around, element

_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_GROUPS: Final = ("q-bio", "cs", "math", "stat", "eess", "econ", "q-fin")


def set_specs(paper: Paper) -> list[str]:
    """Return the sets of a paper, e.g. `cs:cs:LG`: group, archive, category."""
    specs = []
    for category in paper.categories:
        archive, _, part = category.partition(".")
        group = archive if archive in _GROUPS else "physics"
        specs.append(":".join([group, archive, part] if part else [group, archive]))
    return specs


def _root(name: str) -> dict[str, str]:
    space = f"http://arxiv.org/OAI/{name}/"
    return {
        "xmlns": space,
        "xmlns:xsi": _XSI,
        "xsi:schemaLocation": f"{space} http://arxiv.org/OAI/{name}.xsd",
    }


def _arxiv(paper: Paper, version: Version) -> str:
    changed = [] if version.number == 1 else [_element("updated", version.submitted_at.date())]
    parts = [
        element("id", paper.arxiv_id or ""),
        _element("created", paper.first.submitted_at.date()),
        *changed,
        around("authors", [_author(person) for person in paper.authors]),
        element("title", version.title),
        element("categories", " ".join(paper.categories)),
        *_optional("comments", version.comment),
        *_optional("journal-ref", paper.journal),
        *_optional("doi", paper.doi),
        *_optional("license", paper.licence),
        element("abstract", f"  {version.abstract}\n"),
    ]
    return around("arXiv", parts, _root("arXiv"))


def _author(person: Person) -> str:
    parts = [element("keyname", person.family), element("forenames", person.given)]
    return around("author", [*parts, *_optional("affiliation", person.affiliation)])


def _raw(paper: Paper, version: Version) -> str:
    versions = [
        around(
            "version",
            [
                element("date", format_datetime(one.submitted_at.astimezone(UTC), usegmt=True)),
                element("size", f"{200 + paper.number}kb"),
            ],
            {"version": f"v{one.number}"},
        )
        for one in paper.versions
        if one.number <= version.number
    ]
    parts = [
        element("id", paper.arxiv_id or ""),
        element("submitter", paper.authors[0].name),
        *versions,
        element("title", version.title),
        element("authors", ", ".join(person.name for person in paper.authors)),
        element("categories", " ".join(paper.categories)),
        *_optional("comments", version.comment),
        *_optional("journal-ref", paper.journal),
        *_optional("doi", paper.doi),
        *_optional("license", paper.licence),
        element("abstract", f"  {version.abstract}\n"),
    ]
    return around("arXivRaw", parts, _root("arXivRaw"))


def _dublin_core(paper: Paper, version: Version) -> str:
    place = f"http://arxiv.org/abs/{paper.arxiv_id}"
    parts = [
        element("dc:title", version.title),
        *(element("dc:creator", f"{one.family}, {one.given}") for one in paper.authors),
        *(element("dc:subject", category) for category in paper.categories),
        element("dc:description", version.abstract),
        *_optional("dc:description", version.comment and f"Comment: {version.comment}"),
        *(_element("dc:date", one.submitted_at.date()) for one in paper.versions),
        element("dc:type", "text"),
        element("dc:identifier", place),
        *_optional("dc:identifier", paper.doi and f"doi:{paper.doi}"),
    ]
    space = "http://www.openarchives.org/OAI/2.0/oai_dc/"
    return around(
        "oai_dc:dc",
        parts,
        {
            "xmlns:oai_dc": space,
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{space} http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        },
    )


def _element(name: str, value: object) -> str:
    return element(name, str(value))


def _optional(name: str, text: str | None) -> list[str]:
    return [element(name, text)] if text else []


METADATA: Final[Mapping[str, Callable[[Paper, Version], str]]] = {
    "arXiv": _arxiv,
    "arXivRaw": _raw,
    "oai_dc": _dublin_core,
}
