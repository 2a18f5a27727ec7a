"""The JSON Schema of a document: what it says, and that it agrees with the loader."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from newsletter.model import CatalogueTopic, Preferences, Topic
from newsletter.preferences import UNNAMED, parse_documents
from newsletter.preferences.editing.changes import _ORDER
from newsletter.preferences.schema.document import DocumentSection
from newsletter.preferences.schema.json_schema import document_schema, keys_of
from newsletter.preferences.schema.json_words import SHAPES, WORDS

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
CATALOGUE: Final = {
    "reinforcement-learning": CatalogueTopic(
        Topic("reinforcement-learning", "Reinforcement learning", "RLHF")
    )
}
VALIDATOR: Final = Draft202012Validator(document_schema(CATALOGUE))
KEYS: Final = [key for key, _ in keys_of(DocumentSection)]


class EditorLoader(yaml.SafeLoader):
    """Reads types as the core schema of YAML 1.2 has them (section 10.3), as editors do."""


EditorLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    EditorLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), [*first, ""]
    )


def errors(text: str) -> list[str]:
    data: Any = yaml.load(text, EditorLoader)  # noqa: S506 - our own texts, a safe loader
    return [error.message for error in VALIDATOR.iter_errors(data)]


def is_read(text: str) -> bool:
    reading = parse_documents(text, "f", catalogue=CATALOGUE, defaults=Preferences(email=UNNAMED))
    return not reading.problems


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(document_schema())
    Draft202012Validator.check_schema(document_schema(CATALOGUE))


def test_every_key_of_the_loader_has_its_words_and_none_is_left_over() -> None:
    assert {*KEYS, ""} == set(WORDS)
    assert {shape.removesuffix("[]") for shape in SHAPES} <= set(KEYS)
    assert {key.rpartition(".")[2] for key in KEYS} == set(_ORDER)


def test_an_unknown_key_is_refused_on_every_level() -> None:
    def mappings(schema: Any) -> Any:
        if isinstance(schema, dict):
            if "properties" in schema and schema.get("type"):
                yield schema
            for inner in schema.values():
                yield from mappings(inner)
        elif isinstance(schema, list):
            for inner in schema:
                yield from mappings(inner)

    found = list(mappings(document_schema()))
    assert len(found) == 5  # the document, send, a topic, follow, entries
    assert all(one["additionalProperties"] is False for one in found)


def test_the_published_schema_is_up_to_date() -> None:
    published = json.loads((DOCS / "preferences.schema.json").read_text(encoding="utf-8"))
    assert published == document_schema()


def test_defaults_and_examples_hold_themselves() -> None:
    def walk(schema: Any) -> Any:
        yield schema
        for part in (*schema.get("anyOf", ()), schema.get("items", {})):
            if part:
                yield from walk(part)
        for part in schema.get("properties", {}).values():
            yield from walk(part)

    for part in walk(document_schema()):
        validator = Draft202012Validator(part)
        for value in (*part.get("examples", ()), *([part["default"]] if "default" in part else ())):
            assert validator.is_valid(value), (value, part)


def test_the_defaults_that_are_told_are_those_of_the_model() -> None:
    model = Preferences(email=UNNAMED)
    assert WORDS["entries.at_most"].default == model.at_most
    assert WORDS["entries.order"].default == model.order
    assert WORDS["entries.minimum_upvotes"].default == model.minimum_upvotes
    assert WORDS["entries.revisions"].default == model.wants_revisions
    assert WORDS["entries.learn"].default == model.learns
    assert WORDS["strictness"].default == model.strictness
    assert WORDS["when_empty"].default == model.when_empty
    assert WORDS["format"].default == model.format
    assert WORDS["send.every"].default == model.cadence.every
    assert WORDS["send.at"].default == f"{model.cadence.at:%H:%M}"
    assert WORDS["send.timezone"].default == model.cadence.timezone


def example() -> str:
    text = (DOCS / "preferences.md").read_text(encoding="utf-8")
    return next(
        str(block)
        for block in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        if "email:" in block
    )


def test_the_example_of_the_docs_validates_and_names_every_key() -> None:
    assert errors(example()) == []
    assert is_read(example())
    for key in KEYS:
        assert re.search(rf"^[ -]*{key.rpartition('.')[2]}:", example(), re.MULTILINE), key
    assert example().startswith("# yaml-language-server: $schema=")


E = "email: ada@example.org\n"


@pytest.mark.parametrize(
    "text",
    [
        E,
        f"{E}name: 2301.00010\n",
        f"{E}name: no\n",
        f"{E}send:\ntopics:\nfollow:\nentries:\nmute:\nformat:\n",
        f"{E}send: {{every: week, day: fri, at: 7:30}}\n",
        f"{E}send: {{every: month, day: 31}}\n",
        f'{E}send: {{every: month, day: "01"}}\n',
        f"{E}send: {{every: [mon, thu]}}\n",
        f"{E}topics: [Reinforcement Learning]\n",
        f"{E}topics:\n- name: 2024\n  query: robots\n  weight: 0.5\n",
        f"{E}entries: {{at_most: '5', revisions: Yes, minimum_upvotes: 0}}\n",
        f"{E}pause_until: 2027-01-04\n",
    ],
)
def test_what_the_loader_reads_validates(text: str) -> None:
    assert is_read(text)
    assert errors(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "name: Ada\n",
        "email:\n",
        "email: ada\n",
        f"{E}sned: {{}}\n",
        f"{E}send: {{evry: day}}\n",
        f"{E}send: {{every: daily}}\n",
        f"{E}send: {{every: [monday]}}\n",
        f"{E}send: {{every: []}}\n",
        f"{E}send: {{every: day, day: mon}}\n",
        f"{E}send: {{every: week, day: 3}}\n",
        f"{E}send: {{every: month, day: mon}}\n",
        f"{E}send: {{every: month, day: 32}}\n",
        f"{E}send: {{at: 25:00}}\n",
        f"{E}send: {{at: 730}}\n",
        f"{E}topics: robots\n",
        f"{E}topics: [{{query: robots}}]\n",
        f"{E}topics: [{{name: robots, qurey: robots}}]\n",
        f"{E}topics: [{{name: robots, query: robots, weight: 11}}]\n",
        f"{E}topics: [{{name: robots, query: robots, weight: 0}}]\n",
        f"{E}topics: [{', '.join(f'{{name: t{n}, query: x}}' for n in range(51))}]\n",
        f"{E}follow: {{author: [A]}}\n",
        f"{E}mute: survey\n",
        f"{E}entries: {{at_most: 0}}\n",
        f"{E}entries: {{at_most: 51}}\n",
        f"{E}entries: {{at_most: many}}\n",
        f"{E}entries: {{order: newset}}\n",
        f"{E}entries: {{revisions: maybe}}\n",
        f"{E}strictness: very\n",
        f"{E}when_empty: never\n",
        f"{E}format: pdf\n",
        f"{E}pause_until: tomorrow\n",
        "- a list\n",
    ],
)
def test_typical_mistakes_are_refused_by_both(text: str) -> None:
    assert not is_read(text)
    assert errors(text) != []


SCALARS = st.sampled_from(
    [
        *("", "day", "week", "month", "mon", "31", "0", "7:30", "Europe/Paris", "true", "no"),
        *("Yes", "2", "10", "50", "51", "0.5", "2027-01-04", "2027-1-4", "newest", "html"),
        *("skip", "strict", "[]", "[mon]", "[x, y]", "{name: x, query: y}", "'5'", "''"),
        "reinforcement-learning",
    ]
)
LINES = st.sampled_from(
    [
        *(f"{key}: {{}}" for key in KEYS if "." not in key and key != "email"),
        *(
            f"{key.replace('.', ': {{')}: {{}}}}}}"
            for key in KEYS
            if key.startswith(("send.", "follow.", "entries."))
        ),
        *("send: {{every: month, day: {}}}", "send: {{every: week, day: {}}}", "topics: [{}]"),
        *("topics: [{{name: x, query: y, weight: {}}}]", "topics: [{{name: {}, query: y}}]"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(LINES, SCALARS)
def test_whatever_the_loader_reads_validates(line: str, value: str) -> None:
    text = f"{E}{line.format(value)}\n"
    if is_read(text):
        assert errors(text) == []
