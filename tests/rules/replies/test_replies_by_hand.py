"""Replies as people send them, each from another program or with another mishap: all are read as meant."""

from collections.abc import Callable
from typing import Final

import pytest

from newsletter.rules.replies import Found, find_block
from tests.rules.replies.documents import EDITS, OWN, SHOWN, both, meaning, put
from tests.rules.replies.messages import (
    BEGIN,
    END,
    breaks,
    bullets,
    curl,
    divs,
    letter,
    marked,
    message,
    part,
    quote,
    read,
    spaces,
    wrap,
)

Hand = Callable[[], tuple[str, str, bytes]]
HANDS: Final[list[Hand]] = []
QP: Final = "quoted-printable"


def hand(one: Hand) -> Hand:
    """Keep a reply: what was sent, what was meant, and the message."""
    HANDS.append(one)
    return one


def plain(lines: list[str], encoding: str = QP, charset: str = "utf-8", more: str = "") -> bytes:
    return message(part("plain", lines, encoding, charset, more))


def page(body: str, charset: str = "utf-8") -> bytes:
    return message(part("html", f"<html><head></head><body>{body}</body></html>", QP, charset))


def edited(edit: str, sent: str) -> str:
    return EDITS[edit](sent)


@hand
def gmail_web_with_a_french_line_above_the_quotation() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    said = "Le lun. 23 nov. 2026 à 09:12, Paper Letter <letter@example.net> a écrit :"
    return SHOWN, meant, plain([*marked(meant), "", said, "", *quote(letter(SHOWN))], "base64")


@hand
def gmail_web_edited_within_the_quotation() -> tuple[str, str, bytes]:
    meant = edited("time", SHOWN)
    said = "On Mon, Nov 23, 2026 at 9:12 AM Paper Letter <\r\nletter@example.net> wrote:"
    body = f'<div dir="ltr">Please!</div><blockquote class="gmail_quote">{breaks(letter(meant))}</blockquote>'
    text = ["Please!", "", said, "", *wrap(quote(letter(meant)), 76)]
    return SHOWN, meant, message(part("plain", text, QP), part("html", body, QP))


@hand
def gmail_on_android_without_a_plain_part() -> tuple[str, str, bytes]:
    meant = edited("add a topic with a query", OWN)
    return OWN, meant, page(divs(marked(meant), ' dir="auto"').replace("&nbsp;&nbsp;", " &nbsp;"))


@hand
def gmail_with_bold_marker_lines_in_the_plain_part() -> tuple[str, str, bytes]:
    meant = edited("order", SHOWN)
    lines = [f"*{BEGIN}*", *meant.rstrip().split("\n"), f"*{END}*"]
    return SHOWN, meant, plain(lines)


@hand
def apple_mail_with_spaces_that_do_not_break() -> tuple[str, str, bytes]:
    meant = edited("change a weight", SHOWN)
    lines = [line.replace("  ", "\u00a0 ") for line in quote(letter(meant))]
    return SHOWN, meant, plain(["On 23 Nov 2026, at 09:12, Paper Letter wrote:", "", *lines])


@hand
def iphone_edited_within_the_quotation_as_html() -> tuple[str, str, bytes]:
    meant = edited("add a topic in other letters", SHOWN)
    body = f'<div dir="ltr"></div><blockquote type="cite">{divs([curl(one) for one in letter(meant)])}</blockquote>'
    return SHOWN, meant, page(f'{body}<div id="AppleMailSignature">Sent from my iPhone</div>')


@hand
def ipad_with_long_dashes_for_items() -> tuple[str, str, bytes]:
    meant = edited("add to mute", OWN)
    lines = [line.replace("  - ", "  — ") for line in marked(meant)]
    return OWN, meant, plain([*lines, "", "Von meinem iPad gesendet"])


@hand
def outlook_as_plain_text_with_the_old_block_below_a_rule() -> tuple[str, str, bytes]:
    meant = edited("cadence: week", SHOWN)
    head = [
        "From: Paper Letter <letter@example.net> ",
        "Sent: Monday, November 23, 2026 9:12 AM",
        "To: Ada",
    ]
    lines = [*marked(meant), "", "-----Original Message-----", *head, "", *letter(SHOWN)]
    return SHOWN, meant, plain(lines, "8bit")


@hand
def outlook_with_paragraphs_that_word_made_a_list() -> tuple[str, str, bytes]:
    meant = edited("add a topic by its name", SHOWN)
    sign = "<![if !supportLists]><span style='font-family:Symbol'>·<span>&nbsp;&nbsp;&nbsp;&nbsp; </span></span><![endif]>"
    body = ""
    for line in marked(meant):
        if line.startswith("  - "):
            style = "margin-left:.5in;text-indent:-.25in;mso-list:l0 level1 lfo1"
            body += f"<p class=MsoListParagraph style='{style}'>{sign}{spaces(line[4:])}<o:p></o:p></p>\r\n"
        else:
            body += f"<p class=MsoNormal>{spaces(line)}<o:p></o:p></p>\r\n"
    return SHOWN, meant, page(body)


