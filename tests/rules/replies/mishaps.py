"""Replies to which something happened on the way."""
# ruff: noqa: RUF001 - the look-alike characters are the point

from typing import Final

from tests.rules.replies.documents import EDITS, OWN, SHOWN, both, put
from tests.rules.replies.hands import QP, Hand, edited, page, plain
from tests.rules.replies.messages import (
    BEGIN,
    END,
    bullets,
    curl,
    divs,
    letter,
    marked,
    message,
    part,
    quote,
    wrap,
)

OCEANS: Final = edited("add a topic in other letters", SHOWN).replace("海洋", "mer")


def letters_read_in_the_wrong_charset_where_they_are_known() -> tuple[str, str, bytes]:
    meant = edited("at most", OCEANS)
    raw = plain(marked(meant), "8bit", "utf-8")
    return OCEANS, meant, raw.replace(b"charset=utf-8", b"charset=windows-1252")


def a_plain_part_that_lost_letters_beside_html_that_did_not() -> tuple[str, str, bytes]:
    meant = edited("add a topic in other letters", SHOWN)
    poor = meant.encode("ascii", "replace").decode()
    return (
        SHOWN,
        meant,
        message(part("plain", marked(poor), "7bit"), part("html", divs(marked(meant)), QP)),
    )


def a_plain_part_that_was_cut_beside_whole_html() -> tuple[str, str, bytes]:
    meant = edited("change a weight", OWN)
    short = marked(meant)[:9]
    return OWN, meant, message(part("plain", short, QP), part("html", divs(marked(meant)), QP))


def html_without_the_block_beside_a_plain_part_with_it() -> tuple[str, str, bytes]:
    meant = edited("change a weight", OWN)
    body = '<p>see the text part</p><img src="cid:block">'
    return OWN, meant, message(part("plain", marked(meant), QP), part("html", body, QP))


def full_width_colons_and_spaces_of_a_chinese_keyboard() -> tuple[str, str, bytes]:
    meant = edited("order", SHOWN)
    lines = [line.replace("order: ", "order：") for line in marked(meant)]
    return (
        SHOWN,
        meant,
        plain([line.replace("  ", "\u3000") if "  - " not in line else line for line in lines]),
    )


def marker_lines_that_became_headings() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    rows = divs(meant.rstrip().split("\n"))
    return SHOWN, meant, page(f"<h1>BEGIN PREFERENCES</h1>{rows}<h1>END PREFERENCES</h1>")


def marker_lines_that_became_a_numbered_list() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    return (
        SHOWN,
        meant,
        plain(["1. BEGIN PREFERENCES", *meant.rstrip().split("\n"), "2. END PREFERENCES"]),
    )


def marker_lines_as_items_in_small_letters() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    return (
        SHOWN,
        meant,
        plain(["* # Begin\u00a0preferences", *meant.rstrip().split("\n"), "* # end Preferences:"]),
    )


def a_signature_on_the_last_marker_line() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    return SHOWN, meant, plain([BEGIN, *meant.rstrip().split("\n"), f"{END} Sent from my phone"])


def lists_within_lists() -> tuple[str, str, bytes]:
    meant = edited("add a topic by its name", SHOWN)
    body = bullets(marked(meant)).replace("<ul>", "<ul style='margin:0'>").replace("<br>", "<div>")
    return SHOWN, meant, page(body)


def an_emoji_that_became_a_picture() -> tuple[str, str, bytes]:
    meant = put("name: Ada", "name: Ada 🐬")(SHOWN)
    picture = '<img class="an1" alt="🐬" src="https://fonts.example.net/1f42c.png" data-emoji="🐬">'
    return SHOWN, meant, page(divs(marked(meant)).replace("🐬", picture))


def an_unchanged_copy_above_the_quotation_that_was_edited() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    said = "On Mon, Nov 23, 2026 Paper Letter <letter@example.net> wrote:"
    return SHOWN, meant, plain([*marked(SHOWN), "", said, "", *quote(letter(meant))])


def quoted_with_bars() -> tuple[str, str, bytes]:
    meant = edited("time", OWN)
    return OWN, meant, plain(quote(letter(meant), "| "))


def quoted_with_spaces_before_the_marks() -> tuple[str, str, bytes]:
    meant = edited("remove a key", OWN)
    return OWN, meant, plain(quote(quote(letter(meant), " > "), " >"))


def addresses_with_their_links_in_the_plain_part() -> tuple[str, str, bytes]:
    meant = put("organizations:", "organizations: [nvidia, example.org]")(SHOWN)
    linked = [
        line.replace("ada@example.org", "ada@example.org <mailto:ada@example.org>").replace(
            ", example.org]", ", example.org <http://example.org>]"
        )
        for line in marked(meant)
    ]
    return SHOWN, meant, plain(linked)


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


def a_hidden_line_and_a_style_sheet_in_the_html() -> tuple[str, str, bytes]:
    meant = edited("order", SHOWN)
    hidden = (
        f'<div style="display: none">{BEGIN}</div><style>p {{ color: red }}</style><!-- {END} -->'
    )
    return SHOWN, meant, page(f"{hidden}<table><tr><td>{divs(marked(meant))}</td></tr></table>")


