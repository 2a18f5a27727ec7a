"""What single answers say, and when."""

from dataclasses import replace
from datetime import date, time

import pytest

from newsletter.model import (
    Cadence,
    CatalogueTopic,
    Every,
    Listing,
    Paragraph,
    Problem,
    Silence,
    SilenceReason,
    SlotRecord,
    SubscriptionState,
    Suppression,
    SuppressionCause,
    Topic,
    Weekday,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import (
    Present,
    Rehearsal,
    explain_silence,
    forward_to_owner,
    hand_over_data,
    list_topics,
    notice_leaving,
    refuse_edit,
    say_goodbye,
    show_preferences,
    tell_changes,
    tell_pause,
    tell_status,
    welcome,
)
from newsletter.rules.answering.times import write_cadence
from tests.rules.answer_samples import (
    ADA,
    DAY,
    DOCUMENT,
    NOW,
    OFFICE,
    PLAN,
    PRESENT,
    mail,
    said,
)

UNDO = "https://news.example.org/undo/1"


def test_the_next_letters_are_told_by_the_clock_of_the_person() -> None:
    text = said(show_preferences(OFFICE, PRESENT))
    assert "Your next letters (Europe/Paris) Monday, 23 November 2026 at 08:00 Tuesday" in text
    one = said(show_preferences(OFFICE, replace(PRESENT, coming=PRESENT.coming[:1])))
    assert "Your next letter (Europe/Paris) Monday, 23 November 2026 at 08:00" in one


def test_without_a_next_letter_the_reason_is_told() -> None:
    text = said(show_preferences(OFFICE, Present(DOCUMENT, silence="Paused for good.")))
    assert "No letter is planned. Paused for good." in text
    assert "No letter is planned." in said(show_preferences(OFFICE, Present(DOCUMENT)))


@pytest.mark.parametrize(
    ("rehearsal", "expected"),
    [
        (Rehearsal(DAY, 1, ("Gulls",)), "1 entry would have come to you on Friday, 20 Nov"),
        (Rehearsal(DAY, 7, ("Gulls", "Nets")), "Gulls Nets and 5 more"),
        (Rehearsal(DAY, 9, tuple("abcdefghi")), "a b c d e and 4 more"),
        (Rehearsal(DAY, 3), "3 in all"),
        (
            Rehearsal(DAY, 0, silence="Nothing was new."),
            "no letter would have come on Friday, 20 November 2026. Nothing was new.",
        ),
    ],
)
def test_what_the_last_letter_would_have_been_is_told(rehearsal: Rehearsal, expected: str) -> None:
    assert expected in said(show_preferences(OFFICE, replace(PRESENT, rehearsal=rehearsal)))


def test_a_welcome_says_what_comes() -> None:
    assert "what is new on Gulls and Nets." in said(welcome(OFFICE, ("Gulls", "Nets"), PRESENT))
    assert "what most people find" in said(welcome(OFFICE, (), PRESENT))
    many = tuple(f"topic {number}" for number in range(9))
    assert "topic 4 and 4 more topics." in said(welcome(OFFICE, many, PRESENT))


def test_a_goodbye_names_the_last_day_of_the_way_back_by_the_clock_of_the_person() -> None:
    assert "until Monday, 23 November" in said(say_goodbye(OFFICE, UNDO, ends_at=NOW))
    local = notice_leaving(OFFICE, UNDO, ends_at=NOW, timezone="Europe/Paris")
    assert "until Tuesday, 24 November" in said(local)
    assert "passed a letter on" in said(local)


def test_a_change_is_told_line_by_line_with_what_was_not_read() -> None:
    answer = tell_changes(OFFICE, ("send.at: 08:00 → 07:30",), PRESENT)
    assert "send.at: 08:00 → 07:30" in said(answer)
    assert "are changed" in answer.subject
    many = tell_changes(OFFICE, [f"mute: + {number}" for number in range(99)], PRESENT)
    assert "and 39 more" in said(many)


def test_a_change_that_changes_nothing_says_so() -> None:
    answer = tell_changes(OFFICE, (), PRESENT)
    assert "stay as they are" in answer.subject
    assert "in force already" in said(answer)


def problem(line: int, key: str = "", suggestion: str | None = None) -> Problem:
    return Problem("x", line, 1, key, "cannot be read", suggestion)


def test_a_refused_edit_names_every_problem_with_its_line_and_remedy() -> None:
    text = said(refuse_edit(OFFICE, [problem(2, "send.at", "write 07:30"), problem(4)], DOCUMENT))
    assert "Counted from the first marker line, these lines could not be read:" in text
    assert "Line 2, send.at Cannot be read; write 07:30" in text
    assert "Line 4 Cannot be read" in text
    assert "Nothing was changed yet" in text


def test_a_single_problem_and_one_of_the_whole_are_told_apart() -> None:
    assert "this line could not be read:" in said(refuse_edit(OFFICE, [problem(2)], DOCUMENT))
    whole = said(refuse_edit(OFFICE, [problem(0)], DOCUMENT))
    assert "This could not be taken: All of it Cannot be read" in whole
    many = [problem(number) for number in range(1, 40)]
    assert "and 19 more" in said(refuse_edit(OFFICE, many, DOCUMENT))


def test_a_pause_says_when_letters_come_again() -> None:
    text = said(tell_pause(OFFICE, date(2027, 1, 4), PRESENT))
    assert "again from Monday, 4 January 2027 on" in text
    assert "“resume”" in text


def topic(name: str, *, is_default: bool = False) -> CatalogueTopic:
    return CatalogueTopic(Topic(name, name.title(), query=name), is_default)


def test_topics_are_listed_with_their_counts_where_known() -> None:
    offered = (topic("gulls"), topic("nets", is_default=True), topic("quays"))
    rows = list_topics(OFFICE, offered, {"gulls": 1, "nets": 1_200}).blocks[0]
    assert rows == Listing(
        (
            ("gulls", "Gulls, 1 entry last week"),
            ("nets", "Nets, 1,200 entries last week, for all who name no topic"),
            ("quays", "Quays"),
        )
    )
    assert "words of your own" in said(list_topics(OFFICE, ())).lower()


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        (Cadence(), "Monday to Friday at 08:00 (UTC)"),
        (Cadence(Every.DAY, time(7, 30), "Asia/Tokyo"), "every day at 07:30 (Asia/Tokyo)"),
        (Cadence(Every.WEEK, days=frozenset({Weekday.SUN})), "every Sunday at 08:00 (UTC)"),
        (
            Cadence(Every.DAYS, days=frozenset({Weekday.THU, Weekday.MON})),
            "every Monday and Thursday at 08:00 (UTC)",
        ),
        (Cadence(Every.MONTH, month_day=15), "on day 15 of every month at 08:00 (UTC)"),
        (
            Cadence(Every.MONTH, month_day=31),
            "on day 31 of every month, or on its last day, at 08:00 (UTC)",
        ),
        (Cadence(Every.MONTH), "on day 1 of every month at 08:00 (UTC)"),
    ],
)
def test_a_rhythm_is_told_in_words(cadence: Cadence, expected: str) -> None:
    assert write_cadence(cadence) == expected


