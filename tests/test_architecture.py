"""The floors of docs/architecture.md, as a test."""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parent.parent / "newsletter"

FLOORS: Final = {
    "doors": 1,
    "errors": 1,
    "model": 2,
    "rules": 3,
    "ports": 3,
    "sources": 4,
    "indexing": 4,
    "rendering": 4,
    "preferences": 4,
    "storage": 4,
    "transports": 4,
    "mailboxes": 4,
    "judged": 4,
    "embedding": 4,
    "testing": 4,
    "workflows": 5,
    "config": 5,
    "bootstrap": 6,
    "scheduler": 7,
    "web": 7,
    "workers": 7,
    "cli": 8,
    "__main__": 9,
}

LIBRARIES: Final = {
    "doors": set[str](),
    "errors": set[str](),
    "model": set[str](),
    "rules": {"numpy"},
    "ports": {"numpy"},  # for its types alone
    "workflows": set[str](),
    "sources": {"feedparser", "httpcore", "yaml"},
    "indexing": {"Stemmer", "numpy"},
    "rendering": {"jinja2", "markupsafe", "mjml"},
    "preferences": {"annotated_types", "yaml", "pydantic", "pydantic_core", "watchfiles"},
    "storage": {"sqlmodel", "sqlalchemy"},
    "transports": {"cryptography", "dns", "uvloop"},
    "mailboxes": {"aiosmtpd", "jinja2"},
    "judged": set[str](),
    "embedding": {"numpy", "onnxruntime", "tokenizers"},
    "testing": {"numpy"},
    "config": {"pydantic", "pydantic_core"},
    "bootstrap": set[str](),
    "scheduler": {"apscheduler"},
    "web": {"fastapi", "jinja2", "pydantic", "starlette", "uvicorn"},
    "workers": {"opentelemetry", "procrastinate", "psycopg", "psycopg_pool"},
    "cli": {"typer", "rich", "click"},
    "__main__": set[str](),
}

FORBIDDEN_NAMES: Final = {
    "utils", "helpers", "common", "core", "managers", "services", "base", "constants", "types",
}  # fmt: skip

PURE_ROOMS: Final = {"model", "rules"}
IMPURE_MODULES: Final = {
    "os", "io", "random", "secrets", "socket", "subprocess", "time", "tempfile", "shutil", "pathlib",
    "threading", "asyncio", "sqlite3", "urllib.request", "logging",
}  # fmt: skip
IMPURE_CALLS: Final = {"now", "today", "utcnow", "open", "print", "input"}
LONGEST_FILE: Final = 300
LONGEST_FUNCTION: Final = 60


@dataclass(frozen=True)
class Import:
    """One import statement: which module of ours imports what, and where."""

    importer: str
    target: str
    line: int


@dataclass(frozen=True)
class Look:
    """What a look at the tree of one module brought; the trees of all together are large."""

    imports: tuple[Import, ...]
    impure_calls: tuple[str, ...]
    long_functions: tuple[str, ...]


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def looks() -> dict[str, Look]:
    return {name: look_at(name, path) for name, path in modules().items()}


def look_at(name: str, path: Path) -> Look:
    nodes = list(ast.walk(parsed(path)))
    calls = (
        (node.lineno, getattr(node.func, "attr", getattr(node.func, "id", "")))
        for node in nodes
        if isinstance(node, ast.Call)
    )
    return Look(
        tuple(imports_of(name, path, nodes)),
        tuple(f"{path}:{line} calls {word}" for line, word in calls if word in IMPURE_CALLS),
        tuple(
            f"{path}:{node.lineno} {node.name}"
            for node in nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.end_lineno or node.lineno) - node.lineno > LONGEST_FUNCTION
        ),
    )


def imports_of(name: str, path: Path, nodes: Iterable[ast.AST]) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            assert node.module
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = is_hidden_module(node.module, alias.name)
                yield Import(name, whole if is_module else node.module, node.lineno)


def is_hidden_module(door: str, name: str) -> bool:
    """Whether `from door import name` takes a module, not something that the door hands out."""
    known = modules()
    return f"{door}.{name}" in known and door in known and name not in handed_out_by(door)


@cache
def handed_out_by(door: str) -> frozenset[str]:
    return frozenset(
        alias.asname or alias.name
        for node in ast.walk(parsed(modules()[door]))
        if isinstance(node, ast.ImportFrom) and node.module != door
        for alias in node.names
    )


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@cache
def all_imports() -> list[Import]:
    return [found for look in looks().values() for found in look.imports]


def ours() -> list[Import]:
    return [
        found
        for found in all_imports()
        if found.target.split(".")[0] == "newsletter" and room_of(found.importer)
    ]


def test_every_module_stands_on_a_floor() -> None:
    assert {room_of(name) for name in modules()} - {""} <= FLOORS.keys()


def test_imports_look_down_only() -> None:
    wrong = [
        found
        for found in ours()
        if room_of(found.target)
        and room_of(found.importer) != room_of(found.target)
        and FLOORS[room_of(found.importer)] <= FLOORS[room_of(found.target)]
    ]
    assert not wrong


def test_rooms_are_entered_through_their_door() -> None:
    def is_door(target: str) -> bool:
        depth = 3 if room_of(target) in {"rules", "testing"} else 2
        return len(target.split(".")) <= depth

    wrong = [
        found
        for found in ours()
        if room_of(found.importer) != room_of(found.target) and not is_door(found.target)
    ]
    assert not wrong


def test_nothing_but_tests_and_the_demo_uses_the_testing_room() -> None:
    wrong = [
        found
        for found in ours()
        if room_of(found.target) == "testing"
        and room_of(found.importer) != "testing"
        # The demo runs the whole product against the imitated services, without any internet.
        and found.importer != "newsletter.bootstrap.demo"
    ]
    assert not wrong


def test_modules_form_no_circle() -> None:
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for found in all_imports():
        if found.target in graph and found.target != found.importer:
            graph[found.importer].add(found.target)
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail, name))
        if name in done:
            return
        for target in sorted(graph[name]):
            # a door imports its own rooms: `from newsletter.x import y` inside x is judged by y
            visit(target, (*trail, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def test_each_room_uses_only_its_own_libraries() -> None:
    standard = sys.stdlib_module_names
    wrong = [
        found
        for found in all_imports()
        if room_of(found.importer)
        and found.target.split(".")[0] not in standard
        and found.target.split(".")[0] != "newsletter"
        and found.target.split(".")[0] not in LIBRARIES[room_of(found.importer)]
    ]
    assert not wrong


def test_model_and_rules_know_no_clock_no_file_and_no_chance() -> None:
    pure = [look for name, look in looks().items() if room_of(name) in PURE_ROOMS]
    assert not [
        f"{found.importer}:{found.line} imports {found.target}"
        for look in pure
        for found in look.imports
        if found.target in IMPURE_MODULES
    ]
    assert not [call for look in pure for call in look.impure_calls]


def test_no_file_is_giant() -> None:
    lengths = {
        str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules().values()
    }
    assert not {path: length for path, length in lengths.items() if length > LONGEST_FILE}


def test_no_module_is_a_drawer() -> None:
    def is_drawer(path: Path) -> bool:
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[:2] == ("testing", "services"):
            parts = parts[2:]  # no drawer: the services of the web, each imitated in a module
        return not FORBIDDEN_NAMES.isdisjoint(parts)

    assert not [str(path) for path in modules().values() if is_drawer(path)]


def test_no_function_is_much_longer_than_a_screen() -> None:
    assert not [long for look in looks().values() for long in look.long_functions]
