"""What is read of a received message, also of one that is broken."""

import base64

import pytest

from tests.rules.inbound_samples.received import letter, mail

HEADER = "From: Ada <ada@example.net>\nTo: news@news.example.org\n"


def subject(written: str) -> str:
    return mail(letter(f"Subject: {written}")).subject


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?caf=C3=A9_au_lait?=", "café au lait"),
        ("=?UTF-8?b?Y2Fmw6k=?=", "café"),
        ("=?utf-8*fr?q?caf=C3=A9?=", "café"),
        ("=?utf-8?q?one?=\n =?utf-8?q?_two?= three", "one two three"),
        ("=?utf-8?B?Y2Fmww==?= =?utf-8?B?qQ==?=", "café"),  # cut within a character
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"),
        ("=?iso-8859-1?q?=93quoted=94?=", "“quoted”"),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        ("=?no-such-charset?q?caf=C3=A9?=", "café"),
        ("=?utf-8?q?not closed", "=?utf-8?q?not closed"),
        ("=?utf-8?B?Y2Fm!w6k?=", "café"),
        ("=?utf-8?q?a=0D=0ABcc:_x=40y.example=00?=", "a  Bcc: x@y.example"),
        ("a\x00b\x1bc\x85d\u2028e", "a b c d e"),
        ("raw café", "raw café"),
        ("folded\n\there", "folded\there".replace("\t", " ")),
    ],
)
def test_a_subject_is_decoded_and_holds_no_control_characters(written: str, read: str) -> None:
    assert subject(written) == read


def test_a_subject_in_raw_latin_1_is_read() -> None:
    assert mail(letter("Subject: café").encode("latin-1")).subject == "café"


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("ada@example.net", "", "ada@example.net"),
        ("<ada@example.net>", "", "ada@example.net"),
        ("Ada Lovelace <ada@example.net>", "Ada Lovelace", "ada@example.net"),
        ('"Lovelace, \\"Ada\\"" <ada@example.net>', 'Lovelace, "Ada"', "ada@example.net"),
        ("=?utf-8?q?Ad=C3=A1?= <ada@example.net>", "Adá", "ada@example.net"),
        ('"ada@example.net" <ada@example.net>', "ada@example.net", "ada@example.net"),
        ("ada@example.net <ada@example.net>", "ada@example.net", "ada@example.net"),
        ('"eve@example.com" <ada@example.net>', "eve@example.com", "ada@example.net"),
        ("ada@example.net (it's \"me\\) <x@y.example>)", "", "ada@example.net"),
        ("Ada (a (nested) one) <Ada@Example.NET>", "Ada", "Ada@Example.NET"),
        ("=?utf-8?q?eve=40example=2Ecom=2C?= <ada@example.net>", "eve@example.com,", "ada@example.net"),
    ],
)  # fmt: skip
def test_one_clear_address_is_read(written: str, name: str, address: str) -> None:
    read = mail(letter(f"From: {written}", f"Reply-To: {written}"))

    assert (read.from_name, read.from_address, read.reply_to) == (name, address, address)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Ada",
        "ada@example.net, eve@example.com",
        "ada@example.net; eve@example.com",
        "<ada@example.net> <eve@example.com>",
        "eve@example.com <ada@example.net>",
        '"x" eve@example.com "y" <ada@example.net>',
        "<ada@example.net> eve@example.com",
        "<ada@example.net",
        "ada@example.net>",
        "Ada <ada@example.net>>",
        "friends: ada@example.net;",
        "undisclosed-recipients:;",
        "<@relay.example:ada@example.net>",
        '"ada b"@example.net',
        "=?utf-8?q?ada=40example.net?=",
        "ada@example.net\n , eve@example.com",
        "ada@[192.0.2.1]",
        "ada(x@example.net",
    ],
)
def test_an_address_that_could_be_another_is_none(written: str) -> None:
    assert mail(letter(f"From: {written}")).from_address is None


def test_two_from_fields_are_none() -> None:
    read = mail(letter("From: ada@example.net", "From: ada@example.net"))

    assert read.from_address is None
    assert read.fields["from"] == ("ada@example.net", "ada@example.net")


def test_message_ids_are_taken_only_when_they_are_some() -> None:
    read = mail(
        letter(
            "Message-ID: <a@b>",
            "References: <one@x> junk <two@x>\n <one@x>",
            "In-Reply-To: your mail <three@x> of today",
        )
    )

    assert read.message_id == "<a@b>"
    assert read.references == ("<one@x>", "<two@x>", "<three@x>")
    assert mail(letter("Message-ID: none")).message_id is None


def test_the_envelope_wins_over_the_return_path() -> None:
    raw = letter("Return-Path: <eve@example.com>", "Return-Path: <below@example.com>")

    assert mail(raw, sender=None).sender == "eve@example.com"
    assert mail(raw, sender="").sender == ""
    assert mail(raw, sender="<ada@example.net>").sender == "ada@example.net"
    assert mail(letter(), sender=None).sender is None
    assert (
        mail(letter(), recipient="news@news.example.org\r\n").recipient == "news@news.example.org"
    )