@hand
def outlook_in_german_edited_below_the_header() -> tuple[str, str, bytes]:
    meant = edited("at most", OWN)
    head = (
        "<p class=MsoNormal><b>Von:</b> Paper Letter &lt;letter@example.net&gt;<br><b>Gesendet:</b> Montag,"
        " 23. November 2026 09:12<br><b>An:</b> Ada<br><b>Betreff:</b> Deine Wünsche</p>"
    )
    rows = "".join(
        f"<p class=MsoNormal>{spaces(one) or '<o:p>&nbsp;</o:p>'}</p>" for one in letter(meant)
    )
    return OWN, meant, page(f"<p class=MsoNormal>Bitte so.</p>{head}{rows}", "windows-1252")


@hand
def outlook_web_with_an_empty_line_below_each_line() -> tuple[str, str, bytes]:
    meant = edited("delete a topic", OWN)
    return OWN, meant, plain([one for line in marked(meant) for one in (line, "")])


@hand
def outlook_mobile_with_breaks_in_one_element() -> tuple[str, str, bytes]:
    meant = edited("time zone", SHOWN)
    rule = '<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg"><b>From:</b> letter@example.net<br>'
    old = f"{rule}<b>Sent:</b> Monday, 23 November 2026<br><b>To:</b> Ada</div>{breaks(letter(SHOWN))}"
    return (
        SHOWN,
        meant,
        page(f'<div dir="ltr">{breaks(marked(meant))}</div><div>Get Outlook for iOS</div>{old}'),
    )


@hand
def thunderbird_flowed_with_a_line_that_was_broken_softly() -> tuple[str, str, bytes]:
    meant = edited("change a text", OWN)
    lines = [f"> {one}" for one in wrap(letter(meant), 72, " ")]
    return (
        OWN,
        meant,
        plain(["On 11/23/26 09:12, Paper Letter wrote:", *lines], "8bit", more="; format=flowed"),
    )


@hand
def thunderbird_as_html_with_preformatted_text() -> tuple[str, str, bytes]:
    meant = edited("cadence: days in a list", OWN)
    text = spaces("\n".join(letter(meant)), " ")
    body = f'<blockquote type="cite"><pre class="moz-quote-pre" wrap="">{text}</pre></blockquote>'
    return (
        OWN,
        meant,
        page(f'<div class="moz-cite-prefix">On 11/23/26 9:12 AM, Paper Letter wrote:</div>{body}'),
    )


@hand
def mutt_with_new_lines_between_the_quoted_ones() -> tuple[str, str, bytes]:
    meant = edited("add a topic with a query", SHOWN)
    known = set(SHOWN.split("\n")) | {BEGIN, END}
    lines = [f"> {line}" if line in known else line for line in marked(meant)]
    return (
        SHOWN,
        meant,
        plain(["On Mon, Nov 23, 2026 at 09:12:00AM +0000, Paper Letter wrote:", *lines], "8bit"),
    )


@hand
def mutt_quoted_three_times_with_tabs() -> tuple[str, str, bytes]:
    meant = edited("the name", SHOWN)
    lines = [line.replace("  ", "\t") for line in marked(meant)]
    return SHOWN, meant, plain(quote(quote(quote(lines, ">"), ">"), "> "), "8bit")


@hand
def k9_in_base64_with_a_german_line() -> tuple[str, str, bytes]:
    meant = edited("add a comment", SHOWN)
    said = "Am 23. November 2026 09:12:00 MEZ schrieb Paper Letter <letter@example.net>:"
    return SHOWN, meant, plain([*marked(meant), "", said, *quote(letter(SHOWN), ">")], "base64")


@hand
def k9_answered_below_the_quotation() -> tuple[str, str, bytes]:
    meant = edited("follow somebody", OWN)
    lines = [*quote(letter(OWN)), "", *marked(meant), "", "-- ", "Ada", "+49 30 123456"]
    return OWN, meant, plain(["On 23 Nov 2026 letter@example.net wrote:", *lines])


@hand
def proton_with_plain_spaces_and_breaks() -> tuple[str, str, bytes]:
    meant = edited("reorder", OWN)
    own = "<br>".join(spaces(one) for one in marked(meant))
    signature = '<div class="protonmail_signature_block">Sent with <a href="https://proton.me">Proton Mail</a></div>'
    return OWN, meant, page(f'<div style="font-size: 14px;">{own}</div>{signature}')


