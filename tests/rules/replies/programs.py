"""Replies as the usual mail programs write them."""
# ruff: noqa: RUF001 - the look-alike characters are the point

from typing import Final

from tests.rules.replies.documents import OWN, SHOWN
from tests.rules.replies.hands import QP, Hand, edited, page, plain
from tests.rules.replies.messages import (
    BEGIN,
    END,
    breaks,
    curl,
    divs,
    letter,
    marked,
    message,
    part,
    quote,
    spaces,
    wrap,
)


def gmail_web_with_a_french_line_above_the_quotation() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    said = "Le lun. 23 nov. 2026 à 09:12, Paper Letter <letter@example.net> a écrit :"
    return SHOWN, meant, plain([*marked(meant), "", said, "", *quote(letter(SHOWN))], "base64")


def gmail_web_edited_within_the_quotation() -> tuple[str, str, bytes]:
    meant = edited("time", SHOWN)
    said = "On Mon, Nov 23, 2026 at 9:12 AM Paper Letter <\r\nletter@example.net> wrote:"
    body = f'<div dir="ltr">Please!</div><blockquote class="gmail_quote">{breaks(letter(meant))}</blockquote>'
    text = ["Please!", "", said, "", *wrap(quote(letter(meant)), 76)]
    return SHOWN, meant, message(part("plain", text, QP), part("html", body, QP))


def gmail_on_android_without_a_plain_part() -> tuple[str, str, bytes]:
    meant = edited("add a topic with a query", OWN)
    return OWN, meant, page(divs(marked(meant), ' dir="auto"').replace("&nbsp;&nbsp;", " &nbsp;"))


def gmail_with_bold_marker_lines_in_the_plain_part() -> tuple[str, str, bytes]:
    meant = edited("order", SHOWN)
    lines = [f"*{BEGIN}*", *meant.rstrip().split("\n"), f"*{END}*"]
    return SHOWN, meant, plain(lines)


def apple_mail_with_spaces_that_do_not_break() -> tuple[str, str, bytes]:
    meant = edited("change a weight", SHOWN)
    lines = [line.replace("  ", "\u00a0 ") for line in quote(letter(meant))]
    return SHOWN, meant, plain(["On 23 Nov 2026, at 09:12, Paper Letter wrote:", "", *lines])


def iphone_edited_within_the_quotation_as_html() -> tuple[str, str, bytes]:
    meant = edited("add a topic in other letters", SHOWN)
    rows = divs([curl(one) for one in letter(meant)])
    body = f'<div dir="ltr"></div><blockquote type="cite">{rows}</blockquote>'
    return SHOWN, meant, page(f'{body}<div id="AppleMailSignature">Sent from my iPhone</div>')


def ipad_with_long_dashes_for_items() -> tuple[str, str, bytes]:
    meant = edited("add to mute", OWN)
    lines = [line.replace("  - ", "  — ") for line in marked(meant)]
    return OWN, meant, plain([*lines, "", "Von meinem iPad gesendet"])


def outlook_as_plain_text_with_the_old_block_below_a_rule() -> tuple[str, str, bytes]:
    meant = edited("cadence: week", SHOWN)
    head = [
        "From: Paper Letter <letter@example.net> ",
        "Sent: Monday, November 23, 2026 9:12 AM",
        "To: Ada",
    ]
    lines = [*marked(meant), "", "-----Original Message-----", *head, "", *letter(SHOWN)]
    return SHOWN, meant, plain(lines, "8bit")


def outlook_with_paragraphs_that_word_made_a_list() -> tuple[str, str, bytes]:
    meant = edited("add a topic by its name", SHOWN)
    sign = "<![if !supportLists]><span>·<span>&nbsp;&nbsp;&nbsp; </span></span><![endif]>"
    body = ""
    for line in marked(meant):
        if line.startswith("  - "):
            style = "margin-left:.5in;text-indent:-.25in;mso-list:l0 level1 lfo1"
            body += f"<p class=MsoListParagraph style='{style}'>{sign}{spaces(line[4:])}<o:p></o:p></p>\r\n"
        else:
            body += f"<p class=MsoNormal>{spaces(line)}<o:p></o:p></p>\r\n"
    return SHOWN, meant, page(body)


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


def outlook_web_with_an_empty_line_below_each_line() -> tuple[str, str, bytes]:
    meant = edited("delete a topic", OWN)
    return OWN, meant, plain([one for line in marked(meant) for one in (line, "")])


def outlook_mobile_with_breaks_in_one_element() -> tuple[str, str, bytes]:
    meant = edited("time zone", SHOWN)
    rule = '<hr style="width:98%"><div id="divRplyFwdMsg"><b>From:</b> letter@example.net<br>'
    old = f"{rule}<b>Sent:</b> Monday, 23 November 2026<br><b>To:</b> Ada</div>{breaks(letter(SHOWN))}"
    return (
        SHOWN,
        meant,
        page(f'<div dir="ltr">{breaks(marked(meant))}</div><div>Get Outlook for iOS</div>{old}'),
    )


def thunderbird_flowed_with_a_line_that_was_broken_softly() -> tuple[str, str, bytes]:
    meant = edited("change a text", OWN)
    lines = [f"> {one}" for one in wrap(letter(meant), 72, " ")]
    return (
        OWN,
        meant,
        plain(["On 11/23/26 09:12, Paper Letter wrote:", *lines], "8bit", more="; format=flowed"),
    )


