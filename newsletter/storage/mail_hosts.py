"""What the DNS said of the mail servers of our subscribers' domains. All workers share it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, select, update

from newsletter.model import MailHosts, SubscriptionState
from newsletter.rules.throttle import is_due
from newsletter.storage.again import repeated
from newsletter.storage.bulk import insert_missing, put_rows
from newsletter.storage.columns import Moment, remark, table_of
from newsletter.storage.database import Database
from newsletter.storage.rows import last_number, take_numbers
from newsletter.storage.tables import MailHostsRow, SubscriberRow

_HOSTS: Final = table_of(MailHostsRow)
_PEOPLE: Final = table_of(SubscriberRow)
_SERIES: Final = "mail-hosts"
_FORGOTTEN_AFTER: Final = timedelta(days=7)


class MailHostStore:
    """The MailHostBook port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, *, now: datetime, limit: int) -> Sequence[str]:
        """Return domains of confirmed subscribers to ask the DNS for, those of most people first."""
        with self._database.reading() as connection:
            known = map(_read, connection.execute(select(_HOSTS)))
            fresh = {one.domain for one in known if not is_due(one, now)}
            domains = connection.execute(_domains(connection)).scalars()
            return list(islice((one for one in domains if one not in fresh), limit))

    @repeated
    def keep(self, found: Collection[MailHosts], *, now: datetime) -> None:
        """Keep answers in place of earlier ones; of one with `trouble` the earlier hosts stay."""
        failed = [_row(one) for one in found if one.trouble]
        with self._database.writing() as connection:
            take_numbers(connection, _SERIES, 1)  # first: so two who keep never wait for each other
            put_rows(connection, _HOSTS, [_row(one) for one in found if not one.trouble])
            insert_missing(connection, _HOSTS, failed)
            for row in failed:
                connection.execute(_FAIL, {f"new_{name}": value for name, value in row.items()})
            connection.execute(_FORGET, {"before": now - _FORGOTTEN_AFTER})

    def known(self) -> Sequence[MailHosts]:
        """Return all that have hosts, in the order of domains."""
        query = select(_HOSTS).where(_HOSTS.c.hosts != "").order_by(_HOSTS.c.domain)
        with self._database.reading() as connection:
            return [_read(row) for row in connection.execute(query)]

    def version(self) -> int:
        """Return a number that grows whenever anything is kept."""
        with self._database.reading() as connection:
            return last_number(connection, _SERIES)


def _domains(connection: Connection) -> Select[Any]:
    """Return the query for the domains of confirmed subscribers; an address has one @."""
    address = _PEOPLE.c.address
    if connection.dialect.name == "postgresql":
        domain = func.lower(func.split_part(address, "@", 2))
    else:
        domain = func.lower(func.substr(address, func.instr(address, "@") + 1))
    here = select(domain.label("domain")).where(_PEOPLE.c.state == SubscriptionState.CONFIRMED)
    every = here.subquery().c.domain
    return select(every).group_by(every).order_by(func.count().desc(), every)


_FAIL: Final = (
    update(_HOSTS)
    .where(_HOSTS.c.domain == bindparam("new_domain"))
    .values(
        asked_at=bindparam("new_asked_at", type_=Moment()),
        trouble=bindparam("new_trouble"),
    )
)
_FORGET: Final = delete(_HOSTS).where(_HOSTS.c.asked_at < bindparam("before", type_=Moment()))


def _row(one: MailHosts) -> dict[str, object]:
    return {
        "domain": one.domain,
        "hosts": " ".join(one.hosts),
        "asked_at": one.asked_at,
        "trouble": remark(one.trouble),
    }


def _read(row: Row[Any]) -> MailHosts:
    return MailHosts(row.domain, tuple(row.hosts.split()), row.asked_at, row.trouble)