def an_older_state_in_the_quotation_of_the_quotation() -> tuple[str, str, bytes]:
    older, meant = edited("delete a topic", SHOWN), edited("at most", SHOWN)
    deep = quote([*letter(SHOWN), "", *quote(marked(older))])
    return (
        SHOWN,
        meant,
        plain([*marked(meant), "", "On 2026-11-23, letter@example.net wrote:", *deep]),
    )


def a_long_comment_and_a_long_text_that_were_broken_at_64() -> tuple[str, str, bytes]:
    meant = edited("at most", OWN)
    return OWN, meant, plain(wrap(marked(meant), 64))


def a_comment_behind_a_changed_value_that_was_broken() -> tuple[str, str, bytes]:
    meant = OWN.replace("every: weekday  #", "every: day  #")
    return OWN, meant, plain(wrap(marked(meant), 66))


def bold_keys_in_the_plain_part() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    bold = [f"*{one}*" if one in {"topics:", "mute:"} else one for one in marked(meant)]
    return SHOWN, meant, plain(bold)


def comments_that_became_items_and_numbers() -> tuple[str, str, bytes]:
    meant = edited("at most", OWN)
    lines = [
        line.replace("- reinf", "2. reinf")
        .replace("# What", "1. What")
        .replace("# On", "• # On")
        .replace("# one", "- ＃ one")
        for line in marked(meant)
    ]
    return OWN, meant, plain(lines)


def a_query_in_bent_marks_that_was_broken() -> tuple[str, str, bytes]:
    meant = edited("add a topic with a long query", SHOWN)
    return SHOWN, meant, plain(wrap([curl(line) for line in marked(meant)], 66))


def a_changed_line_that_alone_lost_its_indentation() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    return SHOWN, meant, plain([one.strip() if "at_most" in one else one for one in marked(meant)])


def a_first_item_below_a_key_that_had_none() -> tuple[str, str, bytes]:
    sent = edited("empty a list", SHOWN)
    meant = sent.replace("mute: []", "mute:\n  - title:workshop")
    return sent, meant, page(divs([one.strip() for one in marked(meant)]))


def a_first_item_below_a_key_whose_items_were_removed() -> tuple[str, str, bytes]:
    meant = edited("add to mute", SHOWN).replace("  - 'title:survey'\n", "")
    meant = meant.replace("  - benchmark AND leaderboard\n", "")
    return SHOWN, meant, page(divs([one.strip() for one in marked(meant)]))


def halved_indentation_with_a_line_that_fits_nowhere() -> tuple[str, str, bytes]:
    meant = edited("add to mute", SHOWN)
    halved = [" " * ((len(one) - len(one.lstrip())) // 2) + one.lstrip() for one in marked(meant)]
    return SHOWN, meant, plain([one.replace(" - title:w", "       - title:w") for one in halved])


def a_long_comment_that_was_typed_and_broken() -> tuple[str, str, bytes]:
    meant = edited("at most", SHOWN)
    comment = "# I read this at breakfast and on the train, so not too many of them, if possible"
    return SHOWN, meant, plain(wrap([BEGIN, comment, "# and this", *marked(meant)[1:]], 76))


def two_comments_the_first_of_which_is_as_long_as_a_line() -> tuple[str, str, bytes]:
    sent = put("about:", "about: climate")(SHOWN)
    meant = edited("at most", sent)
    comment = "# I read this at breakfast and on the train, so there are not too many of them"
    return sent, meant, plain([BEGIN, comment, "# all right?", *marked(meant)[1:]])


def lists_that_begin_below_their_key() -> tuple[str, str, bytes]:
    sent = "email: ada@example.org\ntopics:\n- robotics\nmute:\n- title:survey\nformat: html\n"
    meant = sent.replace("- robotics", "- robotics\n- speech").replace("html", "text")
    return sent, meant, plain(quote(marked(meant)))


AFTER_MISHAPS: Final[tuple[Hand, ...]] = (
    letters_read_in_the_wrong_charset_where_they_are_known,
    a_plain_part_that_lost_letters_beside_html_that_did_not,
    a_plain_part_that_was_cut_beside_whole_html,
    html_without_the_block_beside_a_plain_part_with_it,
    full_width_colons_and_spaces_of_a_chinese_keyboard,
    marker_lines_that_became_headings,
    marker_lines_that_became_a_numbered_list,
    marker_lines_as_items_in_small_letters,
    a_signature_on_the_last_marker_line,
    lists_within_lists,
    an_emoji_that_became_a_picture,
    an_unchanged_copy_above_the_quotation_that_was_edited,
    quoted_with_bars,
    quoted_with_spaces_before_the_marks,
    addresses_with_their_links_in_the_plain_part,
    keys_and_words_that_a_telephone_began_with_capitals,
    a_hidden_line_and_a_style_sheet_in_the_html,
    an_older_state_in_the_quotation_of_the_quotation,
    a_long_comment_and_a_long_text_that_were_broken_at_64,
    a_comment_behind_a_changed_value_that_was_broken,
    bold_keys_in_the_plain_part,
    comments_that_became_items_and_numbers,
    a_query_in_bent_marks_that_was_broken,
    a_changed_line_that_alone_lost_its_indentation,
    a_first_item_below_a_key_that_had_none,
    a_first_item_below_a_key_whose_items_were_removed,
    halved_indentation_with_a_line_that_fits_nowhere,
    a_long_comment_that_was_typed_and_broken,
    two_comments_the_first_of_which_is_as_long_as_a_line,
    lists_that_begin_below_their_key,
)