def test_an_mbox_line_and_lines_that_are_no_field_are_left_out() -> None:
    read = mail("From ada Mon Nov 23\nSubject: one\nwhat is this\n : nor this\nX: y\n\nhello\n")

    assert read.subject == "one"
    assert read.fields == {"subject": ("one",), "x": ("y",)}
    assert read.plain == "hello\n"


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("", ""),
        ("\nbody", "body"),
        ("\r\nbody", "body"),
        ("Subject: no body", ""),
        ("Subject: x\r\n\r\none\r\ntwo\rthree\x0cfour\x00\tfive", "one\ntwo\nthree\nfour\tfive"),
    ],
)
def test_a_message_may_be_nearly_nothing(raw: str, plain: str) -> None:
    assert mail(raw).plain == plain


@pytest.mark.parametrize(
    ("content_type", "data", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"\x93caf\xe9\x94", "“café”"),
        ("text/plain; charset=utf-8", "café".encode(), "café"),
        ("text/plain; charset=utf-8", b"caf\xe9 cr\xe8me", "café crème"),
        ("text/plain; charset=utf-8", "café\u2026 crème".encode() + b"\xff", "café\u2026 crème\ufffd"),
        ("text/plain; charset=us-ascii", "café".encode(), "café"),
        ('text/plain; charset="ISO 8859_1"', b"caf\xe9", "café"),
        ("text/plain; charset=punycode", b"caf-dma", "caf-dma"),
        ("text/plain; charset=gb2312", "论文".encode("gbk"), "论文"),
        ("text/plain; charset=utf-16", "a\x00b".encode("utf-16"), "ab"),
        ("text/plain", b"caf\xe9", "café"),
        ("garbage", b"text", "text"),
        ("multipart/mixed", b"no boundary", "no boundary"),
        ("multipart/mixed; boundary=never", b"not there", "not there"),
        ("multipart/mixed; boundary=" + "b" * 300, b"too long", "too long"),
    ],
)  # fmt: skip
def test_a_text_is_read_whatever_its_label_says(content_type: str, data: bytes, text: str) -> None:
    raw = f"{HEADER}Content-Type: {content_type}\n\n".encode() + data

    assert mail(raw).plain == text


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", "c3RvcA==", "stop"),
        ("BASE64 ", "c3\n RvcA", "stop"),
        ("base64 (all of it)", "c3RvcA==\n-- \n", "stop"),
        ("base64", "c3RvcA=", "stop"),
        ("base64", "c3RvcAx", "stop\x0c".replace("\x0c", "\n").rstrip()),
        ("quoted-printable", "st=6Fp=\n now =XY =", "stop now =XY "),
        ("x-unheard-of", "stop", "stop"),
    ],
)
def test_a_broken_transfer_encoding_is_read_as_well_as_can_be(
    encoding: str, body: str, text: str
) -> None:
    read = mail(f"{HEADER}Content-Transfer-Encoding: {encoding}\n\n{body}")

    assert read.plain is not None
    assert read.plain.startswith(text.rstrip("="))


def test_the_first_text_and_the_first_html_are_the_body() -> None:
    read = mail(
        f"""{HEADER}Content-Type: Multipart/Mixed; Boundary="a b'c" ; charset=x

preamble
--a b'c
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8; Format=Flowed; DelSp=YES
Content-Disposition: inline

one
--inner  \t
Content-Type: text/html

<p>two</p>
--inner--
epilogue
--a b'c
Content-Type: text/plain
Content-Disposition: attachment; filename=x.txt

three
--a b'c
Content-Type: text/html

four
--a b'c--
--a b'c
after the end
"""
    )

    assert (read.plain, read.html) == ("one", "<p>two</p>")
    assert (read.is_flowed, read.is_delsp) == (True, True)


def test_a_text_that_is_only_attached_is_no_body() -> None:
    read = mail(f"{HEADER}Content-Type: text/plain\nContent-Disposition: attachment\n\nx")

    assert (read.plain, read.html, read.is_flowed) == (None, None, False)


def test_a_multipart_that_is_torn_off_is_read_to_its_end() -> None:
    raw = f"{HEADER}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nstop"

    assert mail(raw).plain == "stop"
    assert mail(raw.replace("stop", "")).plain == ""
    assert mail(f"{HEADER}Content-Type: multipart/mixed; boundary=b\n\n--b").plain == ""


def test_a_report_is_kept_group_by_group() -> None:
    status = base64.b64encode(
        b"\r\nReporting-MTA: dns; x\r\n\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n"
    )
    read = mail(
        f"""{HEADER}Content-Type: multipart/report; boundary=b

--b
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: base64

{status.decode()}
--b
Content-Type: TEXT/rfc822-headers

Subject: =?utf-8?q?caf=C3=A9?=
Received: one
Received: two

--b--
"""
    )
    first, second = read.reports

    assert first.media_type == "message/delivery-status"
    assert first.groups == (
        {"reporting-mta": ("dns; x",)},
        {"status": ("5.1.1",), "action": ("failed",)},
    )
    assert second.media_type == "text/rfc822-headers"
    assert second.groups == ({"subject": ("café",), "received": ("one", "two")},)
    assert "Status: 5.1.1\n" in first.text
