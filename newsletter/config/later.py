"""What is allowed but should be thought over, and what waits for a later release."""

from collections.abc import Iterator
from typing import Final

from newsletter.config.settings import Config
from newsletter.model import Problem
from newsletter.preferences import Node, locate

_Path = tuple[str, ...]

_UNUSED: Final[tuple[tuple[_Path, str], ...]] = (
    (("web", "admin_token"), "there are no operator's pages yet"),
)
"""Keys that are checked and then wait for a later release."""


def find_warnings(config: Config, root: Node, file: str) -> tuple[Problem, ...]:
    """Return what works, but perhaps not as the operator thinks."""
    return tuple(sorted(_doubtful(config, root, file), key=lambda problem: problem.line))


def _doubtful(config: Config, root: Node, file: str) -> Iterator[Problem]:
    section = config.newsletter
    if section.public_url is None:
        message = "there is no https address, so letters have no one-click link to unsubscribe"
        yield _at(root, ("newsletter", "url"), file, message, "it still works by mail")
    sender = section.letterhead().from_address.rpartition("@")[2].lower()
    if not _is_related(sender, section.mail_domain):
        message = f"{sender} and {section.mail_domain} are strangers: bounce addresses are not of "
        message += "the sender's domain (RFC 7489 section 3.1.2)"
        yield _at(root, ("newsletter", "domain"), file, message)
    for number, key in enumerate(config.delivery.dkim, 1):
        if not _is_related(sender, key.domain):
            message = f"{key.domain} and {sender} are strangers: DMARC does not count the signature"
            yield _at(root, ("delivery", "dkim", str(number), "domain"), file, message)
    for path, consequence in _UNUSED:
        if _is_written(root, path):
            yield _at(root, path, file, f"waits for a later release: {consequence}")


def _is_related(one: str, other: str) -> bool:
    """Whether one domain lies in the other, or both in a third; there is no list of suffixes."""
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return True
    parent = one.partition(".")[2]
    return "." in parent and parent == other.partition(".")[2]


def _is_written(root: Node, path: _Path) -> bool:
    return locate(root, path).path == ".".join(path)


def _at(root: Node, path: _Path, file: str, message: str, suggestion: str | None = None) -> Problem:
    found = locate(root, path)
    place = found.key or found.node
    return Problem(file, place.line, place.column, ".".join(path), message, suggestion)
