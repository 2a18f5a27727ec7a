"""Does an answer to a question for confirmation say yes?"""

import pytest

from newsletter.model import InboundMail
from newsletter.rules.commands import agrees

QUESTION = "On Mon, 23 Nov 2026, Paper Round <news@news.example> wrote:\n> Please confirm.\n"


def answers(body: str | None, html: str | None = None) -> bool:
    return agrees(InboundMail(None, None, None, "", "Re: confirm", None, (), body, html, {}))


@pytest.mark.parametrize(
    "said",
    [
        "", "\n\n", "yes", "Yes!", "OK.", "ok, thanks", "confirm", "Yes please", "I confirm", "ja",
        "Ja, bitte",         "oui merci",
        "sí", "да", "是的", "yes\n\n-- \nAda", "yes\nSent from my iPhone", "Hello,\nyes\nAda",
        "confirm\nyes",
    ],
)  # fmt: skip
@pytest.mark.parametrize("below", ["", QUESTION])
def test_a_yes_is_consent_and_so_is_an_empty_answer(said: str, below: str) -> None:
    assert answers(f"{said}\n\n{below}")


@pytest.mark.parametrize(
    "said",
    [
        "no", "No, thanks", "nein", "I did not ask for this", "yes, but who are you?", "please", "stop",
        "yes\nunsubscribe", "I am on vacation until Monday.", "who is this?", "not ok",
        "who are you?\nok", "I did not ask\nyes", "no\nconfirm",
    ],
)  # fmt: skip
@pytest.mark.parametrize("below", ["", QUESTION])
def test_anything_else_is_none(said: str, below: str) -> None:
    assert not answers(f"{said}\n\n{below}")


def test_a_quoted_yes_is_nobodys() -> None:
    assert not answers("> yes\n\nwhat?")


def test_a_html_answer_counts_too() -> None:
    assert answers(None, "<div>Yes</div><blockquote>no</blockquote>")
    assert answers(None, None)
