"""The page of the ledger as it usually is: all ends were accepted, all beginnings are still wanted.

Such a page needs no look at its messages: two statements write it, which say in their conditions
what a look would have to find. Where one message is not as they say, nothing of the page stays
written, and it goes the long way, which reads each message and moves it by the table of states.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    String,
    Update,
    bindparam,
    column,
    func,
    literal_column,
    null,
    update,
)
from sqlalchemy.types import TypeEngine

from newsletter.model import Beginning, OutboxEvent, OutboxId, OutboxState, Settlement
from newsletter.storage.columns import Moment, remark
from newsletter.storage.driver import Driver
from newsletter.storage.hindrances import IS_WANTED
from newsletter.storage.leases import Holder
from newsletter.storage.message_rows import OUTBOX

_SERVER: Final = "postgresql"
_NUMBER: Final = "number"
_Rows = Sequence[dict[str, object]]


class UnusualPageError(Exception):
    """A message is not as it usually is: what was written of its page must be rolled back."""


def is_usual(ended: Sequence[Settlement]) -> bool:
    """Say whether each of these ends is that of a try whose message was taken."""
    return all(
        one.event is OutboxEvent.ACCEPT
        and one.is_try
        and not one.is_crash
        and one.not_before is None
        for one in ended
    )


def write_usual_page(
    driver: Driver,
    ended: Sequence[Settlement],
    begun: Sequence[Beginning],
    holder: Holder,
    now: datetime,
) -> frozenset[OutboxId]:
    """Write ends that are usual, and beginnings; return what has begun: all of these.

    Raises UnusualPageError where `holder` does not hold a message any more, its state is another,
    or its reader left or bounced. Two who lock the same messages by turns may meet on PostgreSQL;
    one of them is given up by the server then, and is to begin anew (see `again.repeated`).
    """
    known = {"holder": holder, "now": now}
    taken: _Rows = [
        {_NUMBER: one.item, "reply": remark(one.reply)}
        for one in sorted(ended, key=lambda one: one.item)
    ]
    begins: _Rows = [
        {_NUMBER: one.item, "name": one.message_id, "digest": one.message_sha256}
        for one in sorted(begun, key=lambda one: one.item)
    ]
    count = _write(driver, _taken(driver.name), taken, known) if taken else 0
    count += _write(driver, _begun(driver.name), begins, known) if begins else 0
    if count != len(ended) + len(begun):
        raise UnusualPageError
    return frozenset(one.item for one in begun)


def _write(driver: Driver, statement: Update, rows: _Rows, known: Mapping[str, object]) -> int:
    if driver.name != _SERVER:
        return driver.change_each(statement, rows, known)
    lists = {name: [row[name] for row in rows] for name in rows[0]}
    return driver.change(statement, {**lists, **known})


@cache
def _taken(dialect: str) -> Update:
    new = _given(dialect, "reply")
    moved = _moved(new[_NUMBER], OutboxState.IN_DATA, OutboxState.SENT)
    return moved.values(lease=null(), not_before=null(), last_reply=new["reply"])


@cache
def _begun(dialect: str) -> Update:
    new = _given(dialect, "name", "digest")
    moved = _moved(new[_NUMBER], OutboxState.CLAIMED, OutboxState.IN_DATA)
    return moved.where(IS_WANTED).values(message_id=new["name"], message_sha256=new["digest"])


def _moved(number: ColumnElement[Any], was: OutboxState, now: OutboxState) -> Update:
    """Return the move of a message that its worker holds from one state to another."""
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id == number)
        .where(OUTBOX.c.state == literal_column(f"'{was}'"))
        .where(OUTBOX.c.lease == bindparam("holder", type_=String))
        .values(state=literal_column(f"'{now}'"), updated_at=bindparam("now", type_=Moment()))
    )


def _given(dialect: str, *texts: str) -> Mapping[str, ColumnElement[Any]]:
    """Return the values of a message by name: its number, and texts.

    On SQLite they are parameters, and the statement runs once for each message. A server is asked
    once for all of them: there they are the columns of a table made of lists.
    """
    types: dict[str, TypeEngine[Any]] = {_NUMBER: BigInteger(), **dict.fromkeys(texts, String())}
    if dialect != _SERVER:
        return {name: bindparam(name, type_=kind) for name, kind in types.items()}
    lists = [bindparam(name, type_=ARRAY(kind)) for name, kind in types.items()]
    table = func.unnest(*lists).table_valued(*(column(name, kind) for name, kind in types.items()))
    return dict(table.render_derived("new").c)
