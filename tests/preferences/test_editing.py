"""Changes of documents that people wrote, seen one by one."""

import pytest

from newsletter.errors import PreferencesError
from newsletter.preferences import Append, Change, Put, Remove, edit, read_value, rewrite
from newsletter.preferences.editing.quoting import Value
from newsletter.preferences.editing.settings import read_key, read_removal, read_setting

DOCUMENT = """\
# Ada's own
email: ada@example.org   # me

send:                    # cadence
  every: weekday         # working days
  at: "07:30"
  # timezone: Asia/Tokyo

# What I follow
topics:
- robots                 # all of them
- name: guardrails
  # the long one
  query: 'a AND b'
mute: [x, 'y z']         # never
about: |  # in my words
  one
  two

format: html
"""


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (Put(("send", "at"), "08:00"), '"07:30"', '"08:00"'),
        (Put(("send", "every"), ["mon", "thu"]), "weekday  ", "[mon, thu]  "),
        (Put(("mute", 1), "it's"), "'y z'", "'it''s'"),
        (Put(("format",), "no"), "html", "'no'"),
        (Put(("format",), None), "format: html", "format:"),
        (Put(("about",), "short"), "|  # in my words\n  one\n  two\n", "short # in my words\n"),
        (Put(("topics", 1, "weight"), "2"), "'a AND b'\n", "'a AND b'\n  weight: 2\n"),
        (Put(("topics", 0), "birds"), "- robots ", "- birds "),
        (Put(("name",), "Ada"), "# me\n", "# me\nname: Ada\n"),
        (Put(("send", "timezone"), "UTC"), '"07:30"\n', '"07:30"\n  timezone: UTC\n'),
        (Put(("entries", "at_most"), "5"), "two\n", "two\nentries:\n  at_most: 5\n"),
        (Append(("mute",), "w"), "'y z']", "'y z', w]"),
        (Append(("topics",), {"name": "birds", "query": "a b"}), "'a AND b'\n",
         "'a AND b'\n- name: birds\n  query: a b\n"),
        (Append(("follow", "authors"), "Jo"), "mute:", "follow:\n  authors: [Jo]\nmute:"),
        (Remove(("send", "every")), "  every: weekday         # working days\n", ""),
        (Remove(("topics", 0)), "- robots                 # all of them\n", ""),
        (Remove(("topics", 1, "name")), "- name: guardrails\n  # the", "- # the"),
        (Remove(("mute", 0)), "[x, 'y z']", "['y z']"),
        (Remove(("format",)), "format: html\n", ""),
        (Remove(("nothing", 3, "here")), "html", "html"),
    ],
)  # fmt: skip
def test_a_change_changes_its_own_bytes(change: Change, old: str, new: str) -> None:
    assert DOCUMENT.count(old) == 1
    for line_end in ("\n", "\r\n"):
        text = DOCUMENT.replace("\n", line_end)
        assert edit(text, change) == DOCUMENT.replace(old, new).replace("\n", line_end)


def test_a_byte_order_mark_and_a_missing_last_line_end_stay() -> None:
    assert edit("\ufeffemail: a", Put(("name",), "x")) == "\ufeffemail: a\nname: x"


def test_a_list_that_becomes_empty_says_so() -> None:
    assert edit("a:  # why\n- x # y\nb: z\n", Remove(("a", 0))) == "a: []  # why\nb: z\n"
    assert edit("a: [x]\n", Remove(("a", 0))) == "a: []\n"


def test_an_empty_document_begins_below_its_comments() -> None:
    assert edit("# mine", Put(("email",), "a@b.org")) == "# mine\nemail: a@b.org\n"


def test_of_equal_items_the_one_that_is_named_goes() -> None:
    assert edit("a:\n- x # 1\n- x # 2\n", Remove(("a", 1))) == "a:\n- x # 1\n"


def test_a_document_is_rewritten_where_it_differs_and_nowhere_else() -> None:
    wanted = read_value(DOCUMENT)
    assert isinstance(wanted, dict)
    wanted["topics"] = ["birds", *list_of(wanted["topics"])]
    wanted["format"] = "text"
    assert rewrite(DOCUMENT, wanted) == DOCUMENT.replace("- robots ", "- birds\n- robots ").replace(
        "html", "text"
    )


def list_of(value: Value) -> list[Value]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize(
    ("text", "change", "complaint"),
    [
        ("a: [", Put(("a",), "x"), "the document:1"),
        ("a: x\n", Put(("a", "b"), "x"), 'a: has no key "b"'),
        ("a: x\n", Put(("a", 0), "x"), "a: is no list"),
        ("a: [x]\n", Put(("a", 2), "x"), "a.3: there are only 1 items"),
        ("a: x\n", Append(("a",), "y"), "a: is no list"),
        ("a: x\n", Put(("a",), "x" * 17_000), "bytes"),
        ("a: x\n", Put(("a",), "\ud800"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_place(
    text: str, change: Change, complaint: str
) -> None:
    with pytest.raises(PreferencesError, match=complaint):
        edit(text, change)


def test_settings_are_read_as_people_write_them() -> None:
    assert read_setting("send.at=07:30") == Put(("send", "at"), "07:30")
    assert read_setting("send.every=[mon, thu]") == Put(("send", "every"), ["mon", "thu"])
    assert read_setting('topics.2.query="a b" OR c') == Put(("topics", 1, "query"), '"a b" OR c')
    assert read_setting("mute.1=a=b") == Put(("mute", 0), "a=b")
    assert read_setting("pause_until=") == Put(("pause_until",), None)
    assert read_removal("topics.1") == Remove(("topics", 0))
    for wrong in ("", "send.", ".at", "topics.0"):
        with pytest.raises(PreferencesError):
            read_key(wrong)
    for wrong in ("send.at", "send.every=[mon", "a={b"):
        with pytest.raises(PreferencesError):
            read_setting(wrong)
