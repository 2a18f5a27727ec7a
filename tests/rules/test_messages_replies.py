"""The bytes of answers: a thread that mail programs follow, and nothing that strangers could add."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import MessageError
from newsletter.model import EmailAddress
from newsletter.rendering import make_answer_renderer, read_templates
from newsletter.rules.answering import PREFERENCES_BEGIN, PREFERENCES_END
from newsletter.rules.messages import AutoSubmitted, ReplyHeaders, assemble_reply
from newsletter.testing.plans import LETTERHEAD
from tests.rules.answer_samples import DOCUMENT, all_answers

ROOT = Path(__file__).parents[2]
ADA = EmailAddress("ada@example.org")
HEADERS = ReplyHeaders(
    from_name="Paper Round",
    from_address=LETTERHEAD.from_address,
    to=ADA,
    subject="Your preferences",
    date=datetime(2026, 11, 23, 7, tzinfo=UTC),
    message_id="<reply.1@news.example.org>",
    auto_submitted=AutoSubmitted.REPLIED,
    reply_to=EmailAddress("preferences+3mzq6kq2vd5r7wjx4n2ylgtbah@news.example.org"),
    answers="<asked@example.org>",
    references=("<first@example.org>",),
)
NOTICE = replace(
    HEADERS, auto_submitted=AutoSubmitted.GENERATED, answers=None, references=(), reply_to=None
)
hostile = st.text(
    st.sampled_from("ab<>@=?\r\n\t \x00\u2028\u202e") | st.characters(codec="utf-8"), max_size=60
)


def parsed(headers: ReplyHeaders, text: str = "x\n", html: str | None = "<p>x</p>") -> Message:
    message = message_from_bytes(assemble_reply(headers, text, html))
    assert not message.defects
    return message


def unfolded(message: Message, name: str) -> str:
    return " ".join(str(message[name]).split())


def test_an_answer_names_what_it_answers_and_that_a_program_wrote_it() -> None:
    message = parsed(HEADERS)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["In-Reply-To"] == "<asked@example.org>"
    assert unfolded(message, "References") == "<first@example.org> <asked@example.org>"
    assert unfolded(message, "Reply-To") == f"Paper Round <{HEADERS.reply_to}>"
    assert message.get_content_type() == "multipart/alternative"
    for name in ("List-Id", "List-Unsubscribe", "Precedence", "Bcc", "Cc"):
        assert message[name] is None


def test_the_name_of_the_newsletter_stands_on_no_address_but_its_own() -> None:
    person = replace(NOTICE, reply_to=EmailAddress("reader@example.com"))
    assert parsed(person)["Reply-To"] == "<reader@example.com>"


def test_a_notice_answers_nothing() -> None:
    message = parsed(NOTICE)
    assert message["Auto-Submitted"] == "auto-generated"
    for name in ("In-Reply-To", "References", "Reply-To"):
        assert message[name] is None


def test_a_notice_that_names_a_message_is_a_mistake_of_ours() -> None:
    with pytest.raises(MessageError, match="auto-generated"):
        assemble_reply(replace(NOTICE, answers="<a@b>"), "x", None)


def test_text_alone_is_one_part() -> None:
    message = parsed(HEADERS, html=None)
    assert message.get_content_type() == "text/plain"
    assert not message.is_multipart()


@pytest.mark.parametrize(
    "answered",
    [
        None,
        "",
        "no brackets",
        "<a b@c>",
        "<a@b>\r\nBcc: eve@example.org",
        "<a@b><c@d>",
        "<é@b>",
        "<=?utf-8?q?=0D=0ABcc:?=@b>",
        "<" + "x" * 300 + "@b>",
        "<>",
        "<a\x00@b>",
    ],
)
def test_a_name_that_is_no_message_id_is_left_out_with_the_thread(answered: str | None) -> None:
    message = parsed(replace(HEADERS, answers=answered))
    assert message["In-Reply-To"] is None
    assert message["References"] is None
    assert message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-replied"


def test_odd_names_of_real_programs_are_kept() -> None:
    odd = "<000001c9$5d!a@[192.0.2.1]>"
    assert parsed(replace(HEADERS, answers=odd))["In-Reply-To"] == odd


def test_a_long_thread_keeps_its_beginning_and_its_end() -> None:
    thread = tuple(f"<{number}@example.org>" for number in range(500))
    message = parsed(replace(HEADERS, references=(*thread, "<3@example.org>", "not one")))
    named = unfolded(message, "References").split(" ")
    assert len(named) == 20
    assert named[0] == "<0@example.org>"
    assert named[-2:] == ["<499@example.org>", "<asked@example.org>"]
    assert len(set(named)) == 20


@given(hostile, hostile, st.lists(hostile, max_size=4))
def test_nothing_that_a_stranger_wrote_adds_a_field(
    subject: str, answered: str, references: list[str]
) -> None:
    written = replace(
        HEADERS, subject=f"q{subject}", answers=f"<{answered}@b>", references=tuple(references)
    )
    octets = assemble_reply(written, subject, None)
    assert octets.isascii()
    names = message_from_bytes(octets).keys()
    thread = [name for name in names if name in {"In-Reply-To", "References"}]
    assert [name for name in names if name not in thread] == [
        *("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted"),
        *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    ]
    assert thread in ([], ["In-Reply-To", "References"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"reply_to": EmailAddress("a@b\r\nBcc: c@example.org")},
        {"to": EmailAddress("no address")},
        {"message_id": "x"},
        {"from_name": "news@example.org"},
    ],
)
def test_a_value_of_ours_that_cannot_stand_there_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(MessageError):
        assemble_reply(replace(HEADERS, **wrong), "x", None)  # type: ignore[arg-type]


def test_the_same_answer_is_the_same_octets() -> None:
    assert assemble_reply(HEADERS, "x", "<p>") == assemble_reply(HEADERS, "x", "<p>")


@pytest.fixture(scope="module")
def messages() -> dict[str, bytes]:
    """Return every answer as it leaves."""
    render = make_answer_renderer(read_templates([ROOT / "templates"]))
    made = {}
    for name, answer in all_answers().items():
        email = render(answer, LETTERHEAD)
        headers = replace(HEADERS, subject=email.subject)
        made[name] = assemble_reply(headers, email.text, email.html)
    return made


def test_a_document_arrives_between_its_marker_lines_byte_for_byte(
    messages: dict[str, bytes],
) -> None:
    text = next(
        part for part in message_from_bytes(messages["resumed"]).walk() if not part.is_multipart()
    )
    octets = text.get_payload(decode=True)
    assert isinstance(octets, bytes)
    block = f"\n{PREFERENCES_BEGIN}\n{DOCUMENT}{PREFERENCES_END}\n"
    assert block.replace("\n", "\r\n").encode() in octets


@pytest.fixture
def mailcheck() -> Path:
    beside = ROOT.parent / "shared"
    tool = Path(os.environ.get("NEWSLETTER_SHARED", beside)) / "tools" / "mailcheck.py"
    if not tool.is_file():
        pytest.skip("the shared folder with mailcheck.py is not there")
    return tool


def failed_checks(tool: Path, paths: list[Path], *options: str) -> list[str]:
    command = [sys.executable, str(tool), *map(str, paths), "--to", ADA, *options]
    report = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [line.partition(" ")[2] for line in report.splitlines()]


UNSIGNED = "[('B22', 'no rsa-sha256 DKIM-Signature')]"


def test_every_answer_passes_the_shared_checks_but_for_its_signature(
    mailcheck: Path, tmp_path: Path, messages: dict[str, bytes]
) -> None:
    paths = []
    for name, octets in messages.items():
        paths.append(tmp_path / f"{name}.eml")
        paths[-1].write_bytes(octets)
    found = failed_checks(
        mailcheck, paths, "--kind", "answer", "--from", "", "--other", "eve@x.org"
    )
    assert found == [UNSIGNED] * len(messages)


def test_a_notice_passes_the_shared_checks_too(mailcheck: Path, tmp_path: Path) -> None:
    path = tmp_path / "notice.eml"
    html = '<!doctype html><html lang="en"><head><title>t</title></head><body>x</body></html>'
    path.write_bytes(assemble_reply(NOTICE, "x\n", html))
    sender = "bounce+3mzq6kq2vd5r7wjx4n2ylgtbah@news.example.org"
    assert failed_checks(mailcheck, [path], "--kind", "notice", "--from", sender) == [UNSIGNED]
