"""A newsletter in a folder of its own, driven by its command line, with a real SMTP server."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.cli.session import hoist
from newsletter.config import copy_starter
from newsletter.errors import NewsletterError
from newsletter.mailboxes import read_letters

MONDAY = "2026-11-23T12:00+00:00"


@dataclass(frozen=True)
class Outcome:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Delivery:
    """One message as the server received it."""

    sender: str
    recipient: str
    octets: bytes


class House:
    """The folder that `newsletter init` makes, and a server that takes its letters."""

    def __init__(self, folder: Path, mailbox: Path, port: int) -> None:
        self.folder = folder
        self.mailbox = mailbox
        copy_starter(folder, timezone="Europe/Paris")
        relay = f"relays: [{{host: 127.0.0.1, port: {port}, tls: none}}]"
        self.edit_config("relays: embedded", relay)
        # To read sixty papers takes a model some seconds, and what it makes of them is tested elsewhere.
        self.edit_config("\ndelivery:\n", '\nmatching: {semantic: "off"}\ndelivery:\n')

    def furnish_like(self, other: Path) -> None:
        """Take over what another house has in its folder, but for the config."""
        shutil.rmtree(self.folder / "subscribers")
        keep = shutil.ignore_patterns("config.yaml")
        shutil.copytree(other, self.folder, ignore=keep, dirs_exist_ok=True)

    def edit_config(self, old: str, new: str) -> None:
        path = self.folder / "config.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def run(self, *arguments: str) -> Outcome:
        words = hoist(["--config", str(self.folder / "config.yaml"), *arguments])
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, NewsletterError):
            error = result.exception
            return Outcome(int(error.exit_code), result.stdout, f"{result.stderr}{error}\n")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    def vouch(self) -> Outcome:
        folder = str(self.folder / "subscribers")
        return self.run("subscribers", "import", folder, "--consent", "a test", "--now", MONDAY)

    def deliveries(self) -> list[Delivery]:
        return [
            Delivery(
                letter.sender,
                letter.recipients[0],
                (self.mailbox / f"{letter.name}.eml").read_bytes(),
            )
            for letter in reversed(read_letters(self.mailbox))
        ]

    def subscribe(self, address: str, document: str) -> Path:
        path = self.folder / "subscribers" / f"{address}.yaml"
        path.write_text(f"email: {address}\n{document}", encoding="utf-8")
        return path
