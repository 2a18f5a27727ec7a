"""One line of JSON, and the fields of it that a collection has."""

import json
from math import isfinite
from typing import Final

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

LONGEST_ID: Final = 1_000


def read_json(text: str) -> Json:
    """Return what `text` says. Raises ValueError with a reason for a person."""
    try:
        value: Json = json.loads(text)
    except RecursionError as error:
        message = "nests too deep"
        raise ValueError(message) from error
    except json.JSONDecodeError as error:
        message = f"is no JSON ({error.msg} at column {error.colno}); write one object in each line"
        raise ValueError(message) from error
    except ValueError as error:  # a whole number of thousands of digits
        message = "has a number that is too long"
        raise ValueError(message) from error
    return value


def read_object(text: str) -> dict[str, Json]:
    """Return the object in `text`. Raises ValueError with a reason for a person."""
    value = read_json(text)
    if not isinstance(value, dict):
        message = 'is no object; write {"id": …, "text": …} in each line'
        raise ValueError(message)  # noqa: TRY004 - it is about a file, not about an argument
    return value


def id_in(row: dict[str, Json]) -> str:
    """Return the id of a document or query: `id`, or `_id` as some collections call it.

    Raises ValueError with a reason for a person.
    """
    key = "id" if "id" in row else "_id"
    if key not in row:
        message = "has no id; give each its own"
        raise ValueError(message)
    return as_id(row[key])


def as_id(value: Json) -> str:
    """Return a text or number as an id: 7 and "7" are the same. Raises ValueError with a reason."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_wrong = isinstance(value, bool) or (isinstance(value, float) and not isfinite(value))
    if is_wrong or not isinstance(value, str | int | float):
        message = "has an id that is neither a text nor a number"
        raise ValueError(message)
    known = as_text(str(value)).strip()
    if not known or len(known) > LONGEST_ID:
        message = f"has an id that is empty or longer than {LONGEST_ID:,} characters"
        raise ValueError(message)
    return known


def text_in(row: dict[str, Json], key: str) -> str:
    """Return a text of `row`; nothing where it is missing or null. Raises ValueError with a reason."""
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        message = f"{key} is no text; write it in quotation marks"
        raise ValueError(message)  # noqa: TRY004 - it is about a file, not about an argument
    return as_text(value).strip()


def as_text(value: str) -> str:
    """Return `value` as it can be written down: half of a surrogate pair becomes a question mark."""
    return value.encode(errors="replace").decode()