def thunderbird_as_html_with_preformatted_text() -> tuple[str, str, bytes]:
    meant = edited("cadence: days in a list", OWN)
    text = spaces("\n".join(letter(meant)), " ")
    body = f'<blockquote type="cite"><pre class="moz-quote-pre" wrap="">{text}</pre></blockquote>'
    return (
        OWN,
        meant,
        page(f'<div class="moz-cite-prefix">On 11/23/26 9:12 AM, Paper Letter wrote:</div>{body}'),
    )


def mutt_with_new_lines_between_the_quoted_ones() -> tuple[str, str, bytes]:
    meant = edited("add a topic with a query", SHOWN)
    known = set(SHOWN.split("\n")) | {BEGIN, END}
    lines = [f"> {line}" if line in known else line for line in marked(meant)]
    return (
        SHOWN,
        meant,
        plain(["On Mon, Nov 23, 2026 at 09:12:00AM +0000, Paper Letter wrote:", *lines], "8bit"),
    )


def mutt_quoted_three_times_with_tabs() -> tuple[str, str, bytes]:
    meant = edited("the name", SHOWN)
    lines = [line.replace("  ", "\t") for line in marked(meant)]
    return SHOWN, meant, plain(quote(quote(quote(lines, ">"), ">"), "> "), "8bit")


def k9_in_base64_with_a_german_line() -> tuple[str, str, bytes]:
    meant = edited("add a comment", SHOWN)
    said = "Am 23. November 2026 09:12:00 MEZ schrieb Paper Letter <letter@example.net>:"
    return SHOWN, meant, plain([*marked(meant), "", said, *quote(letter(SHOWN), ">")], "base64")


def k9_answered_below_the_quotation() -> tuple[str, str, bytes]:
    meant = edited("follow somebody", OWN)
    lines = [*quote(letter(OWN)), "", *marked(meant), "", "-- ", "Ada", "+49 30 123456"]
    return OWN, meant, plain(["On 23 Nov 2026 letter@example.net wrote:", *lines])


def proton_with_plain_spaces_and_breaks() -> tuple[str, str, bytes]:
    meant = edited("reorder", OWN)
    own = "<br>".join(spaces(one) for one in marked(meant))
    signature = (
        '<div class="protonmail_signature_block">Sent with <a href="#">Proton Mail</a></div>'
    )
    return OWN, meant, page(f'<div style="font-size: 14px;">{own}</div>{signature}')


def yahoo_with_all_indentation_lost() -> tuple[str, str, bytes]:
    meant = edited("add a topic with a query", OWN)
    return OWN, meant, page(divs([one.strip() for one in marked(meant)], ' dir="ltr"'))


def yahoo_as_plain_text_moved_to_the_right() -> tuple[str, str, bytes]:
    meant = edited("add to mute", SHOWN)
    return SHOWN, meant, plain(["    " + one if one else "" for one in letter(meant)])


def gmx_with_dashes_made_longer() -> tuple[str, str, bytes]:
    meant = edited("a list in one line", SHOWN)
    return (
        SHOWN,
        meant,
        page(breaks([one.replace("  - ", "  – ") for one in marked(meant)], "<br/>")),
    )


def webmail_with_a_spanish_line_and_a_disclaimer() -> tuple[str, str, bytes]:
    meant = edited("empty a list", SHOWN)
    said = "El 23/11/2026 a las 9:12, Paper Letter <letter@example.net> escribió:"
    notice = [
        "",
        "AVISO: This message: is confidential. If you got it by mistake, delete it.",
        "- Legal",
    ]
    return SHOWN, meant, plain([*marked(meant), "", said, *quote(letter(SHOWN)), *notice])


def windows_letters_under_the_name_of_latin_ones() -> tuple[str, str, bytes]:
    meant = edited("change a query", SHOWN)
    raw = plain([curl(line) for line in marked(meant)], "8bit", "windows-1252")
    return SHOWN, meant, raw.replace(b"charset=windows-1252", b"charset=iso-8859-1")


OF_PROGRAMS: Final[tuple[Hand, ...]] = (
    gmail_web_with_a_french_line_above_the_quotation,
    gmail_web_edited_within_the_quotation,
    gmail_on_android_without_a_plain_part,
    gmail_with_bold_marker_lines_in_the_plain_part,
    apple_mail_with_spaces_that_do_not_break,
    iphone_edited_within_the_quotation_as_html,
    ipad_with_long_dashes_for_items,
    outlook_as_plain_text_with_the_old_block_below_a_rule,
    outlook_with_paragraphs_that_word_made_a_list,
    outlook_in_german_edited_below_the_header,
    outlook_web_with_an_empty_line_below_each_line,
    outlook_mobile_with_breaks_in_one_element,
    thunderbird_flowed_with_a_line_that_was_broken_softly,
    thunderbird_as_html_with_preformatted_text,
    mutt_with_new_lines_between_the_quoted_ones,
    mutt_quoted_three_times_with_tabs,
    k9_in_base64_with_a_german_line,
    k9_answered_below_the_quotation,
    proton_with_plain_spaces_and_breaks,
    yahoo_with_all_indentation_lost,
    yahoo_as_plain_text_moved_to_the_right,
    gmx_with_dashes_made_longer,
    webmail_with_a_spanish_line_and_a_disclaimer,
    windows_letters_under_the_name_of_latin_ones,
)
