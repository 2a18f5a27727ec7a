"""What an address means: services that are known, mail, files, and names for all of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.model import PullOrder
from newsletter.sources.discovery import Candidate, Discovery, discover, is_name, name_for
from newsletter.testing import FakeWeb

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAGE = """Daily Papers

byAK and the research community

Feb 3

Silt

Silt fills small harbours. We say how fast it does so, and what a dredger can do about it.

  • 6 authors
·
Feb 2, 2026 4"""


def found(written: str, folder: Path = Path("/nowhere")) -> Discovery:
    """Return what is found without any web: what is asked is not there."""
    return discover(written, FakeWeb(), PullOrder(NOW), folder=folder)


@pytest.mark.parametrize(
    ("url", "kind", "settings"),
    [
        ("https://huggingface.co/papers", "daily-papers", {}),
        ("huggingface.co/papers/", "daily-papers", {}),
        ("https://www.huggingface.co/papers/date/2026-11-20", "daily-papers", {}),
        ("https://hf.co/papers/2511.01234", "daily-papers", {}),
        ("https://huggingface.co/papers/trending", "daily-papers", {"list": "trending"}),
        ("huggingface.co/papers?sort=trending", "daily-papers", {"list": "trending"}),
        ("https://huggingface.co/api/daily_papers?limit=5", "daily-papers", {}),
        ("https://arxiv.org/list/cs.LG/recent", "arxiv", {"categories": ("cs.LG",)}),
        ("https://arxiv.org/list/cs.lg/new?show=50", "arxiv", {"categories": ("cs.LG",)}),
        ("http://ARXIV.org/list/cs/new", "arxiv", {"categories": ("cs",)}),
        ("https://arxiv.org/archive/stat", "arxiv", {"categories": ("stat",)}),
        (
            "https://rss.arxiv.org/rss/cs.LG+stat.ML",
            "arxiv",
            {"categories": ("cs.LG", "stat.ML")},
        ),
        (
            "https://rss.arxiv.org/atom/physics.ao-ph+q-bio.NC",
            "arxiv",
            {"categories": ("physics.ao-ph", "q-bio.NC")},
        ),
        ("feed://export.arxiv.org/rss/math.GT", "arxiv", {"categories": ("math.GT",)}),
        (
            "https://export.arxiv.org/api/query?search_query=cat:cs.CL+OR+cat:cs.LG",
            "arxiv",
            {"categories": ("cs.CL", "cs.LG")},
        ),
        (
            "https://www.biorxiv.org/collection/cell-biology",
            "biorxiv",
            {"server": "biorxiv", "categories": ("cell biology",)},
        ),
        (
            "https://www.medrxiv.org/collection/epidemiology?page=2",
            "biorxiv",
            {"server": "medrxiv", "categories": ("epidemiology",)},
        ),
        (
            "http://connect.biorxiv.org/biorxiv_xml.php?subject=cell_biology+genomics",
            "biorxiv",
            {"server": "biorxiv", "categories": ("cell biology", "genomics")},
        ),
        (
            "http://connect.biorxiv.org/biorxiv_xml.php?subject=neuroscience%2Bgenomics",
            "biorxiv",
            {"server": "biorxiv", "categories": ("neuroscience", "genomics")},
        ),
        (
            "https://connect.medrxiv.org/medrxiv_xml.php?subject=all",
            "biorxiv",
            {"server": "medrxiv"},
        ),
        (
            "https://api.biorxiv.org/details/medrxiv/2d/0/json?category=cell_biology",
            "biorxiv",
            {"server": "medrxiv", "categories": ("cell biology",)},
        ),
        ("https://www.biorxiv.org/content/early/recent", "biorxiv", {"server": "biorxiv"}),
        (
            "https://openreview.net/group?id=ICLR.cc/2026/Conference#tab-accept-oral",
            "openreview",
            {"venues": ("ICLR.cc/2026/Conference",)},
        ),
        (
            "https://api2.openreview.net/notes?content.venueid=ICLR.cc/2026/Conference&limit=3",
            "openreview",
            {"venues": ("ICLR.cc/2026/Conference",)},
        ),
        (
            "https://api.crossref.org/works?query=graph%20learning&rows=2",
            "crossref",
            {"query": "graph learning"},
        ),
        ("https://search.crossref.org/?q=tides", "crossref", {"query": "tides"}),
        (
            "https://www.semanticscholar.org/search?q=%22world%20models%22&sort=relevance",
            "semantic-scholar",
            {"query": '"world models"'},
        ),
        (
            "https://api.semanticscholar.org/graph/v1/paper/search?query=tides",
            "semantic-scholar",
            {"query": "tides"},
        ),
    ],
)
def test_services_are_known_by_their_address_alone(
    url: str, kind: str, settings: dict[str, object]
) -> None:
    web = FakeWeb()

    discovery = discover(url, web, PullOrder(NOW), folder=Path("/nowhere"))

    (candidate,) = discovery.candidates
    assert (candidate.kind, dict(candidate.settings)) == (kind, settings)
    assert web.asked == []


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://arxiv.org/abs/2511.01234", "one paper"),
        ("https://arxiv.org/list/c$/recent", "no arXiv category"),
        ("https://export.arxiv.org/api/query?search_query=all:robots", "write the words"),
        ("https://www.biorxiv.org/content/10.64898/2026.01.02.123456v1", "one paper"),
        ("https://www.biorxiv.org/collection/<b>", "no subject"),
        ("https://openreview.net/forum?id=abc", "one paper"),
        ("https://openreview.net/group?id=", "names no venue"),
        (f"https://api.crossref.org/works?{'a=1&' * 60}", "asks Crossref for nothing"),
        ("https://doi.org/10.1000/182", "api.crossref.org/works?query="),
        ("https://api.crossref.org/works", "asks Crossref for nothing"),
        ("https://www.semanticscholar.org/paper/Title/0123", "one paper"),
        ("mailto:alerts@example.org", "kind: mail"),
        ("alerts@example.org", "kind: mail"),
        ("https://groups.google.com/g/some-list", "kind: mail"),
        ("https://lists.example.org/mailman/listinfo/papers", "kind: mail"),
    ],
)
def test_what_is_no_source_gets_a_way_on(url: str, told: str) -> None:
    web = FakeWeb()
    discovery = discover(url, web, PullOrder(NOW), folder=Path("/nowhere"))
    assert not discovery.candidates
    assert told in discovery.hint
    assert web.asked == []


@pytest.mark.parametrize(
    "written",
    ["ftp://example.org/x", "https://", "https://user:pw@example.org/", "http://[::1", "a b"],
)
def test_what_is_no_address_is_refused_without_a_traceback(written: str) -> None:
    discovery = found(written)
    assert not discovery.candidates
    assert discovery.tried
    assert "pw" not in discovery.tried[0]
    assert not discovery.is_passing


@pytest.mark.parametrize(
    "url",
    [
        "https://huggingface.co/blog",
        "https://arxiv.org/a/somebody_a_1.atom",
        "https://openreview.net/about",
        "https://www.semanticscholar.org/faq",
    ],
)
def test_other_pages_of_a_service_are_asked(url: str, tmp_path: Path) -> None:
    web = FakeWeb()
    discover(url, web, PullOrder(NOW), folder=tmp_path)
    assert web.asked[0].url == url


def test_a_file_of_entries_is_read_and_named_from_the_config(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    path = tmp_path / "lists" / "our_papers.jsonl"
    path.write_text('{"title": "One", "date": "2026-11-20"}\n{"title": "Two"}\n', encoding="utf-8")

    (candidate,) = found(str(path), tmp_path).candidates

    assert (candidate.kind, candidate.settings) == ("file", {"path": "lists/our_papers.jsonl"})
    assert (candidate.posts, candidate.latest_at) == (2, datetime(2026, 11, 20, tzinfo=UTC))
    assert name_for(candidate, []) == "our-papers"
    (other,) = found(f"file://{path}", tmp_path / "lists" / "deeper").candidates
    assert other.settings == {"path": str(path)}


def test_saved_pages_are_told_from_files_of_entries(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "page.txt").write_text(PAGE, encoding="utf-8")

    for written in (tmp_path / "papers", tmp_path / "papers" / "*.txt"):
        (candidate,) = found(str(written), tmp_path).candidates
        assert (candidate.kind, candidate.settings) == ("saved-page", {"path": "papers/*.txt"})
        assert candidate.posts


def test_a_path_that_is_no_source_says_what_was_tried(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of interest", encoding="utf-8")
    for written in (tmp_path / "notes.txt", tmp_path / "missing.yaml"):
        discovery = found(str(written), tmp_path)
        assert not discovery.candidates
        assert [line.partition(":")[0] for line in discovery.tried] == ["as file", "as saved-page"]
        assert "JSONL, YAML or CSV" in discovery.hint


def feed(title: str, host: str = "www.blog.example.org") -> Candidate:
    """Return a feed with a title."""
    return Candidate("feed", {"url": "https://x"}, title, host, "RSS 2.0")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Workshop Notes", "workshop-notes"),
        ("Zoë's Café — Überraschungen", "zoes-cafe-uberraschungen"),
        ("Blog", "blog-example-org"),
        ("RSS feed of the latest posts", "blog-example-org"),
        ("最新の論文", "blog-example-org"),
        ("", "blog-example-org"),
        ("<script>: {x}\n- &a", "script-x-a"),
        ("word " * 30, "word-word-word-word-word-word-word"),
        ("x" * 90, "x" * 36),
    ],
)
def test_names_come_from_titles_that_say_something(title: str, name: str) -> None:
    made = name_for(feed(title), ["other"])
    assert made == name
    assert is_name(made)


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert name_for(feed("Notes here"), ["Notes-Here", "notes-here-2"]) == "notes-here-3"
    assert name_for(feed("", "???"), []) == "feed"


@pytest.mark.parametrize("text", ["", "-a", "a b", "ä", "a" * 41, "a\n"])
def test_what_is_no_name_is_known(text: str) -> None:
    assert not is_name(text)
