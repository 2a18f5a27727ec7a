"""Commands in mails as people write them."""
# ruff: noqa: RUF001 - the marks of other languages

import pytest

from newsletter.model import (
    CatalogueTopic,
    Command,
    CommandName,
    EmailAddress,
    InboundMail,
    Misunderstanding,
    Topic,
)
from newsletter.rules.commands import read_commands
from tests.moments import soon

CATALOGUE = (
    CatalogueTopic(Topic("reinforcement-learning", "Reinforcement learning", "RLHF")),
    CatalogueTopic(Topic("cs.LG", "Machine learning (arXiv)", "cs")),
    CatalogueTopic(Topic("cs.CV", "Vision", "vision")),
)


def mail(
    body: str = "", *, subject: str = "", html: str | None = None, is_flowed: bool = False
) -> InboundMail:
    return InboundMail(
        sender="ada@example.org",
        recipient="news@news.example",
        from_address=EmailAddress("Ada@example.org"),
        from_name="Ada",
        subject=subject,
        message_id="<1@example.org>",
        references=(),
        plain=None if html is not None else body,
        html=html,
        fields={},
        is_flowed=is_flowed,
    )


def said(body: str = "", *, subject: str = "", html: str | None = None) -> list[str]:
    """Return what was understood: `name argument|argument`, slips with a question mark."""
    found = read_commands(mail(body, subject=subject, html=html), topics=CATALOGUE)
    return [
        f"{one.name} {'|'.join(one.arguments)}".strip()
        if isinstance(one, Command)
        else f"? {one.suggestion}"
        for one in found
    ]


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("stop", "unsubscribe"),
        ("STOP!!!", "unsubscribe"),
        ("unsubscribe.", "unsubscribe"),
        ("Unsubscribe me please", "unsubscribe"),
        ("please unsubscribe me from this list", "unsubscribe"),
        ("I would like to unsubscribe, thank you", "unsubscribe"),
        ("unsubscribe ada@example.org", "unsubscribe"),
        ("unsubscribe <ADA@example.org>", "unsubscribe"),
        ("**stop**", "unsubscribe"),
        ("“cancel”", "unsubscribe"),
        ("leave", "unsubscribe"),
        ("sign off", "unsubscribe"),
        ("Bitte abmelden", "unsubscribe"),
        ("subscribe", "subscribe"),
        ("subscribe me", "subscribe"),
        ("subscribe ada@example.org", "subscribe"),
        ("subscribe Reinforcement Learning", "subscribe reinforcement-learning"),
        ("subscribe protein folding, “safety guardrail”", 'subscribe protein folding|"safety guardrail"'),
        ('subscribe "a, b" AND c; d', 'subscribe "a, b" AND c|d'),
        ("subscribe to the topic robotics", "subscribe robotics"),
        ("subscribe John Smith", "subscribe John Smith"),
        ("add cs.lg cs.cv", "add cs.LG|cs.CV"),
        ("add robotics,,robotics, vision", "add robotics|cs.CV"),
        ("del cs.CV", "del cs.CV"),
        ("remove topic vision", "del cs.CV"),
        ("daily", "cadence every|day"),
        ("Weekdays at 7", "cadence every|weekday|at|07:00"),
        ("weekly", "cadence every|week"),
        ("weekly Friday", "cadence every|week|day|fri"),
        ("weekly on fridays at 7:30 pm", "cadence every|week|day|fri|at|19:30"),
        ("every monday", "cadence every|week|day|mon"),
        ("every day at 12am", "cadence every|day|at|00:00"),
        ("monthly on the 15th", "cadence every|month|day|15"),
        ("monthly", "cadence every|month"),
        ("at 07h30 Europe/Paris", "cadence at|07:30|timezone|Europe/Paris"),
        ("at 07:30 in America/Argentina/Ushuaia", "cadence at|07:30|timezone|America/Argentina/Ushuaia"),
        ("daily At 6.15 UTC", "cadence every|day|at|06:15|timezone|UTC"),
        ("at most 8", "at most 8"),
        ("max 8 entries per letter", "at most 8"),
        ("pause", "pause days|14"),
        ("pause please", "pause days|14"),
        ("pause 14d", "pause days|14"),
        ("pause for 2 weeks", "pause days|14"),
        ("pause a month", "pause days|30"),
        ("pause until 2027-01-04", "pause until|2027-01-04"),
        ("resume", "resume"),
        ("why", "why"),
        ("why?", "why"),
        ("why 2026-11-23", "why 2026-11-23"),
        ("why yesterday", "why yesterday"),
        ("why on Monday", "why mon"),
        ("like 3", "like 3"),
        ("like #3, 5 and 8", "like 3|5|8"),
        ("dislike 2", "dislike 2"),
        ("topics", "topics"),
        ("show topics", "topics"),
        ("show me my preferences", "show"),
        ("status", "status"),
        ("export my data", "export"),
        ("erase", "erase"),
        ("delete my data", "erase"),
        ("help", "help"),
        ("?", "help"),
        ("confirm", "confirm"),
        ("set", "set"),
    ],
)  # fmt: skip
def test_a_line_is_a_command(line: str, meaning: str) -> None:
    assert said(line) == [meaning]


