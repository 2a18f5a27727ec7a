"""Preferences documents in the database: the text as written, one for each person."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select, update

from newsletter.errors import PreferencesError
from newsletter.model import AddressKey, Document, PreferencesReading
from newsletter.ports import DocumentSource
from newsletter.rules.addresses import address_key
from newsletter.storage.bulk import insert_rows
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.rows import last_number, lock_series, pieces, rows_in, take_numbers
from newsletter.storage.tables import DocumentRow

ReadTexts = Callable[[Sequence[tuple[str, str]]], Sequence[PreferencesReading]]
"""Reads many texts, each beside the name that its problems give to it."""

SERIES: Final = "document"
"""Every change of a document takes the next number: whoever saw the last one has seen all."""
_BATCH: Final = 1000
_TABLE: Final = table_of(DocumentRow)


class _Kept(NamedTuple):
    """What a document said when it had this number."""

    change_no: int
    reading: PreferencesReading


class Documents:
    """The PreferencesStore port over a database. What cannot be read is never stored.

    A document can still break later, when the operator takes a topic out of the catalogue: then
    it is a problem like one in a file.
    """

    def __init__(self, database: Database, read_texts: ReadTexts) -> None:
        self._database = database
        self._read_texts = read_texts
        self._kept: dict[AddressKey, _Kept] = {}
        self._last_change = -1
        self._whole = PreferencesReading(())

    def read(self) -> PreferencesReading:
        """Return every document and every problem, by address. Reads again what changed alone."""
        with self._database.reading() as connection:
            last = last_number(connection, SERIES)
            if last == self._last_change:
                return self._whole
            numbers = _numbers(connection)
            kept = self._unchanged(numbers)
            texts = _texts(connection, numbers.keys() - kept.keys())
        fresh = self._read_texts([(text, _shown(key)) for key, text in texts.items()])
        for key, reading in zip(texts, fresh, strict=True):
            kept[key] = _Kept(numbers[key], _of_person(key, reading))
        self._kept = kept
        readings = [self._kept[key].reading for key in sorted(self._kept)]
        self._whole = PreferencesReading(
            tuple(document for one in readings for document in one.documents),
            tuple(problem for one in readings for problem in one.problems),
            frozenset[AddressKey]().union(*(one.broken for one in readings)),
        )
        self._last_change = last
        return self._whole

    def last_change(self) -> int:
        """Return the number of the last change, in this program or another one."""
        with self._database.reading() as connection:
            return last_number(connection, SERIES)

    def source_of(self, address: AddressKey) -> DocumentSource | None:
        """Return the document of a person as written; None: there is none."""
        with self._database.reading() as connection:
            text = _text_of(connection, address)
        if text is None:
            return None
        return DocumentSource(text, f"{_shown(address)}:{_first_line(text)}")

    def replace(self, address: AddressKey, text: str, *, expected: str | None) -> None:
        """Write the document of a person, whole or not at all.

        `expected` is the text it was read as, None for a new document. Raises PreferencesError
        when another stands there now, and with every mistake for a text that is not one valid
        document of that person.
        """
        whole = self._refuse_bad(address, text)
        with self._database.writing() as connection:
            lock_series(connection, SERIES)
            if _text_of(connection, address) != expected:
                raise PreferencesError(_conflict(address, expected))
            _put(connection, {address: whole})

    def put_all(self, documents: Iterable[Document]) -> None:
        """Write valid documents, in place of what these people had before, a thousand at a time."""
        for batch in pieces(documents, _BATCH):
            texts = {address_key(one.preferences.email): one.text for one in batch}
            with self._database.writing() as connection:
                _put(connection, texts)

    def remove(self, address: AddressKey, *, expected: str | None) -> None:
        """Take away the document of a person, if there is one.

        `expected` is the text it was read as, None for whatever it says. Raises PreferencesError
        when another stands there now.
        """
        with self._database.writing() as connection:
            lock_series(connection, SERIES)
            text = _text_of(connection, address)
            if text is not None and expected not in (None, text):
                raise PreferencesError(_conflict(address, expected))
            remove_document(connection, address)

    def _unchanged(self, numbers: Mapping[AddressKey, int]) -> dict[AddressKey, _Kept]:
        return {
            key: known
            for key, number in numbers.items()
            if (known := self._kept.get(key)) and known.change_no == number
        }

    def _refuse_bad(self, address: AddressKey, text: str) -> str:
        """Return the text to store, without a byte order mark."""
        whole = text.removeprefix("\ufeff")
        (reading,) = self._read_texts([(whole, _shown(address))])
        if reading.problems:
            raise PreferencesError("\n".join(map(str, reading.problems)))
        if [one.text for one in reading.documents] != [whole]:
            message = f"{_shown(address)}: is not one document; leave out every line ---"
            raise PreferencesError(message)
        email = reading.documents[0].preferences.email
        if address_key(email) != address:
            message = (
                f"{_shown(address)}: email: {email} is another person; leave the address as it is"
            )
            raise PreferencesError(message)
        return whole


def remove_document(connection: Connection, address: AddressKey) -> int:
    """Take away the document of a person, so that every reader notices; return how many there were."""
    lock_series(connection, SERIES)
    gone = connection.execute(delete(_TABLE).where(_TABLE.c.address_key == address)).rowcount
    if gone:
        take_numbers(connection, SERIES, 1)
    return gone


def _put(connection: Connection, texts: dict[AddressKey, str]) -> None:
    numbers = take_numbers(connection, SERIES, len(texts))
    rows = [
        {"address_key": key, "text": text, "change_no": number}
        for (key, text), number in zip(texts.items(), numbers, strict=True)
    ]
    known = {
        row["address_key"]
        for row in rows_in(connection, select(_TABLE.c.address_key), _TABLE.c.address_key, texts)
    }
    insert_rows(connection, _TABLE, [row for row in rows if row["address_key"] not in known])
    for row in rows:
        if row["address_key"] in known:
            here = _TABLE.c.address_key == row["address_key"]
            connection.execute(update(_TABLE).where(here).values(row))


def _numbers(connection: Connection) -> dict[AddressKey, int]:
    query = select(_TABLE.c.address_key, _TABLE.c.change_no)
    return {AddressKey(key): number for key, number in connection.execute(query)}


def _texts(connection: Connection, addresses: Iterable[AddressKey]) -> dict[AddressKey, str]:
    query = select(_TABLE.c.address_key, _TABLE.c.text)
    rows = rows_in(connection, query, _TABLE.c.address_key, addresses)
    return {AddressKey(row["address_key"]): row["text"] for row in rows}


def _text_of(connection: Connection, address: AddressKey) -> str | None:
    query = select(_TABLE.c.text).where(_TABLE.c.address_key == address)
    text: str | None = connection.execute(query).scalar()
    return text


def _of_person(address: AddressKey, reading: PreferencesReading) -> PreferencesReading:
    """Return the reading with the person named: whose document it is, is certain here."""
    broken = frozenset({address}) if reading.problems else frozenset[AddressKey]()
    return PreferencesReading(reading.documents, reading.problems, broken)


def _shown(address: AddressKey) -> str:
    return f"database/{address}"


def _first_line(text: str) -> int:
    """Return the line of the first key."""
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.strip() and line[0] != "#"), 1)


def _conflict(address: AddressKey, expected: str | None) -> str:
    if expected is None:
        fact = "has a document already"
        return (
            f"{_shown(address)}: {fact}; change that one: `newsletter preferences edit {address}`"
        )
    return f"{_shown(address)}: was changed meanwhile; look at it again and repeat your change"
