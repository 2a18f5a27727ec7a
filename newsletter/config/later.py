"""What is allowed but should be thought over."""

from collections.abc import Iterator
from typing import Final

from newsletter.config.secrets import SecretKind
from newsletter.config.settings import Config
from newsletter.model import Problem
from newsletter.preferences import Node, locate

_Path = tuple[str, ...]
_SHORTEST_TOKEN: Final = 20
_LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})


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
    yield from _doubtful_doors(config, root, file)


def _doubtful_doors(config: Config, root: Node, file: str) -> Iterator[Problem]:
    """Yield what is doubtful about the ways to the operator's pages."""
    web = config.web
    if web.operator_header and not web.proxies:
        message = "nobody comes in by it, since no server is named whose word is taken"
        remedy = "name the one in front under web.proxies"
        yield _at(root, ("web", "operator_header"), file, message, remedy)
    token = web.admin_token
    if token is None:
        return
    if token.kind is SecretKind.TEXT and len(token.value) < _SHORTEST_TOKEN:
        message = f"shorter than {_SHORTEST_TOKEN} characters: it can be guessed"
        remedy = "make one with `openssl rand -hex 24` and name its file: {file: data/admin-token}"
        yield _at(root, ("web", "admin_token"), file, message, remedy)
    if config.newsletter.public_url is None and web.host not in _LOCAL:
        message = f"the pages are open at {web.host} without https: the token goes in the clear"
        yield _at(root, ("web", "admin_token"), file, message, "set web.host to 127.0.0.1")


def _is_related(one: str, other: str) -> bool:
    """Whether one domain lies in the other, or both in a third; there is no list of suffixes."""
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return True
    parent = one.partition(".")[2]
    return "." in parent and parent == other.partition(".")[2]


def _at(root: Node, path: _Path, file: str, message: str, suggestion: str | None = None) -> Problem:
    found = locate(root, path)
    place = found.key or found.node
    return Problem(file, place.line, place.column, ".".join(path), message, suggestion)