def test_status_says_how_things_stand() -> None:
    text = said(tell_status(OFFICE, ADA, PRESENT))
    assert "Subscription confirmed on Monday, 23 November 2026" in text
    assert "Letters Monday to Friday at 08:00 (UTC), at most 10 entries each" in text
    assert "Topics none named" in text


def test_status_of_who_gets_no_letters_says_why() -> None:
    assert ADA.preferences
    paused = replace(ADA.preferences, pause_until=date(2027, 1, 4))
    held = Suppression(address_key(ADA.address), SuppressionCause.BOUNCE, "x", NOW)
    text = said(tell_status(OFFICE, replace(ADA, preferences=paused, suppression=held), PRESENT))
    assert "Pause until Monday, 4 January 2027" in text
    assert "Held mail to your address came back" in text
    waiting = replace(ADA, state=SubscriptionState.PENDING, preferences=None, confirmed_at=None)
    assert "waits for your word since Monday" in said(tell_status(OFFICE, waiting, PRESENT))
    ended = replace(ADA, state=SubscriptionState.UNSUBSCRIBED)
    assert "ended on Monday" in said(tell_status(OFFICE, ended, PRESENT))
    first = replace(ADA, confirmed_at=None)
    assert "confirmed on Monday" in said(tell_status(OFFICE, first, PRESENT))


def test_status_tells_of_the_last_day_on_which_a_letter_could_come() -> None:
    sent = SlotRecord(ADA.id, PLAN.slot, NOW, 7, None, None)
    day = "Last letter day Monday, 23 November 2026"
    assert f"{day}, with a letter" in said(tell_status(OFFICE, ADA, PRESENT, sent))
    silent = replace(sent, silence=Silence(SilenceReason.NOTHING_NEW, "Nothing was new."))
    assert f"{day}, without a letter. Nothing was new." in said(
        tell_status(OFFICE, ADA, PRESENT, silent)
    )


def test_a_silence_that_is_for_the_owner_is_told_in_other_words() -> None:
    trouble = Silence(SilenceReason.TROUBLE, "run `newsletter send`")
    text = said(explain_silence(OFFICE, DAY, trouble))
    assert "newsletter send" not in text
    assert "on our side" in text
    held = said(explain_silence(OFFICE, DAY, Silence(SilenceReason.SUPPRESSED, "550 no")))
    assert f"write to {OFFICE.owner}" in held
    assert "550" not in held


def test_a_silence_that_is_for_the_reader_is_told_as_it_is() -> None:
    answer = explain_silence(OFFICE, DAY, Silence(SilenceReason.ALL_MUTED, "All 3 were muted."))
    assert answer.headline == "About Friday, 20 November 2026"
    assert answer.blocks[0] == Paragraph("All 3 were muted.")
    assert "“mute”" in said(answer)


def test_an_export_that_fits_no_mail_says_what_is_missing() -> None:
    rows = tuple((f"entry {number}", "x" * 990) for number in range(500))
    answer = hand_over_data(OFFICE, (Listing(rows, "Sent"), Listing((("a" * 9_999, ""),))), None)
    shown = sum(len(block.rows) for block in answer.blocks if isinstance(block, Listing))
    assert 390 < shown < 405
    assert f"{501 - shown} more lines do not fit" in said(answer)
    assert len(said(answer)) < 410_000


def test_a_mail_for_the_owner_says_who_wrote_and_is_bounded() -> None:
    long = "\n".join(f"line {number}\x07" for number in range(310))
    answer = forward_to_owner(OFFICE, mail(subject="Hi\r\nBcc: x@example.org"), long)
    assert answer.subject == "[Paper Round] Hi Bcc: x@example.org"
    assert ("From", "Ada, ada@example.org") in answer.blocks[1].rows  # type: ignore[union-attr]
    assert "10 more lines were left out." in said(answer)
    assert "\x07" not in said(answer)
    unknown = replace(mail(subject=""), from_address=None, from_name="")
    assert "From not given" in said(forward_to_owner(OFFICE, unknown, ""))
