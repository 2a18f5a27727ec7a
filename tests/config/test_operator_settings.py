"""What is warned of at the ways to the operator's pages."""

from pathlib import Path

import pytest

from newsletter.config import read_config

SMALL = """\
newsletter:
  name: Paper Round
{url}  from: news@example.org
  owner: editor@example.org
  postal_address: 1 Example Street, 12345 Sampletown
  domain: example.org
web: {web}
"""
LONG = "a-token-that-nobody-guesses"


def warnings(folder: Path, web: str, url: str = "  url: https://news.example.org\n") -> list[str]:
    path = folder / "config.yaml"
    path.write_text(SMALL.format(web=web, url=url), encoding="utf-8")
    reading = read_config(path)
    assert reading.problems == ()
    return [one.key for one in reading.warnings if one.key.startswith("web.")]


@pytest.mark.parametrize(
    "web",
    [
        "{}",
        f"{{admin_token: {LONG}}}",
        "{admin_token: {file: data/admin-token}}",
        "{operator_header: Remote-User, proxies: [127.0.0.1]}",
    ],
)
def test_there_is_nothing_to_be_said_of_a_good_door(tmp_path: Path, web: str) -> None:
    assert warnings(tmp_path, web) == []


def test_a_header_without_a_server_in_front_lets_nobody_in(tmp_path: Path) -> None:
    assert warnings(tmp_path, "{operator_header: Remote-User}") == ["web.operator_header"]


def test_a_short_token_can_be_guessed(tmp_path: Path) -> None:
    assert warnings(tmp_path, "{admin_token: secret}") == ["web.admin_token"]


def test_a_token_in_the_clear_is_warned_of(tmp_path: Path) -> None:
    open_to_all = f"{{host: 0.0.0.0, admin_token: {LONG}}}"
    assert warnings(tmp_path, open_to_all, "") == ["web.admin_token"]
    assert warnings(tmp_path, open_to_all) == []
    here_alone = f"{{admin_token: {LONG}}}"
    assert warnings(tmp_path, here_alone, "") == []
