"""`check` and `preview --watch` show what answers look like, in the operator's templates."""

from pathlib import Path

import pytest

from newsletter.bootstrap import render_samples
from newsletter.bootstrap.sample_answers import sample_answers
from newsletter.config import copy_starter, load_config
from newsletter.errors import RenderingError
from newsletter.testing.plans import LETTERHEAD


def test_every_sample_answer_is_rendered(tmp_path: Path) -> None:
    copy_starter(tmp_path, timezone="Europe/Paris")
    rendered = render_samples(load_config(tmp_path / "config.yaml"))
    names = {f"answer-{name}" for name in sample_answers(LETTERHEAD)}
    assert names <= rendered.keys()
    assert all(rendered[name].html for name in names)


def test_a_broken_template_of_answers_is_found(tmp_path: Path) -> None:
    copy_starter(tmp_path, timezone="Europe/Paris")
    (tmp_path / "templates" / "answer.txt.j2").write_text("one\n{{ answer.nmae }}", "utf-8")
    with pytest.raises(RenderingError, match=r"answer\.txt\.j2:2: .*nmae"):
        render_samples(load_config(tmp_path / "config.yaml"))