@hand
def yahoo_with_all_indentation_lost() -> tuple[str, str, bytes]:
    meant = edited("add a topic with a query", OWN)
    return OWN, meant, page(divs([one.strip() for one in marked(meant)], ' dir="ltr"'))


@hand
def yahoo_as_plain_text_moved_to_the_right() -> tuple[str, str, bytes]:
    meant = edited("add to mute", SHOWN)
    return SHOWN, meant, plain(["    " + one if one else "" for one in letter(meant)])


@hand
def gmx_with_dashes_made_longer() -> tuple[str, str, bytes]:
    meant = edited("a list in one line", SHOWN)
    return (
        SHOWN,
        meant,
        page(breaks([one.replace("  - ", "  – ") for one in marked(meant)], "<br/>")),
    )  # noqa: RUF001


@hand
def webmail_with_a_spanish_line_and_a_disclaimer() -> tuple[str, str, bytes]:
    meant = edited("empty a list", SHOWN)
    said = "El 23/11/2026 a las 9:12, Paper Letter <letter@example.net> escribió:"
    notice = [
        "",
        "AVISO: This message: is confidential. If you got it by mistake, delete it.",
        "- Legal",
    ]
    return SHOWN, meant, plain([*marked(meant), "", said, *quote(letter(SHOWN)), *notice])


@hand
def windows_letters_under_the_name_of_latin_ones() -> tuple[str, str, bytes]:
    meant = edited("change a query", SHOWN)
    raw = plain([curl(line) for line in marked(meant)], "8bit", "windows-1252")
    return SHOWN, meant, raw.replace(b"charset=windows-1252", b"charset=iso-8859-1")


OCEANS: Final = edited("add a topic in other letters", SHOWN).replace("海洋", "mer")


@hand
def letters_read_in_the_wrong_charset_where_they_are_known() -> tuple[str, str, bytes]:
    meant = edited("at most", OCEANS)
    raw = plain(marked(meant), "8bit", "utf-8")
    return OCEANS, meant, raw.replace(b"charset=utf-8", b"charset=windows-1252")


@hand
def a_plain_part_that_lost_letters_beside_html_that_did_not() -> tuple[str, str, bytes]:
    meant = edited("add a topic in other letters", SHOWN)
    poor = meant.encode("ascii", "replace").decode()
    return (
        SHOWN,
        meant,
        message(part("plain", marked(poor), "7bit"), part("html", divs(marked(meant)), QP)),
    )


@hand
def a_plain_part_that_was_cut_beside_whole_html() -> tuple[str, str, bytes]:
    meant = edited("change a weight", OWN)
    short = marked(meant)[:9]
    return OWN, meant, message(part("plain", short, QP), part("html", divs(marked(meant)), QP))


@hand
def html_without_the_block_beside_a_plain_part_with_it() -> tuple[str, str, bytes]:
    meant = edited("change a weight", OWN)
    body = '<p>see the text part</p><img src="cid:block">'
    return OWN, meant, message(part("plain", marked(meant), QP), part("html", body, QP))


@hand
def full_width_colons_and_spaces_of_a_chinese_keyboard() -> tuple[str, str, bytes]:
    meant = edited("order", SHOWN)
    lines = [line.replace("order: ", "order：") for line in marked(meant)]  # noqa: RUF001
    return (
        SHOWN,
        meant,
        plain([line.replace("  ", "\u3000") if "  - " not in line else line for line in lines]),
    )


@hand
def marker_lines_that_became_headings() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    rows = divs(meant.rstrip().split("\n"))
    return SHOWN, meant, page(f"<h1>BEGIN PREFERENCES</h1>{rows}<h1>END PREFERENCES</h1>")


@hand
def marker_lines_that_became_a_numbered_list() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    return (
        SHOWN,
        meant,
        plain(["1. BEGIN PREFERENCES", *meant.rstrip().split("\n"), "2. END PREFERENCES"]),
    )


@hand
def marker_lines_as_items_in_small_letters() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    return (
        SHOWN,
        meant,
        plain(["* # Begin\u00a0preferences", *meant.rstrip().split("\n"), "* # end Preferences:"]),
    )


@hand
def a_signature_on_the_last_marker_line() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    return SHOWN, meant, plain([BEGIN, *meant.rstrip().split("\n"), f"{END} Sent from my phone"])


@hand
def lists_within_lists() -> tuple[str, str, bytes]:
    meant = edited("add a topic by its name", SHOWN)
    body = bullets(marked(meant)).replace("<ul>", "<ul style='margin:0'>").replace("<br>", "<div>")
    return SHOWN, meant, page(body)


