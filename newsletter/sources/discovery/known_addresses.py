"""Addresses of services whose sources are known, told without asking anybody."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from newsletter.sources.discovery.findings import Candidate, Hint, Setting

_CATEGORY: Final = re.compile(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")
_VENUE: Final = re.compile(r"[\w.-]{1,60}(?:/[\w.-]{1,60}){1,8}", re.ASCII)
_SUBJECT: Final = re.compile(r"[a-z][a-z &_,-]{1,60}")
_CAT_TERM: Final = re.compile(r"cat:([A-Za-z.-]{2,40})")
_MOST: Final = 20
"""Categories of one address."""
_LONGEST_QUERY: Final = 1_000
_SHORT_SUBJECT: Final = 2

_ONE_PAPER: Final = "this is one paper, not a list of them; "


def recognise(url: str) -> Candidate | Hint | None:
    """Return the source that a web address of a known service means.

    A Hint for an address of such a service that is no source; None for all others, and for pages
    of these services that may announce feeds of their own.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    reader = _READERS.get(host)
    return reader(parts) if reader else _of_lists(host, parts)


def _daily_papers(parts: SplitResult) -> Candidate | None:
    first, second = _steps(parts, 2)
    if first != "papers" and (first, second) != ("api", "daily_papers"):
        return None
    is_trending = second == "trending" or _asked(parts, "sort") == "trending"
    if is_trending:
        return _service("daily-papers", "Trending papers", {"list": "trending"}, "1h")
    return _service("daily-papers", "Daily papers", {}, "1h")


def _arxiv(parts: SplitResult) -> Candidate | Hint | None:
    first, second = _steps(parts, 2)
    if first in {"list", "archive", "rss", "atom"} and second:
        return _of_categories(second.split("+"))
    if first in {"abs", "pdf", "html"} and second:
        return Hint(f"{_ONE_PAPER}name its category, e.g. https://arxiv.org/list/cs.LG/recent")
    if (first, second) == ("api", "query"):
        query = _asked(parts, "search_query")
        if not re.sub(r"cat:[A-Za-z.-]{2,40}|\bOR\b|[\s()+]", "", query):
            return _of_categories(_CAT_TERM.findall(query))
        return Hint(
            "arXiv is followed by category, and topics choose among its papers: name "
            "https://arxiv.org/list/cs.LG/recent, and write the words into a topic"
        )
    return None


def _of_categories(written: Iterable[str]) -> Candidate | Hint:
    named = tuple(dict.fromkeys(_category(one) for one in written if one))[:_MOST]
    bad = next((one for one in named if not _CATEGORY.fullmatch(one)), None)
    if bad is not None or not named:
        return Hint(f'"{bad or ""}" is no arXiv category; write e.g. cs.LG')
    return _service("arxiv", f"arXiv {' '.join(named)}", {"categories": named}, "2h")


def _category(written: str) -> str:
    """Return a category in its usual letters: arXiv itself takes any."""
    archive, dot, subject = written.partition(".")
    subject = subject.upper() if len(subject) == _SHORT_SUBJECT else subject
    return f"{archive.lower()}{dot}{subject}"


def _preprints(parts: SplitResult) -> Candidate | Hint | None:
    first, second = _steps(parts, 2)
    is_med = "medrxiv" in (parts.hostname or "") or first.startswith("medrxiv")
    is_med = is_med or second == "medrxiv"
    server = "medrxiv" if is_med else "biorxiv"
    if first == "content" and second.startswith("10."):
        return Hint(f"{_ONE_PAPER}name its subject, e.g. https://www.{server}.org/collection/NAME")
    if first == "collection" and second:
        return _of_subjects(server, [second])
    # Feeds take several subjects with `+` between them, which is a blank in a query.
    subjects = re.split(r"[+,\s]", _asked(parts, "subject"))
    return _of_subjects(server, [*subjects, _asked(parts, "category")])


def _of_subjects(server: str, written: Iterable[str]) -> Candidate | Hint:
    plain = (one.strip().lower().replace("-", " ").replace("_", " ") for one in written)
    named = tuple(dict.fromkeys(one for one in plain if one and one != "all"))[:_MOST]
    bad = next((one for one in named if not _SUBJECT.fullmatch(one)), None)
    if bad is not None:
        return Hint(f"this is no subject of {server}; name one as its address writes it")
    settings: dict[str, Setting] = {"server": server}
    if named:
        settings["categories"] = named
    return _service("biorxiv", " ".join([server, *named]), settings, "6h")