@pytest.mark.parametrize(
    "line",
    [
        "please stop by tomorrow",
        "stop by",
        "why do I get this letter every day?",
        "like a rolling stone",
        "add me to your list",
        "subscribe this is what I wanted to say about it",
        "show me the money",
        "at the moment",
        "daily life is hard",
        "pause for the holidays",
        "help is on its way",
        "erase the mails",
        "topics:",
        "every: week",
        "Hello",
        "Mike",
        "Ada",
        "Thanks!",
        "Best regards, Ada Lovelace",
        "add " + "word " * 9,
        "stop " + "x" * 2000,
        "",
        "!!!",
    ],
)
def test_prose_is_no_command(line: str) -> None:
    assert said(line) == []


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("unsubscirbe", "unsubscribe"),
        ("Unsuscribe please", "unsubscribe please"),
        ("subscibe robotics", "subscribe robotics"),
        ("hlep", "help"),
        ("topcs", "topics"),
        ("add", "add robotics"),
        ("del:", None),
        ("why tusday", "why tuesday"),
        ("why 2026-02-30", "why 2026-11-23"),
        ("pause until march", "pause until 2027-01-04"),
        ("pause 3 years", "pause until 2027-01-04"),
        ("pause 900d", "pause until 2027-01-04"),
        ("pause 0d", "pause until 2027-01-04"),
        ("at 25:00", "weekly friday at 07:30 Europe/Paris"),
        ("at 13pm", "weekly friday at 07:30 Europe/Paris"),
        ("monthly 45", "weekly friday at 07:30 Europe/Paris"),
        ("daily friday", "weekly friday at 07:30 Europe/Paris"),
        ("every monday 2", "weekly friday at 07:30 Europe/Paris"),
        ("every fortnight", "weekly friday at 07:30 Europe/Paris"),
        ("every", "weekly friday at 07:30 Europe/Paris"),
        ("at most 51", "at most 8"),
        ("at most 0", "at most 8"),
        ("at most many", "at most 8"),
        ("like", "like 3"),
        ("like it", "like 3"),
        ("dislike 0", "dislike 3"),
        ("dislike 5000", "dislike 3"),
        ("unsubscribe eve@example.org", "unsubscribe"),
        ("subscribe eve@example.org", "subscribe"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(line: str, suggestion: str | None) -> None:
    assert said(line) == ([f"? {suggestion}"] if suggestion else [])


def test_a_slip_says_where_and_why() -> None:
    found = read_commands(mail("hello\n\npause until march"))
    assert found == (
        Misunderstanding(
            3, "pause until march", "needs a date: year, month and day", "pause until 2027-01-04"
        ),
    )


def test_what_is_too_much_is_refused() -> None:
    topics = "add " + ", ".join(f"t{number}" for number in range(21))
    entries = "like " + " ".join(map(str, range(1, 22)))
    for line in (topics, entries, "add " + "x" * 300):
        assert said(line) == ["? None"]


def test_several_lines_are_several_commands_in_their_order() -> None:
    found = read_commands(mail("Hi,\r\nadd robotics\r\n\r\nweekly friday\nstop\n"))
    assert [(one.line, one.name) for one in found if isinstance(one, Command)] == [
        (2, CommandName.ADD),
        (4, CommandName.CADENCE),
        (5, CommandName.UNSUBSCRIBE),
    ]


def test_what_is_said_twice_is_done_once() -> None:
    assert said("stop\nSTOP", subject="unsubscribe") == ["unsubscribe"]
    assert said("hlep\nhlep") == ["? help"]


def test_only_the_first_twenty_commands_are_read() -> None:
    found = read_commands(mail("\n".join(f"add topic{number}" for number in range(30))))
    assert len(found) == 21
    last = found[-1]
    assert isinstance(last, Misunderstanding)
    assert last.reason == "only the first 20 commands of a message are read"
    slips = read_commands(mail("\n".join(f"why 2026-02-{number}" for number in range(30, 60))))
    assert len(slips) == 21


def test_only_the_first_lines_are_read() -> None:
    assert said("\n" * 199 + "stop") == ["unsubscribe"]
    assert said("\n" * 200 + "stop") == []


@pytest.mark.parametrize(
    ("subject", "meaning"),
    [
        ("subscribe", ["subscribe"]),
        ("Subscribe", ["subscribe"]),
        ("Re: unsubscribe", ["unsubscribe"]),
        ("AW: WG: Re[2]: Unsubscribe", ["unsubscribe"]),
        ("回复：stop", ["unsubscribe"]),
        ("subscribe John Smith", ["subscribe"]),
        ("subscribe Jörg Ångström", ["subscribe"]),
        ("subscribe Reinforcement Learning", ["subscribe reinforcement-learning"]),
        ("subscribe protein folding", ["subscribe protein folding"]),
        ('subscribe "John Smith"', ['subscribe "John Smith"']),
        ("cancel", ["unsubscribe"]),
        ("Daily Papers of Monday", []),
        ("unsubscirbe", ["? unsubscribe"]),
        ("Re: unsubscirbe", []),
        ("Re: " * 30 + "stop", []),
        ("stop" + " " * 400, ["unsubscribe"]),
    ],
)
def test_a_subject_is_read_too(subject: str, meaning: list[str]) -> None:
    assert said(subject=subject) == meaning


def test_a_subject_comes_first_unless_it_is_an_old_one() -> None:
    assert said("add robotics", subject="subscribe Ada Lovelace") == ["subscribe", "add robotics"]
    assert said("subscribe", subject="Re: unsubscribe") == ["subscribe"]
    assert said("thanks, all is well", subject="Re: subscribe") == ["subscribe"]


def test_commands_of_the_subject_are_of_line_0() -> None:
    assert read_commands(mail(subject="help")) == (Command(CommandName.HELP),)


def test_a_mail_of_prose_is_for_a_human_though_a_line_looks_like_a_slip() -> None:
    prose = "Dear all,\nI read it.\nIt is good.\nIt is long.\nIt is short.\nlike it\nAda B.\n"
    assert said(prose) == []
    assert said(prose + "stop") == ["unsubscribe"]


def test_a_name_under_a_letter_is_no_slip() -> None:
    assert said("stop\n\nDaisy") == ["unsubscribe"]
    assert said("Daisy") == ["? daily"]
    assert said("stop\n\ndaisy") == ["unsubscribe", "? daily"]


def test_what_stands_in_a_block_of_preferences_is_no_command() -> None:
    block = "# BEGIN PREFERENCES\ntopics\nstop\n# END PREFERENCES\n"
    assert said(f"{block}status\n") == ["set", "status"]
    assert said(f"set\n{block}stop\n") == ["set"]
    assert said("# begin preferences\nstop\n") == ["set"]


def test_a_html_mail_is_read() -> None:
    html = (
        "<html><head><title>stop</title><style>p {stop}</style></head><body>"
        "<div>add&nbsp;robotics<br>weekly <b>friday</b></div><p>why &quot;</p><!-- stop -->"
        "<blockquote><div>stop</div></blockquote></body></html>"
    )
    assert said(html=html)[:2] == ["add robotics", "cadence every|week|day|fri"]
    assert "unsubscribe" not in said(html=html)


def test_a_mail_without_any_text_says_nothing() -> None:
    nothing = InboundMail(None, None, None, "", "", None, (), None, None, {})
    assert read_commands(nothing) == ()


def test_nobody_can_leave_for_an_address_that_is_unknown() -> None:
    unknown = InboundMail(None, None, None, "", "", None, (), "unsubscribe a@b.example", None, {})
    (one,) = read_commands(unknown)
    assert isinstance(one, Misunderstanding)


@pytest.mark.parametrize(
    "text",
    [
        "<" * 300_000,
        "<!--" * 100_000,
        "<style>" * 50_000,
        "</" * 150_000,
        "&#" + "9" * 299_000,
        "<a " * 100_000,
        "<div>" * 60_000,
        "&" * 300_000,
        "<blockquote>stop" * 30_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_html_takes_no_time(text: str) -> None:
    assert soon(lambda: said(html=text), 2) == []


@pytest.mark.parametrize(
    "text",
    [
        "> " * 500_000,
        "please " * 100_000,
        "Re: " * 100_000,
        '"' * 300_000,
        "add " + "a," * 400 + '"',
        "On 1 " * 100_000,
        "\n".join(["On 1 a@b"] * 100_000),
        "subscribe " + " " * 300_000 + "x",
        "_" * 300_000,
        "\r" * 300_000,
        "at " * 300,
        "why " * 200,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_takes_no_time(text: str) -> None:
    soon(lambda: said(text, subject=text), 2)