@hand
def an_emoji_that_became_a_picture() -> tuple[str, str, bytes]:
    meant = put("name: Ada", "name: Ada 🐬")(SHOWN)
    picture = '<img class="an1" alt="🐬" src="https://fonts.example.net/1f42c.png" data-emoji="🐬">'
    return SHOWN, meant, page(divs(marked(meant)).replace("🐬", picture))


@hand
def an_unchanged_copy_above_the_quotation_that_was_edited() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    said = "On Mon, Nov 23, 2026 Paper Letter <letter@example.net> wrote:"
    return SHOWN, meant, plain([*marked(SHOWN), "", said, "", *quote(letter(meant))])


@hand
def quoted_with_bars() -> tuple[str, str, bytes]:
    meant = edited("time", OWN)
    return OWN, meant, plain(quote(letter(meant), "| "))


@hand
def quoted_with_spaces_before_the_marks() -> tuple[str, str, bytes]:
    meant = edited("remove a key", OWN)
    return OWN, meant, plain(quote(quote(letter(meant), " > "), " >"))


@hand
def addresses_with_their_links_in_the_plain_part() -> tuple[str, str, bytes]:
    meant = put("organizations:", "organizations: [nvidia, example.org]")(SHOWN)
    linked = [
        line.replace("ada@example.org", "ada@example.org <mailto:ada@example.org>").replace(
            ", example.org]", ", example.org <http://example.org>]"
        )
        for line in marked(meant)
    ]
    return SHOWN, meant, plain(linked)


@hand
def keys_and_words_that_a_telephone_began_with_capitals() -> tuple[str, str, bytes]:
    meant = both(EDITS["cadence: day"], EDITS["order"])(SHOWN)
    lines = [
        line.replace("every: day", "Every: Day").replace("order: newest", "Order: Newest")
        for line in marked(meant)
    ]
    return (
        SHOWN,
        meant,
        plain([line.replace("topics:", "Topics:").replace("mute:", "Mute :") for line in lines]),
    )


@hand
def a_hidden_line_and_a_style_sheet_in_the_html() -> tuple[str, str, bytes]:
    meant = edited("order", SHOWN)
    hidden = (
        f'<div style="display: none">{BEGIN}</div><style>p {{ color: red }}</style><!-- {END} -->'
    )
    return SHOWN, meant, page(f"{hidden}<table><tr><td>{divs(marked(meant))}</td></tr></table>")


@hand
def an_older_state_in_the_quotation_of_the_quotation() -> tuple[str, str, bytes]:
    older, meant = edited("delete a topic", SHOWN), edited("at most", SHOWN)
    deep = quote([*letter(SHOWN), "", *quote(marked(older))])
    return (
        SHOWN,
        meant,
        plain([*marked(meant), "", "On 2026-11-23, letter@example.net wrote:", *deep]),
    )


@hand
def a_long_comment_and_a_long_text_that_were_broken_at_64() -> tuple[str, str, bytes]:
    meant = edited("at most", OWN)
    return OWN, meant, plain(wrap(marked(meant), 64))


@hand
def a_comment_behind_a_changed_value_that_was_broken() -> tuple[str, str, bytes]:
    meant = OWN.replace("every: weekday  #", "every: day  #")
    return OWN, meant, plain(wrap(marked(meant), 66))


@pytest.mark.parametrize("one", HANDS, ids=lambda one: one.__name__)
def test_a_reply_is_read_as_it_was_meant(one: Hand) -> None:
    sent, meant, raw = one()
    found = find_block(read(raw), sent)
    assert isinstance(found, Found), found
    assert meaning(found.text) == meaning(meant), found.text


def test_there_are_enough_of_them() -> None:
    assert len(HANDS) >= 40


def test_comments_and_empty_lines_stay_where_they_were() -> None:
    meant = EDITS["at most"](OWN)
    found = find_block(read(plain(quote(letter(meant)))), OWN)
    assert isinstance(found, Found)
    assert found.text == meant


def test_each_line_of_the_text_is_traced_to_the_line_that_the_person_sees() -> None:
    meant = EDITS["at most"](SHOWN)
    lines = [one for line in marked(meant) for one in (f"> {line}", ">")]
    found = find_block(read(plain(["Hello", *lines])), SHOWN)
    assert isinstance(found, Found)
    at = found.text.split("\n").index("  at_most: 5") + 1
    seen = found.seen_at(at)
    assert seen
    assert seen.text == "at_most: 5"
    assert seen.number == 2 * at
    assert found.seen_at(0) is None
    assert found.seen_at(999) is None


def test_a_block_whose_keys_were_all_removed_is_found_empty() -> None:
    found = find_block(read(plain([BEGIN, "", END])), SHOWN)
    assert isinstance(found, Found)
    assert not found.text
