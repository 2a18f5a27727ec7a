"""What the writer of a mail wrote, and not somebody before."""
# ruff: noqa: RUF001 - the words and marks of other languages

import pytest

from newsletter.model import InboundMail
from newsletter.rules.plain_lines import PlainLine, html_lines, own_lines, tidy


def mail(
    plain: str | None, html: str | None = None, *, is_flowed: bool = False, is_delsp: bool = False
) -> InboundMail:
    return InboundMail(
        None, None, None, "", "", None, (), plain, html, {}, is_flowed=is_flowed, is_delsp=is_delsp
    )


def own(plain: str) -> list[str]:
    return [line.text for line in own_lines(mail(plain)) if line.text]


ATTRIBUTIONS = [
    "On Mon, 23 Nov 2026 at 08:00, Paper Round <news@news.example> wrote:",
    "On Mon, 23 Nov 2026 at 08:00, Paper Round <news@news.example>\nwrote:",
    "On 23/11/2026 08:00, Paper Round\n<news@news.example>\nwrote:",
    "Am 23.11.2026 um 08:00 schrieb Paper Round <news@news.example>:",
    "Am Mo., 23. Nov. 2026 um 08:00 Uhr schrieb Paper Round\n<news@news.example>:",
    "Le lun. 23 nov. 2026 à 08:00, Paper Round <news@news.example> a écrit\u00a0:",
    "El lun, 23 nov 2026 a las 8:00, Paper Round (<news@news.example>) escribió:",
    "Il giorno lun 23 nov 2026 alle ore 08:00 Paper Round <n@x.example> ha scritto:",
    "Em seg., 23 de nov. de 2026 às 08:00, Paper Round <n@x.example> escreveu:",
    "Op ma 23 nov 2026 om 08:00 schreef Paper Round <news@news.example>:",
    "Den mån 23 nov. 2026 kl 08:00 skrev Paper Round <news@news.example>:",
    "pon., 23 lis 2026 o 08:00 Paper Round <news@news.example> napisał(a):",
    "пн, 23 нояб. 2026 г. в 08:00, Paper Round <news@news.example> пишет:",
    "Paper Round <news@news.example> 于2026年11月23日周一 08:00写道：",
]

ENDS = [
    "-- \nAda", "--\nAda", "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone",
    "Enviado desde mi iPhone", "Get Outlook for Android", "发自我的iPhone",
    "-----Original Message-----", "-----Ursprüngliche Nachricht-----", "________________________________",
    "Begin forwarded message:", "---------- Forwarded message ---------",
    "From: Paper Round <n@x.example>\nSent: Monday\nTo: Ada",
    "*Von:* Paper Round\n*Gesendet:* Montag\n*An:* Ada",
    "发件人：Paper Round\n发送时间：周一\n收件人：Ada",
]  # fmt: skip


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_below_an_attribution_nothing_is_read(attribution: str) -> None:
    assert own(f"status\n\n{attribution}\n\nstop\n") == ["status"]
    assert own(f"status\n\n{attribution}\n> stop\n> at once\n") == ["status"]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_below_a_marked_quotation_is_read(attribution: str) -> None:
    assert own(f"{attribution}\n> To leave, write\n> stop\n\nstatus\n") == ["status"]


@pytest.mark.parametrize("end", ENDS)
def test_a_signature_or_something_forwarded_ends_the_message(end: str) -> None:
    assert own(f"status\n\n{end}\nstop\n") == ["status"]


def test_a_line_right_under_a_quotation_may_be_its_wrapped_end() -> None:
    assert own("> To leave write\nstop\n\nstatus\n") == ["status"]


def test_quotation_marks_of_any_depth_are_seen() -> None:
    assert own("status\n>stop\n> > stop\n>>> stop\n | stop\n") == ["status"]


@pytest.mark.parametrize(
    "line", ["From: here to there", "On Monday I wrote a letter", "On 3 May", "I wrote: x", "---"]
)
def test_what_only_looks_so_is_kept(line: str) -> None:
    assert own(f"{line}\nstatus\n") == [line, "status"]


def test_lines_keep_their_numbers() -> None:
    lines = own_lines(mail("\r\na\r> q\n\nb"))
    assert [(line.number, line.text) for line in lines] == [(1, ""), (2, "a"), (4, ""), (5, "b")]


def test_flowed_lines_are_joined_as_they_were() -> None:
    text = "subscribe deep \nlearning\n> quoted \nstatus\n\n  indented\nlast \n-- \nAda"
    lines = own_lines(mail(text, is_flowed=True))
    assert [(line.number, line.text) for line in lines if line.text] == [
        (1, "subscribe deep learning"),
        (6, "indented"),
        (7, "last"),
    ]
    assert own_lines(mail("日 \n本", is_flowed=True, is_delsp=True))[0].text == "日本"
    assert own_lines(mail("end ", is_flowed=True))[0].text == "end"


def test_a_paragraph_without_end_is_cut() -> None:
    lines = own_lines(mail("word \n" * 2000, is_flowed=True))
    assert max(len(line.text) for line in lines) <= 1010


def test_html_is_read_where_there_is_no_plain_text() -> None:
    html = "<p>status</p><blockquote>stop<blockquote>stop</blockquote></blockquote>"
    assert [line.text for line in own_lines(mail(" \n", html)) if line.text] == ["status"]
    assert own_lines(mail(None)) == ()


def test_an_answer_below_a_html_quotation_is_read() -> None:
    html = "<div>Am 1.1. schrieb Ada:</div><blockquote>stop</blockquote><div>status</div>"
    assert [line.text for line in own_lines(mail(None, html)) if line.text] == ["status"]


def test_html_lines_are_those_a_person_sees() -> None:
    html = (
        "<!DOCTYPE html><?xml x?><HTML><Head><title>no</title></head><script>no<b></script>"
        "<div>one\n  two&nbsp;&nbsp;<i>three</i></div><ul><li>a &lt; b<li>c</ul>x < y<br><br>z"
        "</blockquote>&amp<!-- no --><p>end</p></ended"
    )
    assert [(line.text, line.depth) for line in html_lines(html)] == [
        ("one two\u00a0\u00a0three", 0),
        ("a < b", 0),
        ("c", 0),
        ("x < y", 0),
        ("", 0),
        ("z", 0),
        ("", 0),
        ("&", 0),
        ("end", 0),
    ]


def test_html_that_is_broken_off_hides_nothing_before() -> None:
    assert html_lines("a<br>b<style>c") == (PlainLine(1, "a"), PlainLine(2, "b"))
    assert html_lines("a<!-- b") == (PlainLine(1, "a"),)
    assert html_lines("a<b") == (PlainLine(1, "a"),)
    assert len(html_lines("x<br>" * 9000)) == 2000


def test_characters_are_those_that_were_meant() -> None:
    assert tidy("\ufeff “add”\u00a0\u200b‘x’\u2003，y\t ") == "\"add\" 'x' ,y"
