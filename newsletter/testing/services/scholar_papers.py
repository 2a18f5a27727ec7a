"""A paper as Semantic Scholar writes it: the fields that were asked for, null where it knows none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from newsletter.testing.services.exchange import JsonValue
from newsletter.testing.services.world import Paper, Person, fraction, hex_of, pick

DEFAULT: Final = ("paperId", "title")
_UNLICENSED, _UNDATED, _SUMMARISED = 0.2, 0.15, 0.6
_DIMENSIONS: Final = 768

Write = Callable[[Paper], JsonValue]


def paper_json(paper: Paper, fields: Sequence[str]) -> JsonValue:
    """Return a paper with its id and `fields`, of which those of fields are left whole."""
    names = dict.fromkeys(["paperId", *(name.split(".")[0] for name in fields)])
    return {name: FIELDS[name](paper) for name in names}


def identifiers(paper: Paper) -> frozenset[str]:
    """Return the ids by which a batch may ask for a paper, in small letters."""
    doi = _doi(paper)
    return frozenset(
        {_paper_id(paper), f"corpusid:{_corpus_id(paper)}"}
        | ({f"arxiv:{paper.arxiv_id}"} if paper.arxiv_id else set())
        | ({f"doi:{doi.lower()}"} if doi else set())
    )


def _paper_id(paper: Paper) -> str:
    return hex_of(paper.key, 40)


def _corpus_id(paper: Paper) -> int:
    return 280_000_000 + 331 * paper.number


def _doi(paper: Paper) -> str | None:
    if paper.doi:
        return paper.doi
    if paper.preprint:
        return paper.preprint.doi
    return f"10.48550/arXiv.{paper.arxiv_id}"


def _external(paper: Paper) -> JsonValue:
    known: dict[str, JsonValue] = {"DOI": _doi(paper), "CorpusId": _corpus_id(paper)}
    return {"ArXiv": paper.arxiv_id, **known} if paper.arxiv_id else known


def _abstract(paper: Paper) -> JsonValue:
    return None if paper.chance("licensed") < _UNLICENSED else paper.first.abstract


def _date(paper: Paper) -> JsonValue:
    is_unknown = paper.chance("dated") < _UNDATED
    return None if is_unknown else f"{paper.first.submitted_at:%Y-%m-%d}"


def _venue(paper: Paper) -> JsonValue:
    if paper.journal:
        return "Journal of Careful Measurement"
    return (
        {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}[paper.preprint.server]
        if (paper.preprint)
        else "arXiv.org"
    )


def _author(person: Person) -> JsonValue:
    return {"authorId": str(2_000_000 + pick(person.name, 99_999)), "name": person.name}


def _tldr(paper: Paper) -> JsonValue:
    if paper.chance("short") >= _SUMMARISED:
        return None
    sentence = paper.first.abstract.split(". ")[1].removesuffix(".") + "."
    return {"model": "tldr@v2.0.0", "text": sentence}


def _open_access(paper: Paper) -> JsonValue:
    if not paper.arxiv_id:
        return None
    return {
        "url": f"https://arxiv.org/pdf/{paper.arxiv_id}",
        "status": "GREEN",
        "license": "CCBY" if "licenses/by/" in paper.licence else None,
        "disclaimer": "Notice: Paper or abstract available at its publisher, who may set terms.",
    }


def _embedding(paper: Paper) -> JsonValue:
    vector: list[JsonValue] = [
        round(2 * fraction(f"{paper.key} dimension {place}") - 1, 6) for place in range(_DIMENSIONS)
    ]
    return {"model": "specter_v2", "vector": vector}


FIELDS: Final[Mapping[str, Write]] = {
    "paperId": _paper_id,
    "corpusId": _corpus_id,
    "externalIds": _external,
    "url": lambda paper: f"https://www.semanticscholar.org/paper/{_paper_id(paper)}",
    "title": lambda paper: paper.first.title,
    "abstract": _abstract,
    "venue": _venue,
    "year": lambda paper: paper.first.submitted_at.year,
    "publicationDate": _date,
    "authors": lambda paper: [_author(person) for person in paper.authors],
    "tldr": _tldr,
    "openAccessPdf": _open_access,
    "isOpenAccess": lambda paper: paper.arxiv_id is not None,
    "embedding": _embedding,
    "publicationVenue": lambda paper: {"name": _venue(paper), "type": "journal"},
    "citationCount": lambda _: 0,
    "referenceCount": lambda paper: 12 + paper.number % 30,
    "fieldsOfStudy": lambda paper: [paper.field.title()],
    "publicationTypes": lambda paper: ["JournalArticle"] if paper.journal else None,
}
