"""Who is an operator: whoever knows the token, or whom a server of ours in front has let in."""

import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from starlette.requests import Request

from newsletter.web.guards import Network, client_network, is_trusted

SESSION_LASTS: Final = timedelta(hours=12)
LOGGED_OUT: Final = "log out"
"""What the audit log calls the end of a session."""
COOKIE_PATH: Final = "/operator"
_COOKIE: Final = "operator"
_SECURE_COOKIE: Final = "__Secure-operator"
"""Browsers take a cookie of such a name by https alone (RFC 6265bis section 4.1.3.1)."""
_COOKIE_FORM: Final = re.compile(r"(\d{1,12})\.([0-9a-f]{32})\.([0-9a-f]{64})", re.ASCII)
_LONGEST_NAME: Final = 200
_SESSION_BYTES: Final = 16
_BEARER: Final = "bearer "


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens the operator's pages: a token, or a header that one of `proxies` sets, or both.

    `signing` are the instance's keys, the newest first. `is_https` is whether people come by https.
    """

    signing: Sequence[bytes] = field(repr=False)
    token: str | None = field(default=None, repr=False)
    header: str | None = None
    proxies: Sequence[Network] = ()
    is_https: bool = False

    def __bool__(self) -> bool:
        """Whether there is any way in."""
        return bool(self.token or self.header)


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may act. `form_token` must come with each form; `session` is None by header."""

    name: str
    form_token: str = field(repr=False)
    session: str | None = None


class Access:
    """Lets operators in. `has_ended` asks whether a session was ended by its operator.

    A session is a signed cookie with its end in it. The key is made of the token too, so that
    another token ends all sessions.
    """

    def __init__(
        self,
        keys: Keys,
        has_ended: Callable[[str, datetime], bool],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._keys = keys
        self._has_ended = has_ended
        self._clock = clock
        token = sha256((keys.token or "").encode()).digest()
        self._mac_keys = [_mac(key, b"operator", token) for key in keys.signing]

    @property
    def takes_token(self) -> bool:
        """Whether there is a token to log in with."""
        return self._keys.token is not None

    @property
    def cookie(self) -> str:
        """Return the name of the cookie."""
        return _SECURE_COOKIE if self._keys.is_https else _COOKIE

    @property
    def is_https(self) -> bool:
        """Whether the cookie goes by https alone."""
        return self._keys.is_https

    def who(self, request: Request) -> Operator | None:
        """Return the operator who asks; None: nobody who may. Raises StorageError."""
        return self._by_header(request) or self._by_cookie(request)

    def opens(self, token: str) -> bool:
        """Whether that is the token; takes as long for each that is not."""
        ours = sha256((self._keys.token or "").encode()).digest()
        theirs = sha256(token.encode("utf-8", "replace")).digest()
        return hmac.compare_digest(ours, theirs) and self._keys.token is not None

    def is_bearer(self, request: Request) -> bool | None:
        """Whether the request brings the token as a bearer (RFC 6750); None: it brings none."""
        value = request.headers.get("authorization", "")
        if not value.lower().startswith(_BEARER):
            return None
        return self.opens(value[len(_BEARER) :].strip())

    def new_session(self) -> str:
        """Return the value of a cookie for a new session."""
        end = int((self._clock() + SESSION_LASTS).timestamp())
        session = secrets.token_hex(_SESSION_BYTES)
        return f"{end}.{session}.{self._sign(self._mac_keys[0], str(end), session)}"

    def is_own_form(self, operator: Operator, given: str) -> bool:
        """Whether a form comes from a page that this operator was shown."""
        return hmac.compare_digest(operator.form_token.encode(), given.encode("utf-8", "replace"))

    def _by_header(self, request: Request) -> Operator | None:
        if self._keys.header is None or not is_trusted(request, self._keys.proxies):
            return None
        given = request.headers.getlist(self._keys.header)
        # Of two, one may be the client's own.
        if len(given) != 1 or not 0 < len(given[0].strip()) <= _LONGEST_NAME:
            return None
        name = given[0].strip()
        if not name.isprintable():
            return None
        return Operator(name, self._form_token("header", name))

    def _by_cookie(self, request: Request) -> Operator | None:
        form = _COOKIE_FORM.fullmatch(request.cookies.get(self.cookie, ""))
        if form is None or self._keys.token is None:
            return None
        end, session, mac = form.groups()
        is_signed = [
            hmac.compare_digest(self._sign(key, end, session), mac) for key in self._mac_keys
        ]
        now = self._clock()
        if not any(is_signed) or int(end) <= now.timestamp():
            return None
        if self._has_ended(session, now - SESSION_LASTS):
            return None
        name = f"session {session[:8]}, {client_network(request, self._keys.proxies)}"
        return Operator(name, self._form_token("session", session), session)

    def _sign(self, key: bytes, end: str, session: str) -> str:
        return _mac(key, b"session", f"{end}.{session}".encode()).hex()

    def _form_token(self, kind: str, name: str) -> str:
        return _mac(self._mac_keys[0], b"form", f"{kind}\0{name}".encode()).hex()


def is_from_elsewhere(request: Request) -> bool:
    """Whether a browser says that a form of another site sent this (Fetch Metadata)."""
    return request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}


def _mac(key: bytes, purpose: bytes, text: bytes) -> bytes:
    return hmac.digest(key, purpose + b"\0" + text, "sha256")
