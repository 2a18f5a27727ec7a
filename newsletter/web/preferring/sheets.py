"""What a browser sends of the page, and what the page sends along to know what was changed."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Final

from newsletter.bootstrap import Sheet
from newsletter.preferences import Side

MOST_BYTES: Final = 256 * 1024
"""Of a body: a document of 16 kB, written in percent signs, with the form, and what both sides said."""
MOST_FIELDS: Final = 800
ADD_TOPIC: Final = "add-topic"
_PREFERRED: Final = {"keep-form": Side.FORM, "keep-yaml": Side.YAML}
_REMOVE: Final = re.compile(r"remove-([0-9]{1,3})")


def read_sheet(fields: Mapping[str, str]) -> Sheet:
    """Return what was sent; a row that is to be removed is left out."""
    action = fields.get("do", "")
    removed = _REMOVE.fullmatch(action)
    gone = f"own.{int(removed[1])}." if removed else None
    kept = {key: one for key, one in fields.items() if not (gone and key.startswith(gone))}
    return Sheet(
        fields=kept,
        text=fields.get("yaml"),
        agreed=unpack(fields.get("agreed", "")),
        read_as=fields.get("read_as"),
        prefer=_PREFERRED.get(action),
    )


def pack(text: str) -> str:
    """Return a text so that a hidden field carries it to the byte, line ends too."""
    return urlsafe_b64encode(text.encode("utf-8", "replace")).decode("ascii")


def unpack(packed: str) -> str | None:
    """Return what `pack` packed; None for anything else."""
    try:
        return urlsafe_b64decode(packed.encode("ascii")).decode("utf-8") or None
    except (Base64Error, ValueError):
        return None
