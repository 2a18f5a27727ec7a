"""The page of the ledger as it usually is: all ends were accepted, all beginnings are still wanted.

Such a page needs no look at its messages: the statements that write it say in their conditions what a
look would have to find. Where one message is not as they say, nothing of the page stays written, and
it goes the long way, which reads each message and moves it by the table of states.

A server gets the whole page as one statement: each answer of it is waited for. SQLite, which has no
way to go, takes a statement for ends and one for beginnings, and runs them for each message.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    String,
    Update,
    bindparam,
    case,
    column,
    func,
    literal_column,
    null,
    or_,
    update,
)

from newsletter.model import Beginning, OutboxEvent, OutboxId, OutboxState, Settlement
from newsletter.storage.bulk import NUMBERS, TEXTS, TRUTHS, write_array
from newsletter.storage.columns import Moment, remark
from newsletter.storage.driver import Driver
from newsletter.storage.hindrances import IS_WANTED
from newsletter.storage.leases import Holder
from newsletter.storage.message_rows import OUTBOX

_SERVER: Final = "postgresql"
_NUMBER: Final = "number"
_TEXTS: Final = ("reply", "name", "digest")
_COLUMNS: Final = (_NUMBER, "is_end", *_TEXTS)
_Ends = Sequence[Settlement]
_Beginnings = Sequence[Beginning]


def _written(state: OutboxState) -> ColumnElement[str]:
    return literal_column(f"'{state}'", String())


_CLAIMED: Final = _written(OutboxState.CLAIMED)
_IN_DATA: Final = _written(OutboxState.IN_DATA)
_SENT: Final = _written(OutboxState.SENT)


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
    if not ended and not begun:
        return frozenset()
    ended = sorted(ended, key=lambda one: one.item)
    begun = sorted(begun, key=lambda one: one.item)
    write = _write_at_once if driver.name == _SERVER else _write_each
    count = write(driver, ended, begun, {"holder": holder, "now": now})
    if count != len(ended) + len(begun):
        raise UnusualPageError
    return frozenset(one.item for one in begun)


def _write_at_once(
    driver: Driver, ended: _Ends, begun: _Beginnings, known: Mapping[str, object]
) -> int:
    ends = [(one.item, True, remark(one.reply), None, None) for one in ended]
    begins = [(one.item, False, None, one.message_id, one.message_sha256) for one in begun]
    columns = zip(_COLUMNS, zip(*ends, *begins, strict=True), strict=True)
    lists = {name: write_array(values) for name, values in columns}
    return driver.change(_page(), {**lists, **known})


def _write_each(
    driver: Driver, ended: _Ends, begun: _Beginnings, known: Mapping[str, object]
) -> int:
    taken = [{_NUMBER: one.item, "reply": remark(one.reply)} for one in ended]
    begins = [
        {_NUMBER: one.item, "name": one.message_id, "digest": one.message_sha256} for one in begun
    ]
    count = driver.change_each(_taken(), taken, known) if taken else 0
    return count + (driver.change_each(_begun(), begins, known) if begins else 0)


@cache
def _page() -> Update:
    """Return the move of all messages of a page, which are the rows of a table made of lists."""
    lists = [
        bindparam(_NUMBER, type_=NUMBERS),
        bindparam("is_end", type_=TRUTHS),
        *(bindparam(name, type_=TEXTS) for name in _TEXTS),
    ]
    table = func.unnest(*lists).table_valued(
        column(_NUMBER, BigInteger),
        column("is_end", Boolean),
        *(column(name, String) for name in _TEXTS),
    )
    new = table.render_derived("new").c
    is_end = new["is_end"]

    def either(of_end: object, of_beginning: object) -> ColumnElement[Any]:
        return case((is_end, of_end), else_=of_beginning)

    return (
        _held(new[_NUMBER])
        .where(OUTBOX.c.state == either(_IN_DATA, _CLAIMED))
        .where(or_(is_end, IS_WANTED))
        .values(
            state=either(_SENT, _IN_DATA),
            lease=either(null(), OUTBOX.c.lease),
            not_before=either(null(), OUTBOX.c.not_before),
            last_reply=either(new["reply"], OUTBOX.c.last_reply),
            message_id=either(OUTBOX.c.message_id, new["name"]),
            message_sha256=either(OUTBOX.c.message_sha256, new["digest"]),
        )
    )


@cache
def _taken() -> Update:
    moved = _held(bindparam(_NUMBER, type_=BigInteger)).where(OUTBOX.c.state == _IN_DATA)
    reply = bindparam("reply", type_=String)
    return moved.values(state=_SENT, lease=null(), not_before=null(), last_reply=reply)


@cache
def _begun() -> Update:
    moved = _held(bindparam(_NUMBER, type_=BigInteger)).where(OUTBOX.c.state == _CLAIMED)
    name, digest = bindparam("name", type_=String), bindparam("digest", type_=String)
    return moved.where(IS_WANTED).values(state=_IN_DATA, message_id=name, message_sha256=digest)


def _held(number: ColumnElement[Any]) -> Update:
    """Return a change of a message that its worker holds."""
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id == number, OUTBOX.c.lease == bindparam("holder", type_=String))
        .values(updated_at=bindparam("now", type_=Moment()))
    )
