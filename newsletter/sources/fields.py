"""The values of one entry, each read as what its key promises."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from newsletter.model import Link, LinkKind
from newsletter.sources.complaints import Complaints
from newsletter.sources.plaintext import cut, one_line
from newsletter.sources.row import Raw, Row
from newsletter.sources.urls import read_url

_LONGEST_NAME: Final = 300
_MOST_NAMES: Final = 5_000
_MOST_URLS: Final = 20
_SHOWN: Final = 60
_COUNT: Final = re.compile(r"\d{1,9}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fields:
    """Reads values of `row`; what is wrong is complained of and then as if it were not there."""

    row: Row
    complaints: Complaints

    def complain(self, key: str, message: str, suggestion: str | None = None) -> None:
        """Complain of a key of this entry."""
        self.complaints.add(self.row.line_of(key.partition(".")[0]), key, message, suggestion)

    def text(
        self, *keys: str, most: int = _LONGEST_NAME, lay_out: Callable[[str], str] = one_line
    ) -> str | None:
        """Return the first text among `keys`, at most `most` characters of it; None without one."""
        for key in keys:
            shown = lay_out(self._plain(key, self.row.values.get(key)))
            if len(shown) > most:
                self.complain(key, f"is longer than {most} characters; the rest is left out")
            if shown:
                return cut(shown, most)
        return None

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, or a text with `;` between them, as a tuple."""
        value = self.row.values.get(key)
        parts = value.split(";") if isinstance(value, str) else _listed(value)
        if len(parts) > _MOST_NAMES:
            self.complain(key, f"are more than {_MOST_NAMES}; the rest is left out")
        shown = (one_line(self._plain(key, part)) for part in parts[:_MOST_NAMES])
        return tuple(cut(name, _LONGEST_NAME) for name in shown if name)

    def count(self, key: str) -> int | None:
        """Return a whole number from 0 to 999,999,999."""
        raw = self.row.values.get(key)
        value = str(raw) if isinstance(raw, float) else self._plain(key, raw).strip()
        if not value:
            return None
        if not _COUNT.fullmatch(value):
            self.complain(key, f'"{cut(value, _SHOWN)}" is no count', "write a whole number")
            return None
        return int(value)

    def day(self, *keys: str) -> date | None:
        """Return the first date among `keys`."""
        for key in keys:
            value = self._plain(key, self.row.values.get(key)).strip()
            try:
                if _DAY.fullmatch(value):
                    return date.fromisoformat(value)
            except ValueError:
                pass  # 2026-02-30: told below, like any other text
            if value:
                self.complain(key, f'"{cut(value, _SHOWN)}" is no date', "write YYYY-MM-DD")
        return None

    def links(self, key: str, bare_keys: Sequence[tuple[str, LinkKind]]) -> tuple[Link, ...]:
        """Return the links of the mapping under `key` and of keys that stand for a kind."""
        found = [*self._mapped_links(key)]
        for bare, kind in bare_keys:
            found += self._link(bare, kind, self.row.values.get(bare))
        distinct = sorted(dict.fromkeys(found), key=lambda link: _KINDS.index(link.kind))
        return tuple(distinct[:_MOST_URLS])

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Complain of every key that is not `known`, naming the nearest that is."""
        for key in self.row.values:
            if key not in known:
                self.complain(cut(key, _SHOWN), "unknown key", _nearest(key, known))

    def _mapped_links(self, key: str) -> Iterator[Link]:
        value = self.row.values.get(key)
        if value is None:
            return
        if not isinstance(value, dict):
            self.complain(key, "is no mapping of kinds to addresses", "write `page: https://…`")
            return
        for name, url in value.items():
            place = f"{key}.{cut(name, _SHOWN)}"
            if name in _KINDS:
                yield from self._link(place, LinkKind(name), url)
            else:
                self.complain(place, "unknown kind of link", _nearest(name, _KINDS))

    def _link(self, place: str, kind: LinkKind, value: Raw) -> Iterator[Link]:
        text = self._plain(place, value)
        url = read_url(text)
        if url:
            yield Link(kind, url)
        elif text.strip():
            shown = cut(one_line(text), _SHOWN)
            self.complain(place, f'"{shown}" is no address', "write https://…")

    def _plain(self, key: str, value: Raw) -> str:
        """Return a scalar as text, empty when there is none."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.complain(key, "is no text", "write it in quotes")
        return ""


_KINDS: Final = tuple(LinkKind)


def _listed(value: Raw) -> Sequence[Raw]:
    if value is None:
        return ()
    return value if isinstance(value, list) else [value]


def _nearest(key: str, known: Sequence[str]) -> str:
    near = get_close_matches(key[:_SHOWN].lower(), known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
