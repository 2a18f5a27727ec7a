"""Values that SQLite keeps and PostgreSQL does not take, found before anything is moved.

SQLite takes any value in any column. The program writes none of these; another program may have.
"""

from typing import Any, Final

from sqlalchemy import Connection

from newsletter.errors import StorageError
from newsletter.storage.moving.shapes import Kind, Shape, listed

_DIGITS: Final = {length: "[0-9]" * length for length in (2, 4, 6)}
_DAY: Final = f"{_DIGITS[4]}-{_DIGITS[2]}-{_DIGITS[2]}"
_SECOND: Final = f"{_DAY} {_DIGITS[2]}:{_DIGITS[2]}:{_DIGITS[2]}"

_IS_WRONG: Final = {
    Kind.TEXT: "typeof({0}) NOT IN ('text', 'null') OR instr({0}, char(0)) > 0",
    Kind.NUMBER: "typeof({0}) NOT IN ('integer', 'null')",
    Kind.MOMENT: f"{{0}} NOT GLOB '{_SECOND}.{_DIGITS[6]}' AND {{0}} NOT GLOB '{_SECOND}'",
    Kind.DAY: f"{{0}} NOT GLOB '{_DAY}'",
    Kind.TRUTH: "{0} NOT IN (0, 1)",
    Kind.OCTETS: "typeof({0}) NOT IN ('blob', 'null')",
}
_WANTED: Final = {
    Kind.TEXT: "a text without the character NUL, which PostgreSQL cannot keep",
    Kind.NUMBER: "a whole number",
    Kind.MOMENT: "a moment in UTC as 2026-11-23 07:00:00.000000",
    Kind.DAY: "a day as 2026-11-23",
    Kind.TRUTH: "0 or 1",
    Kind.OCTETS: "octets (a blob)",
}


def refuse_troubles(connection: Connection, name: str, shape: Shape) -> None:
    """Raise StorageError for the first value of a table of the file `name` that cannot be moved."""
    conditions = {column: _IS_WRONG[kind].format(f'"{column}"') for column, kind in shape.columns}
    some = " OR ".join(f"({one})" for one in conditions.values())
    which = "".join(f" WHEN {one} THEN '{column}'" for column, one in conditions.items())
    query = f'SELECT CASE{which} END, {listed(shape.key)} FROM "{shape.name}" WHERE {some} LIMIT 1'  # noqa: S608 - names of our tables
    found = connection.exec_driver_sql(query).first()
    if found is not None:
        column, *key = found
        wanted = _WANTED[dict(shape.columns)[column]]
        raise StorageError(_message(name, shape, key, column, f"is not {wanted}"))


def refuse_undecodable(connection: Connection, name: str, shape: Shape) -> None:
    """Raise StorageError for the first text of a table that is not UTF-8, if there is any.

    To be called once the driver met one: it says the value, which is nobody's business, and not where.
    """
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - the transaction is open
    decode, driver.text_factory = driver.text_factory, bytes
    try:
        columns = [column for column, kind in shape.columns if kind is Kind.TEXT]
        query = f'SELECT {listed(shape.key)}, {listed(tuple(columns))} FROM "{shape.name}"'  # noqa: S608 - names of our tables
        for row in driver.execute(query):
            key, texts = row[: len(shape.key)], row[len(shape.key) :]
            for column, value in zip(columns, texts, strict=True):
                if not _is_utf8(value):
                    shown = [_shown(one) for one in key]
                    raise StorageError(_message(name, shape, shown, column, "is not UTF-8"))
    finally:
        driver.text_factory = decode


def _message(name: str, shape: Shape, key: list[Any], column: str, fact: str) -> str:
    place = ", ".join(f"{name} {value!r}" for name, value in zip(shape.key, key, strict=True))
    return (
        f"{name}: cannot be moved: in table {shape.name}, row {place}, column {column} {fact}."
        " Nothing is lost: mend that value (after `newsletter migrate --stay`, where the file is"
        " closed already) and repeat the command"
    )


def _is_utf8(value: object) -> bool:
    try:
        return not isinstance(value, bytes) or value.decode() is not None
    except UnicodeDecodeError:
        return False


def _shown(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
