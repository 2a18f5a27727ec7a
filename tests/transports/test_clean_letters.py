"""A printed letter promises clean lines, so that the transport need not look at each octet."""

from datetime import UTC, datetime

import pytest

from newsletter.model import EmailAddress, Envelope, LetterLinks, RenderedEmail
from newsletter.rules.messages import MessageHeaders, build
from newsletter.transports import KeyKind, Signer, make_key
from newsletter.transports.smtp.wording import check, stuff

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
HEADERS = MessageHeaders(
    from_name="Päper .Round",
    from_address=EmailAddress("news@example.org"),
    to=EmailAddress("ada@example.org"),
    subject=". a dot, “quotes” and a bare\rCR",
    date=AT,
    message_id="<1@example.org>",
    list_name="Paper Round",
    list_domain="example.org",
    owner=EmailAddress("editor@example.org"),
    links=LetterLinks(
        unsubscribe_mailto="mailto:unsubscribe@example.org",
        preferences_mailto="mailto:news@example.org",
        help_mailto="mailto:help@example.org",
        unsubscribe_url="https://news.example.org/unsubscribe/x",
    ),
)
BODY = ".\n..\r.dot\r\nFrom here on é\u2028" + "." * 500 + "\n" + "=" * 200


@pytest.mark.parametrize("html", [None, f"<p>{BODY}</p>\n.\n"])
@pytest.mark.parametrize("kinds", [(), (KeyKind.RSA,), (KeyKind.RSA, KeyKind.ED25519)])
def test_a_letter_needs_no_further_look(html: str | None, kinds: tuple[KeyKind, ...]) -> None:
    message = build(RenderedEmail("s", BODY, html), HEADERS)
    keys = tuple(make_key(f"s-{kind}", "example.org", kind) for kind in kinds)
    if keys:
        message = Signer(keys).sign(message, at=AT)
    assert message.isascii()
    assert stuff(message) == message, "no line begins with a dot, and the last one has an end"
    check(Envelope(HEADERS.from_address, HEADERS.to, message))  # no CR or LF stands alone
