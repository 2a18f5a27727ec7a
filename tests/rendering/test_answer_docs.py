"""docs/templates.md says what the templates of answers are given."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Final, get_args, get_origin

import pytest

from newsletter.rendering.answer_views import AnswerView, BlockView, RowView

TEXT: Final = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
ROWS: Final = re.findall(r"^\| `(answer|block|row)\.(\w+)` \| ([^|]+?) \|", TEXT, re.MULTILINE)
VIEWS: Final = {"answer": AnswerView, "block": BlockView, "row": RowView}
NAMES: Final = {str: "text", BlockView: "blocks", RowView: "rows"}


def shown_type(kind: object) -> str:
    if get_origin(kind) is tuple:
        member = get_args(kind)[0]
        return f"list of {'texts' if member is str else NAMES[member]}"
    assert isinstance(kind, type)
    return NAMES[kind]


@pytest.mark.parametrize("name", VIEWS)
def test_every_variable_is_documented_with_its_type_and_no_other(name: str) -> None:
    documented = {field: kind for view, field, kind in ROWS if view == name}
    assert documented == {field.name: shown_type(field.type) for field in fields(VIEWS[name])}


def test_every_kind_of_block_is_documented() -> None:
    (line,) = [line for line in TEXT.splitlines() if line.startswith("| `block.kind`")]
    for kind in ("paragraph", "listing", "document", "button"):
        assert f"`{kind}`" in line
