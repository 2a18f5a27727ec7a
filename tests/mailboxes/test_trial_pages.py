"""The pages on which received letters are read."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from newsletter.errors import StorageError
from newsletter.mailboxes import write_pages
from newsletter.mailboxes.trial.letters import ReceivedLetter, decode, keep
from newsletter.mailboxes.trial.page_writer import read_contents

FRIDAY = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
BOTH = b"""Subject: Nine papers\r
From: =?utf-8?q?Caf=C3=A9?= <news@news.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
plain =E2=82=AC </pre><script>x</script>\r
--b\r
Content-Type: text/html; charset=utf-8\r
\r
<p title="a&quot;b">rich</p><script>alert(1)</script><img src="https://elsewhere.example/p.png">\r
--b--\r
"""


class Outline(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def received(folder: Path, octets: bytes = BOTH, now: datetime = FRIDAY) -> ReceivedLetter:
    return keep(folder, "b@news.example", ["ada@example.org"], octets, now=now)


def page_of(folder: Path, letter: ReceivedLetter) -> str:
    write_pages(folder)
    return (folder / f"{letter.name}.html").read_text("utf-8")


def test_the_list_names_every_letter_by_day_newest_first(tmp_path: Path) -> None:
    received(tmp_path, b"Subject: older\r\n\r\n", FRIDAY)
    newer = received(tmp_path, b'Subject: <b>&"{{x}}\r\n\r\n', FRIDAY.replace(day=21))
    page = write_pages(tmp_path).read_text("utf-8")
    assert page.index("Saturday, 21 November 2026") < page.index("Friday, 20 November 2026")
    assert "&lt;b&gt;&amp;&#34;{{x}}" in page
    assert "to ada@example.org" in page
    assert Outline(page).all("a")[0]["href"] == f"{newer.name}.html"


def test_without_letters_the_list_says_so(tmp_path: Path) -> None:
    page = write_pages(tmp_path / "new").read_text("utf-8")
    assert "has received nothing so far" in page


def test_a_letter_is_shown_in_a_frame_that_may_do_nothing(tmp_path: Path) -> None:
    outline = Outline(page_of(tmp_path, received(tmp_path)))
    (frame,) = outline.all("iframe")
    assert "rich</p><script>alert(1)</script>" in str(frame["srcdoc"])
    assert "allow-scripts" not in str(frame["sandbox"])
    assert "allow-same-origin" not in str(frame["sandbox"])
    policy = outline.all("meta")[1]["content"]
    assert str(policy).startswith("default-src 'none'")


def test_text_and_headers_are_shown_as_text(tmp_path: Path) -> None:
    page = page_of(tmp_path, received(tmp_path))
    assert "plain € &lt;/pre&gt;&lt;script&gt;" in page
    assert "From: =?utf-8?q?Caf=C3=A9?=" in page
    assert "Café &lt;news@news.example&gt;" in page
    assert "script" not in {tag for tag, _ in Outline(page).elements}


@pytest.mark.parametrize("which", ["index", "letter"])
def test_no_page_loads_anything_from_elsewhere(tmp_path: Path, which: str) -> None:
    letter = received(tmp_path)
    page = page_of(tmp_path, letter)
    outline = Outline(page if which == "letter" else (tmp_path / "index.html").read_text("utf-8"))
    assert not {"script", "link", "img"} & {tag for tag, _ in outline.elements}
    assert all(":" not in str(link["href"]) for link in outline.all("a"))


def test_a_letter_of_text_alone_opens_with_its_text(tmp_path: Path) -> None:
    outline = Outline(page_of(tmp_path, received(tmp_path, b"Subject: x\r\n\r\nhello\r\n")))
    assert outline.all("iframe") == []
    assert [one["id"] for one in outline.all("input") if "checked" in one] == ["text"]


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\r\n\r\n",
        b"Subject: =?utf-9?q?=C3?= =?utf-8?b?!!!?=\r\nno header",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: text/html; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n!!",
        b"Subject: \xff\xfe\r\n\r\n\x00",
    ],
)
def test_a_broken_message_still_has_a_page(tmp_path: Path, octets: bytes) -> None:
    letter = received(tmp_path, octets)
    assert "Headers" in page_of(tmp_path, letter)
    assert read_contents(octets).headers is not None


def test_an_encoded_word_that_cannot_be_read_stays_as_it_is() -> None:
    assert decode("=?nonsense?q?a?=") == "=?nonsense?q?a?="


def test_a_page_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot write pages"):
        write_pages(tmp_path / "file")
