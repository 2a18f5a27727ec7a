"""A source that takes mail: from whom, and what is no address."""

from pathlib import Path

import pytest

from newsletter.config import MailSettings, read_config

SMALL = """\
newsletter:
  name: Paper Round
  from: news@example.org
  owner: editor@example.org
  postal_address: 1 Example Street, 12345 Sampletown
"""


def reading(folder: Path, source: str) -> tuple[MailSettings | None, list[str]]:
    path = folder / "config.yaml"
    path.write_text(f"{SMALL}sources: {{desk: {source}}}\n", encoding="utf-8")
    found = read_config(path)
    told = found.config.sources["desk"] if found.config else None  # type: ignore[index]
    assert told is None or isinstance(told, MailSettings)
    return told, [str(one).partition("config.yaml")[2] for one in found.problems]


def test_a_source_takes_mail_from_anybody_unless_it_names_somebody(tmp_path: Path) -> None:
    plain, _ = reading(tmp_path, "{kind: mail}")
    assert plain
    assert plain.senders == ()
    named, _ = reading(tmp_path, "{kind: mail, from: [example.com, Ada@example.org]}")
    assert named
    assert named.senders == ("example.com", "Ada@example.org")


@pytest.mark.parametrize("sender", ["a b", "@example.org", "ada@", "not a domain", "-x-.example"])
def test_what_is_no_address_and_no_domain_is_refused(tmp_path: Path, sender: str) -> None:
    told, problems = reading(tmp_path, f'{{kind: mail, from: ["{sender}"]}}')
    assert told is None
    assert len(problems) == 1
    assert "is no address and no domain" in problems[0]
