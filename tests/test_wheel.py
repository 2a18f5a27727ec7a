"""The wheel carries templates and samples: an installed program starts from nothing."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent


def run(folder: Path, package: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-m", "newsletter", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installed_wheel_makes_a_newsletter_that_sends(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="the build tool is not installed")
    package = tmp_path / "site"
    words = ["build", "--target", "wheel", "--directory", str(tmp_path)]
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(package)
    for name in ("edition.mjml.j2", "answer.mjml.j2", "answer.txt.j2"):
        assert (package / "newsletter" / "embedded" / "templates" / name).is_file()

    made = run(tmp_path, package, "init", "news")
    assert made.returncode == 0, made.stderr
    news = tmp_path / "news"
    config = news / "config.yaml"
    # What the model of meaning needs is no part of the wheel, and to load it takes seconds.
    config.write_text(f'{config.read_text("utf-8")}\nmatching: {{semantic: "off"}}\n', "utf-8")
    first = run(news, package, "send")
    assert first.returncode == 0, first.stderr
    assert run(news, package, "collect").returncode == 0
    consent = ["--consent", "a test"]
    assert run(news, package, "subscribers", "import", "subscribers", *consent).returncode == 0
    sent = run(news, package, "send", "--ignore-schedule")
    assert sent.returncode == 0, sent.stderr
    assert "3 letters: 3 sent" in sent.stdout
    assert (news / "data" / "received" / "index.html").exists()
