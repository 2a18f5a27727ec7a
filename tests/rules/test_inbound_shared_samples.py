"""Real bounces and automatic answers of the shared folder, where it is there."""

import os
from pathlib import Path

import pytest

from newsletter.model import BounceClass, InboundKind, InboundMail
from newsletter.rules.bounces import read_bounce, read_complaint
from newsletter.rules.inbound import classify, must_not_answer
from tests.rules.inbound_samples.received import OWN, mail

BESIDE = Path(__file__).parents[3] / "shared"


def shared(kind: str) -> dict[str, InboundMail]:
    folder = Path(os.environ.get("NEWSLETTER_SHARED", BESIDE)) / "data" / "mail" / kind
    if not folder.is_dir():
        pytest.skip(f"the shared {kind} are not here; NEWSLETTER_SHARED can name their folder")
    return {path.stem: mail(path.read_bytes(), sender=None) for path in folder.glob("*.eml")}


def test_shared_answers_are_told_from_people() -> None:
    for name, read in shared("autoreplies").items():
        is_person = name.startswith("human_")
        expected = InboundKind.OTHER if is_person else InboundKind.AUTO_REPLY
        assert classify(read, OWN) is expected, name
        assert must_not_answer(read, OWN) is not is_person, name


def test_shared_bounces_are_recognised() -> None:
    found = shared("bounces")
    classes = {name: report.kind for name, read in found.items() if (report := read_bounce(read))}
    complaints = {name for name, read in found.items() if read_complaint(read)}

    assert set(classes) | complaints == set(found)
    assert all("5965" in name for name in complaints)
    assert classes.get("postal_postfix-bounce", BounceClass.HARD) is BounceClass.HARD
    assert classes.get("kumomta_rfc3464_1", BounceClass.SOFT) is BounceClass.SOFT


def test_shared_replies_are_of_people() -> None:
    for name, read in shared("replies").items():
        assert classify(read, OWN) is InboundKind.OTHER, name
        assert read.plain or read.html, name
