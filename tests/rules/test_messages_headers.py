"""A header says what it should, to every reader, whatever was put into it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.errors import MessageError
from newsletter.model import EmailAddress, LetterLinks, RenderedEmail
from newsletter.rules.messages import MessageHeaders, build

RENDERED = RenderedEmail("unused", "Hello\n", None)
TOKEN = "a2" * 24
LINKS = LetterLinks(
    unsubscribe_mailto=f"mailto:unsubscribe+{TOKEN}@news.example.org?subject=unsubscribe",
    preferences_mailto="mailto:news@news.example.org?subject=show",
    help_mailto="mailto:help@news.example.org?subject=help",
    unsubscribe_url=f"https://news.example.org/unsubscribe/{TOKEN}",
)
HEADERS = MessageHeaders(
    from_name="Paper Round",
    from_address=EmailAddress("news@news.example.org"),
    to=EmailAddress("ada@example.org"),
    subject="9 entries for you",
    date=datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC),
    message_id="<a.b@news.example.org>",
    list_name="Paper Round",
    list_domain="news.example.org",
    owner=EmailAddress("editor@example.org"),
    links=LINKS,
)

words = st.text(
    st.sampled_from('ab é漢🙂"\\<>=?_,;:()[]\r\n\t\x00\x85\u2028\u202e\u200b\ufeff')
    | st.characters(),
    max_size=260,
)


def message(headers: MessageHeaders) -> Message:
    return message_from_bytes(build(RENDERED, headers))


def raw_lines(headers: MessageHeaders) -> list[bytes]:
    return build(RENDERED, headers).split(b"\r\n\r\n", 1)[0].split(b"\r\n")


def unfolded(value: str) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def decoded(value: str) -> str:
    """Decode each encoded word by itself, so that a character split over two is an error."""
    parts = decode_header(unfolded(value))
    for word in re.findall(r"=\?[^?]+\?[bq]\?[^?]*\?=", value):
        [(octets, charset)] = decode_header(word)
        octets.decode(charset)
    return "".join(
        part if isinstance(part, str) else part.decode(charset or "ascii")
        for part, charset in parts
    )


def visible(text: str) -> str:
    """Return what is left of `text` on one line."""
    blank = "\u115f\u1160\u2065\u3164\uffa0"
    kept = (
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or (category(letter) not in {"Cc", "Cf", "Cs"} and letter not in blank)
    )
    return " ".join("".join(kept).split())


def check_lines(lines: list[bytes]) -> None:
    for line in lines:
        assert line.strip()
        assert all(0x20 <= octet < 0x7F for octet in line)
        if b"=?" in line:
            assert len(line) <= 76
        for word in re.findall(rb"=\?[^? ]+\?[bq]\?[^? ]*\?=", line):
            assert len(word) <= 75


@given(words)
@example("Ünïcödé " * 24)
@example("漢" * 200)
@example("x" * 199)
@example("=?utf-8?q?no?= word of ours")
@example("word " * 40)
def test_any_subject_arrives_on_lines_that_travel(text: str) -> None:
    expected = visible(text)
    headers = replace(HEADERS, subject=text)
    if not expected:
        with pytest.raises(MessageError, match="Subject"):
            build(RENDERED, headers)
        return
    subject = decoded(message(headers)["Subject"])
    if len(expected) > 200:
        expected = expected[:199].rstrip() + "…"
    assert subject == expected
    check_lines(raw_lines(headers))


@given(words)
@example('A "quoted" \\ name, Inc.')
@example("漢" * 250)
@example("a" * 59 + " b")
@example("\\" * 58 + " b")
def test_any_name_arrives_before_the_address(text: str) -> None:
    headers = replace(HEADERS, from_name=text, list_name=text)
    name = visible(text)[:200].rstrip()
    if "@" in name:
        with pytest.raises(MessageError, match="From"):
            build(RENDERED, headers)
        return
    check_lines(raw_lines(headers))
    for field, target in (
        ("From", "<news@news.example.org>"),
        ("List-Id", "<letters.news.example.org>"),
    ):
        value = unfolded(message(headers)[field])
        assert value.endswith(target)
        assert value.count("<") == 1
        shown = decoded(value.removesuffix(target).strip())
        if shown.startswith('"') and shown.endswith('"') and "=?" not in value:
            shown = re.sub(r"\\(.)", r"\1", shown[1:-1])
        assert shown == name


def test_an_ordinary_header_reads_as_people_expect() -> None:
    lines = b"\r\n".join(raw_lines(HEADERS)).decode()
    assert lines == "\r\n".join(
        [
            "From: Paper Round <news@news.example.org>",
            "To: ada@example.org",
            "Subject: 9 entries for you",
            "Date: Mon, 23 Nov 2026 07:00:05 +0000",
            "Message-ID: <a.b@news.example.org>",
            "List-Id: Paper Round <letters.news.example.org>",
            f"List-Unsubscribe: <https://news.example.org/unsubscribe/{TOKEN}>,",
            f" <mailto:unsubscribe+{TOKEN}@news.example.org?subject=unsubscribe>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "List-Help: <mailto:help@news.example.org?subject=help>",
            "List-Owner: <mailto:editor@example.org>",
            "Feedback-ID: 20261123:edition:news.example.org",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
        ]
    )


def test_a_long_plain_subject_is_folded_between_words() -> None:
    headers = replace(HEADERS, subject="word " * 30)
    lines = raw_lines(headers)
    assert max(map(len, lines[2:5])) <= 76
    assert lines[3].startswith(b" word")


def test_a_name_with_commas_is_quoted_and_an_empty_one_left_out() -> None:
    quoted = message(replace(HEADERS, from_name='Round, "Paper"'))
    assert quoted["From"] == '"Round, \\"Paper\\"" <news@news.example.org>'
    assert message(replace(HEADERS, from_name=" "))["From"] == "<news@news.example.org>"


def test_a_long_address_stands_on_its_own_line() -> None:
    address = EmailAddress("n" * 60 + "@news.example.org")
    lines = raw_lines(replace(HEADERS, from_address=address, from_name="Ünïcödé"))
    assert lines[1] == f" <{address}>".encode()


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001
def test_the_date_is_the_planned_moment_in_every_zone(moment: datetime, hours: int) -> None:
    planned = moment.replace(tzinfo=timezone(timedelta(hours=hours)), microsecond=0)
    date = message(replace(HEADERS, date=planned))["Date"]
    assert parsedate_to_datetime(date) == planned
    assert date.endswith(" +0000")


def test_without_pages_there_is_no_one_click() -> None:
    bare = message(replace(HEADERS, links=replace(LINKS, unsubscribe_url=None)))
    assert bare["List-Unsubscribe"] == f"<{LINKS.unsubscribe_mailto}>"
    assert bare["List-Unsubscribe-Post"] is None


def test_the_operator_may_name_the_feedback_id() -> None:
    assert message(replace(HEADERS, feedback_id="a:b:c"))["Feedback-ID"] == "a:b:c"


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        (replace(HEADERS, to=EmailAddress("a@b.example\r\nBcc: c@d.example")), "To"),
        (replace(HEADERS, from_address=EmailAddress("a\x00@b.example")), "From"),
        (replace(HEADERS, from_name="boss@bank.example"), "From"),
        (replace(HEADERS, owner=EmailAddress("nobody")), "List-Owner"),
        (replace(HEADERS, list_domain="a b"), "List-Id"),
        (replace(HEADERS, message_id="<a@b>\r\nX: y"), "Message-ID"),
        (replace(HEADERS, message_id=f"<{'a' * 250}@b>"), "Message-ID"),
        (replace(HEADERS, feedback_id="a b"), "Feedback-ID"),
        (replace(HEADERS, feedback_id=""), "Feedback-ID"),
        (replace(HEADERS, date=datetime(2026, 11, 23)), "Date"),  # noqa: DTZ001
        (replace(HEADERS, subject="\u200b\x00"), "Subject"),
        (replace(HEADERS, links=replace(LINKS, help_mailto="mailto:a b")), "List-Help"),
        (replace(HEADERS, links=replace(LINKS, unsubscribe_url="https://é")), "List-Unsubscribe"),
        (replace(HEADERS, links=replace(LINKS, unsubscribe_mailto="a>,<b")), "List-Unsubscribe"),
    ],
)
def test_what_cannot_stand_in_a_header_is_refused_and_named(
    headers: MessageHeaders, field: str
) -> None:
    with pytest.raises(MessageError, match=f"^{field}: ") as caught:
        build(RENDERED, headers)
    assert str(caught.value).isprintable()
