"""The many spellings of arXiv ids and DOIs, and the one that we keep of each."""

import re
from typing import Final

_LONGEST: Final = 300
"""Characters; a longer text is no id, whatever it holds."""

_WRAPPINGS: Final = re.compile(
    r"""
      https?://(?:www\.|export\.|browse\.)?arxiv\.org/(?:abs|pdf|html|format|ps|src|e-print)/
    | https?://(?:www\.)?(?:huggingface\.co|hf\.co)/papers/
    | /?papers/
    | (?:https?://(?:www\.|dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\.
    | oai:arxiv\.org:
    | arxiv:\s*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LEFTOVERS: Final = re.compile(r"(?:[?\#].*|\.pdf|\.md|\s+\[[\w.-]+\]|/)$", re.IGNORECASE)
_NEW_STYLE: Final = re.compile(
    r"(\d\d)(\d\d)\.(\d{1,5})(?:v([1-9]\d{0,2}))?", re.ASCII | re.IGNORECASE
)
_OLD_STYLE: Final = re.compile(
    r"([a-z]+(?:-[a-z]+)?)(\.[a-z-]{2,10})?/(\d\d)(\d\d)(\d{3})(?:v([1-9]\d{0,2}))?",
    re.ASCII | re.IGNORECASE,
)
_OLD_ARCHIVES: Final = frozenset(
    """acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas
    cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex
    nucl-th patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con""".split()  # noqa: SIM905  a list would be 35 lines long
)
_FIRST_NEW_YEAR: Final = 7
_LAST_NEW_YEAR: Final = 90
"""Two digits: 91 to 99 are years of the old scheme (1991 to 1999)."""
_FIVE_DIGITS_SINCE: Final = (15, 1)
_SUBJECT_CLASS_LENGTH: Final = 2
_DOI: Final = re.compile(
    r"(?:https?://(?:www\.|dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}(?:\.\d+)*/[^\s<>\"]+)",
    re.IGNORECASE,
)


def canonical_arxiv_id(text: str) -> tuple[str, int | None] | None:
    """Return the id in `text` without its version, and the version; None when there is no id.

    Reads bare ids, `arXiv:`, `oai:arXiv.org:`, the DOIs that arXiv registers, and addresses of
    arXiv and Hugging Face pages, with a version or without (then the version is None). Hugging
    Face can lose zeros of the number, `2406.105`: they are put back, `2406.00105`. The number
    has four digits until 2014-12 and five since; old ids (until 2007-03) keep their subject
    class as in `math.GT/0309136`.
    """
    if len(text) > _LONGEST:
        return None
    bare = _unwrap(text)
    return _read_new_style(bare) or _read_old_style(bare)


def _unwrap(text: str) -> str:
    bare = text.strip()
    opening = _WRAPPINGS.match(bare)
    if not opening:
        return bare
    bare = bare[opening.end() :]
    while rest := _LEFTOVERS.search(bare):
        bare = bare[: rest.start()]
    return bare


def _read_new_style(bare: str) -> tuple[str, int | None] | None:
    found = _NEW_STYLE.fullmatch(bare)
    if not found:
        return None
    year, month, number = int(found[1]), int(found[2]), found[3]
    digits = 5 if (year, month) >= _FIVE_DIGITS_SINCE else 4
    in_time = _FIRST_NEW_YEAR <= year <= _LAST_NEW_YEAR and _is_month(month)
    if not in_time or len(number) > digits or int(number) == 0:
        return None
    return f"{found[1]}{found[2]}.{number.zfill(digits)}", _version(found[4])


def _read_old_style(bare: str) -> tuple[str, int | None] | None:
    found = _OLD_STYLE.fullmatch(bare)
    if not found or not _is_month(int(found[4])):
        return None
    archive, subject = found[1].lower(), (found[2] or "").lower()
    if archive not in _OLD_ARCHIVES:
        return None
    if len(subject) == _SUBJECT_CLASS_LENGTH + 1:
        subject = subject.upper()
    return f"{archive}{subject}/{found[3]}{found[4]}{found[5]}", _version(found[6])


def _is_month(number: int) -> bool:
    return 1 <= number <= 12  # noqa: PLR2004  a year has twelve


def _version(digits: str | None) -> int | None:
    return int(digits) if digits else None


def canonical_doi(text: str) -> str | None:
    """Return the DOI in `text` in lower case, without resolver or `doi:`; None when there is none.

    DOIs are compared without regard to case (DOI Handbook, section 3.8 in recent editions).
    """
    found = _DOI.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return found[1].rstrip(".,;").lower() if found else None