def _openreview(parts: SplitResult) -> Candidate | Hint | None:
    (first,) = _steps(parts, 1)
    venue = (_asked(parts, "id") or _asked(parts, "content.venueid")).strip("/")
    if first in {"forum", "pdf"}:
        return Hint(
            f"{_ONE_PAPER}name its venue, e.g. https://openreview.net/group?id=VENUE.cc/2026/Conference"
        )
    if first not in {"group", "venue", "submissions", "notes"}:
        return None
    if not _VENUE.fullmatch(venue):
        return Hint("this names no venue; open one there and take its address (group?id=…)")
    return _service("openreview", f"OpenReview {venue}", {"venues": (venue,)}, "12h")


def _crossref(parts: SplitResult) -> Candidate | Hint | None:
    keys = ("query", "query.bibliographic", "query.title", "query.container-title", "q")
    query = next((found for key in keys if (found := _asked(parts, key))), "")
    if query:
        return _service("crossref", f"Crossref {query}", {"query": query}, "6h")
    return Hint("this asks Crossref for nothing; write https://api.crossref.org/works?query=WORDS")


def _doi(_: SplitResult) -> Hint:
    return Hint(f"{_ONE_PAPER}follow a query: https://api.crossref.org/works?query=WORDS")


def _semantic_scholar(parts: SplitResult) -> Candidate | Hint | None:
    query = _asked(parts, "q") or _asked(parts, "query")
    if query:
        return _service("semantic-scholar", f"Scholar {query}", {"query": query}, "12h")
    if _steps(parts, 1) == ["paper"]:
        return Hint(f"{_ONE_PAPER}search for what it is about and take the address of the results")
    return None


def _of_lists(host: str, parts: SplitResult) -> Hint | None:
    """Return what to do about the page of a mailing list."""
    is_list = host == "groups.google.com" or "/mailman/listinfo" in parts.path
    return Hint(by_mail("this is a mailing list")) if is_list else None


def by_mail(fact: str) -> str:
    """Return what to do about something that comes by mail."""
    return (
        f"{fact}: what it sends comes by mail. Write a source `NAME: {{kind: mail}}` into config.yaml, "
        "and subscribe the address there that `newsletter sources address NAME` shows"
    )


def _service(
    kind: str, title: str, settings: Mapping[str, Setting], every: str, form: str = "service"
) -> Candidate:
    return Candidate(kind, settings, title, kind, form, every, found="its address is known")


def _steps(parts: SplitResult, count: int) -> list[str]:
    """Return the first steps of the path, "" where there is none."""
    steps = [unquote(step) for step in parts.path[:500].split("/") if step]
    return [*steps, *[""] * count][:count]


def _asked(parts: SplitResult, key: str) -> str:
    """Return a parameter on one line."""
    try:
        values = parse_qs(parts.query, max_num_fields=50).get(key, [""])
    except ValueError:
        return ""
    return " ".join(values[0].split())[:_LONGEST_QUERY]


_READERS: Final[Mapping[str, Callable[[SplitResult], Candidate | Hint | None]]] = {
    **dict.fromkeys(("huggingface.co", "hf.co"), _daily_papers),
    **dict.fromkeys(("arxiv.org", "export.arxiv.org", "rss.arxiv.org"), _arxiv),
    **dict.fromkeys(("biorxiv.org", "connect.biorxiv.org", "api.biorxiv.org"), _preprints),
    **dict.fromkeys(("medrxiv.org", "connect.medrxiv.org", "api.medrxiv.org"), _preprints),
    **dict.fromkeys(("openreview.net", "api.openreview.net", "api2.openreview.net"), _openreview),
    **dict.fromkeys(("api.crossref.org", "search.crossref.org"), _crossref),
    **dict.fromkeys(("doi.org", "dx.doi.org"), _doi),
    **dict.fromkeys(("semanticscholar.org", "api.semanticscholar.org"), _semantic_scholar),
}
