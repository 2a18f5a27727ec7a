"""The work of `newsletter tokens`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import typer

from newsletter.bootstrap import list_tokens, make_token, open_newsroom, revoke_token
from newsletter.cli.records import moment
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table
from newsletter.errors import ExitCode
from newsletter.model import ApiToken, Scope

_HEADINGS: Final = ("Name", "May", "Made", "Ends", "Last used")


def run_add(session: Session, name: str, scopes: Sequence[str], days: int | None) -> None:
    """Make a token and show it."""
    lifetime = timedelta(days=days) if days else None
    with open_newsroom(session.config_path) as room:
        text = make_token(room, name, map(Scope, scopes), lifetime)
    if session.wants_json:
        session.write_json({"name": name, "token": text})
        return
    session.say(f"{text}\n\nKeep it now: it is not shown again. In each call: ")
    session.say(f"Authorization: Bearer {text}")


def run_list(session: Session) -> None:
    """Show all tokens."""
    with open_newsroom(session.config_path) as room:
        tokens = list_tokens(room)
    if session.wants_json:
        records: list[JsonValue] = [_record(one) for one in tokens]
        session.write_json({"tokens": records})
        return
    rows = [
        (
            one.name,
            " ".join(sorted(one.scopes)),
            f"{one.made_at:%Y-%m-%d}",
            f"{one.ends_at:%Y-%m-%d}" if one.ends_at else "never",
            f"{one.used_on:%Y-%m-%d}" if one.used_on else "never",
        )
        for one in tokens
    ]
    session.say(plain_table("Tokens of the API", _HEADINGS, rows))


def run_revoke(session: Session, name: str) -> None:
    """End a token."""
    with open_newsroom(session.config_path) as room:
        is_gone = revoke_token(room, name)
    if session.wants_json:
        session.write_json({"revoked": is_gone})
    if not is_gone:
        session.notice(f"{name}: there is no such token; `newsletter tokens list` shows them")
        raise typer.Exit(ExitCode.DATA)
    session.say(f"{name} counts no more.")


def _record(token: ApiToken) -> JsonValue:
    scopes: list[JsonValue] = [*sorted(token.scopes)]
    return {
        "name": token.name,
        "scopes": scopes,
        "made_at": moment(token.made_at),
        "ends_at": moment(token.ends_at),
        "used_on": token.used_on.isoformat() if token.used_on else None,
    }
