"""The address that is meant by a text that is none."""

import re
from collections.abc import Iterator
from typing import Final

from newsletter.errors import AddressError
from newsletter.model import EmailAddress
from newsletter.preferences.schema.validation import quote, wrong
from newsletter.preferences.schema.words import plain_text, plain_word
from newsletter.rules.addresses import parse_address

_LONGEST: Final = 320
_BETWEEN: Final = re.compile(r"[\s,;]+")
_WORDS_FOR_AT: Final = re.compile(r"\s*[(\[{ ]at[)\]} ]\s*")
_WORDS_FOR_DOT: Final = re.compile(r"\s*[(\[{ ]dot[)\]} ]\s*")


def address(value: object) -> EmailAddress:
    """Read a mail address and nothing else: no name, no brackets, no second address."""
    if isinstance(value, list):
        raise wrong(message="needs one address, not a list", suggestion=_one_each(value))
    written = plain_word(value)
    try:
        return parse_address(written)
    except AddressError as error:
        raise _explained(written[:_LONGEST], str(error)) from error


def _one_each(addresses: list[object]) -> str:
    advice = 'write a document for each, parted by a line "---"'
    return advice if len(addresses) > 1 else f"write {quote(plain_text(*addresses))[1:-1]}"


def _explained(written: str, said: str) -> Exception:
    several = [word for word in _BETWEEN.split(written) if is_address(word)]
    if len(several) > 1:
        return wrong(
            f"{quote(written)} holds {len(several)} addresses", suggestion=_one_each([*several])
        )
    meant = next((one for one in _candidates(written) if is_address(one)), None)
    reason = _reason(written) or said.rpartition("write to: ")[2]
    message = f"{quote(written)} is no mail address we can write to: {reason}"
    advice = None if "; " in reason else _advice(written)
    return wrong(message, suggestion=f'did you mean "{meant}"?' if meant else advice)


_REASONS: Final = (
    (re.compile(r"<|^mailto:", re.IGNORECASE), "only the address itself can stand here"),
    (re.compile(r"^[^@]*$"), "there is no @ in it"),
    (re.compile(r"\s"), "there is a space in it"),
    (re.compile(r"@.*@"), "there is more than one @ in it"),
    (re.compile(r"^@"), "the part before the @ is missing"),
    (re.compile(r"@$"), "the part after the @ is missing"),
    (re.compile(r"\.\."), "there are two dots side by side in it"),
)


def _reason(written: str) -> str | None:
    return next((reason for sign, reason in _REASONS if sign.search(written)), None)


def _advice(written: str) -> str:
    if "@" in written and not written.partition("@")[0].isascii():
        return "write another address of yours"
    return (
        "write it without the space"
        if " " in written and "@" in written
        else "write it as name@example.org"
    )


def _candidates(written: str) -> Iterator[str]:
    """Yield what may be meant, each time a bolder guess."""
    inside = re.search(r"<([^<>]*)>", written)
    plain = (inside[1] if inside else written).strip(" .,;:<>()[]\"'")
    plain = re.sub(r"^mailto:", "", plain, flags=re.IGNORECASE)
    yield plain
    yield _WORDS_FOR_DOT.sub(".", _WORDS_FOR_AT.sub("@", plain))
    tight = re.sub(r"([.@])\1+", r"\1", plain.replace(" @", "@").replace("@ ", "@"))
    yield tight
    local, at, domain = tight.rpartition("@")
    yield f"{local}{at}{domain.replace(',', '.')}"


def is_address(text: str) -> bool:
    """Whether we could write to `text`; more than one word never is one."""
    try:
        return "@" in parse_address(text)
    except AddressError:
        return False
