"""The docs name every command, option, setting, error and source kind, and their examples load."""

import inspect
import re
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from newsletter import errors
from newsletter.cli import app
from newsletter.config import Config, SourceSettings, WebSourceSettings, read_config
from newsletter.errors import NewsletterError
from newsletter.model import SilenceReason
from newsletter.preferences import parse_documents

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"


def commands(group: Any, prefix: str = "") -> dict[str, Any]:
    if not hasattr(group, "commands"):
        return {prefix.strip(): group}
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        found |= commands(command, f"{prefix} {name}")
    return found


COMMANDS: Final = commands(typer.main.get_command(app))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith((f"| `{name} ", f"| `{name}`"))]
    assert len(lines) == 1, name
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            for spelling in parameter.opts:
                assert spelling in lines[0], (name, spelling)


def test_every_command_says_what_it_does() -> None:
    for name, command in COMMANDS.items():
        assert command.help, name


def test_every_error_is_documented_beside_its_exit_code() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, NewsletterError):
            row = next((line for line in text.splitlines() if f"`{name}`" in line), "")
            assert row.startswith(f"| {int(kind.exit_code)} "), name


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    for field, info in Config.model_fields.items():
        key = info.alias or field
        assert re.search(rf"\b{key}\b", text), key
    for kind in (*SourceSettings.__subclasses__(), *WebSourceSettings.__subclasses__()):
        for field, info in kind.model_fields.items():
            assert re.search(rf"\b{info.alias or field}\b", text), field


def test_every_reason_for_silence_is_documented() -> None:
    text = (DOCS / "operating.md").read_text(encoding="utf-8")
    for reason in SilenceReason:
        assert f"`{reason}`" in text, reason


def test_the_committed_config_loads_without_a_word() -> None:
    reading = read_config(ROOT / "config.yaml")
    assert reading.config
    assert not reading.problems
    assert not reading.warnings


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", DOCS / "preferences.md"], ids=lambda path: path.name
)
def test_documents_in_the_docs_load(path: Path) -> None:
    config = read_config(ROOT / "config.yaml").config
    assert config
    blocks = re.findall(
        r"^ *```yaml\n(.*?)^ *```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    documents = [inspect.cleandoc("\n" + block) for block in blocks if "email:" in block]
    assert documents
    for document in documents:
        reading = parse_documents(
            document,
            str(path),
            catalogue=config.catalogue(),
            defaults=config.default_preferences(),
        )
        assert not reading.problems
        assert reading.documents


def test_links_between_the_docs_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", text):
            link = target[0] or target[1]
            if not link.startswith(("http", "mailto:")):
                assert (path.parent / link).exists(), f"{path}: {link}"
