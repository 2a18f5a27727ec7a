"""Documents in every style that people write: strategies for tests of what edits them."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from newsletter.preferences.editing.quoting import Value, scalar

WORDS = st.sampled_from(["ada", "x", "7:30", "no", "2301.00010", "a b", "it's", "GPT-4", "Zoë"])
TEXTS = WORDS | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x85"), min_size=1, max_size=12
)
KEYS = st.sampled_from(["email", "name", "send", "at", "topics", "mute", "query", "weight", "k y"])
LEAVES = st.none() | TEXTS


def _mappings(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.dictionaries(KEYS, values, min_size=1, max_size=4)


def _lists(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    filled = values.filter(lambda value: value is not None)
    return st.lists(filled, min_size=1, max_size=4)


VALUES: st.SearchStrategy[Value] = st.recursive(
    LEAVES, lambda values: _mappings(values) | _lists(values), max_leaves=8
)
ROOTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


@dataclass
class Writer:
    """Writes a value as one of many people would."""

    draw: Callable[[st.SearchStrategy[object]], object]

    def one_of(self, *options: str) -> str:
        return str(self.draw(st.sampled_from(options)))

    def maybe(self) -> bool:
        return bool(self.draw(st.booleans()))

    def comment(self) -> str:
        return self.one_of("", "", "", " # why", "  # a: b - [c", "   # 'x")

    def lines_between(self, margin: str) -> list[str]:
        options = [
            "",
            "",
            "",
            "\n",
            f"{margin}# note\n",
            "\n# at the margin\n",
            f"{margin}  # deep\n",
        ]
        return [self.one_of(*options)]

    def scalar(self, text: str) -> str:
        style = self.one_of("", "'", '"')
        return scalar(text, "at_most" if self.maybe() else "", style)

    def flow(self, value: Value) -> str:
        """Write in brackets, perhaps on several lines, perhaps with a comma at the end."""
        match value:
            case None:
                return ""
            case str():
                return self.scalar(value)
            case list():
                return self.enclosed("[", [self.flow(item) for item in value], "]")
            case dict():
                pairs = [f"{self.key(key)}: {self.flow(one)}" for key, one in value.items()]
                return self.enclosed("{", pairs, "}")

    def enclosed(self, begin: str, parts: list[str], end: str) -> str:
        gap = self.one_of("", " ", "\n      ", " # why\n      ")
        comma = self.one_of(",", " ,") if parts and self.maybe() else ""
        inner = f",{gap or ' '}".join(parts)
        return f"{begin}{gap}{inner}{comma}{gap}{end}"

    def key(self, key: str) -> str:
        return scalar(key, like=self.one_of("", "", "'", '"'))

    def beside(self, value: Value, margin: str) -> str:
        """Write what follows a colon or a dash, up to the end of its last line."""
        match value:
            case None:
                return f"{self.comment()}\n"
            case str():
                return self.text(value, margin)
            case dict() | list() if not value or self.one_of("block", "block", "flow") == "flow":
                return f" {self.flow(value)}{self.comment()}\n"
            case _:
                deeper = margin + self.one_of(" ", "  ", "    ")
                lines = "".join(self.lines_between(deeper))
                return f"{self.comment()}\n{lines}{self.block(value, deeper)}"

    def text(self, value: str, margin: str) -> str:
        plain = value.replace("\n", "").replace(" ", "")
        if value == value.strip() and plain.isprintable() and plain and self.maybe():
            lines = value.split("\n")
            if all(line == line.strip() and line for line in lines):
                deeper = f"{margin}   "
                body = "".join(f"{deeper}{line}\n" for line in lines)
                blank = self.one_of("", "", "\n", "\n\n")
                return f" |-{self.comment()}\n{body}{blank}"
        return f"{self.one_of(' ', '  ')}{self.scalar(value)}{self.comment()}\n"

    def block(self, value: Value, margin: str) -> str:
        """Write on lines of its own."""
        if isinstance(value, dict):
            written = [f"{self.key(key)}:{self.beside(one, margin)}" for key, one in value.items()]
        else:
            assert isinstance(value, list)
            written = [self.item(one, margin) for one in value]
        return "".join(
            "".join([*(self.lines_between(margin) if place else []), margin, one])
            for place, one in enumerate(written)
        )

    def item(self, value: Value, margin: str) -> str:
        if isinstance(value, dict) and value and self.maybe():
            inner = self.block(value, f"{margin}  ")
            return f"- {inner.removeprefix(f'{margin}  ')}"
        return f"-{self.beside(value, margin)}"


@st.composite
def styled(draw: Callable[[st.SearchStrategy[object]], object]) -> tuple[str, dict[str, Value]]:
    """Return a document and what it says."""
    value = draw(ROOTS)
    assert isinstance(value, dict)
    writer = Writer(draw)
    text = "".join([*writer.lines_between(""), writer.block(value, "")])
    text += writer.one_of("", "", "# the end\n", "\n\n")
    if writer.maybe():
        text = text.removesuffix("\n")
    line_end = writer.one_of("\n", "\n", "\r\n", "\r")
    return text.replace("\n", line_end), value
