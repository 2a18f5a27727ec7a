"""What strangers write goes through every room and over SMTP, and harms nobody's letter."""

import json
import re
from datetime import datetime
from email import message_from_bytes, policy

from newsletter.bootstrap import open_newsroom
from newsletter.workflows import last_letter
from tests.end_to_end.house import MONDAY, Delivery, House

READERS = 30
# As hostile as a document may be: the loader refuses controls and overrides.
NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ letter }} {% if %} {#",
    "=?utf-8?q?Bcc=3A_x=40example.org?=",
    "\u0338\u0301x",
    "👨‍👩‍👧‍👦 🇪🇺 🏳️‍🌈",
    "שלום עולם",
    "~@0@~ ]]> -->",
    "From . \\r\\n.\\r\\n",
    "漢" * 90,
    "x" * 99,
    "Z" + "\u0323\u0300" * 40,
    "ㅤ",
    "javascript:alert(1)",
    "$\\frac{a}{b}$ _^{}~",
)
TITLES = (
    *NAMES,
    "a\r\nBcc: evil@example.org\r\n\r\n.\r\nb",
    ".\r\n.\r\nMAIL FROM:<x@example.org>",
    "nul \x00 bell \x07 escape \x1b[31m \x02loop 0\x03 \x9b",
    "\u202eoverridden\u202c \u2066isolated\u2069",
    "line\u2028para\u2029next\u0085form\x0cfeed",
    "half \ud83d a pair",
    "y" * 4_000,
    "." * 900,
    "From " * 150,
    "=" * 900,
)


def entries() -> str:
    rows = [
        {
            "id": str(number),
            "title": f"{title} hostile words",
            "abstract": f"{title} and hostile words. " * 3,
            "authors": [title],
            "organization": title,
            "published_on": "2026-11-20",
            "links": {
                "page": f"https://papers.example/{number}?a=1&b='2'",
                "pdf": "javascript:alert(1)",
                "code": f"https://code.example/{title}",
            },
        }
        for number, title in enumerate(TITLES)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def hostile_batch(house: House) -> None:
    (house.folder / "hostile.jsonl").write_text(entries(), encoding="utf-8")
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    old = "  samples: {kind: file, path: samples/entries.yaml}"
    house.edit_config(old, "  hostile: {kind: file, path: hostile.jsonl}")
    for number in range(READERS):
        name = json.dumps(NAMES[number % len(NAMES)], ensure_ascii=False)
        topic = json.dumps(f"{number} {NAMES[-number % len(NAMES)]}"[:100], ensure_ascii=False)
        house.subscribe(
            f"reader{number}@example.org",
            f"name: {name}\ntopics: [{{name: {topic}, query: hostile}}]\n"
            f"entries: {{at_most: 30}}\nformat: {'text' if number % 10 == 9 else 'html'}\n",
        )


def assert_sound(letter: Delivery) -> None:
    message = message_from_bytes(letter.octets, policy=policy.default)
    assert [part.defects for part in message.walk() if part.defects] == []
    assert [one.addr_spec for one in message["To"].addresses] == [letter.recipient]
    assert not message["Bcc"]
    assert not re.search(
        rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]", letter.octets
    )
    assert max(map(len, letter.octets.split(b"\r\n"))) <= 998
    text = message.get_body(("plain",))
    assert text
    assert text.get_content().count("hostile words") >= 20
    page = message.get_body(("html",))
    html = page.get_content() if page else ""
    assert not re.search(r"<script|<img|javascript:[^<]*['\"]>", html)


def previewed(house: House) -> dict[str, bytes]:
    """Return what `preview --format eml --last` writes for each reader, all in one session."""
    with open_newsroom(house.folder / "config.yaml", now=datetime.fromisoformat(MONDAY)) as room:
        shown = {}
        for person in room.subscribers.all():
            found = last_letter(person, room.publishing(), room.press)
            assert found
            shown[str(person.address)] = found[1].envelope.message
        return shown


def test_a_batch_of_hostile_letters_arrives_as_it_was_previewed(house: House) -> None:
    hostile_batch(house)
    assert house.run("collect", "--now", MONDAY).code in {0, 75}
    assert house.vouch().code == 0
    sent = house.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.code == 0
    assert sent.json["sent"] == READERS
    letters = house.deliveries()
    assert len({letter.recipient for letter in letters}) == len(letters) == READERS
    assert previewed(house) == {letter.recipient: letter.octets for letter in letters}
    shown = house.folder / "shown.eml"
    for letter in letters:
        assert_sound(letter)
    words = ["--format", "eml", "--last", "-o", str(shown), "--now", MONDAY]
    assert house.run("preview", letters[0].recipient, *words).code == 0
    assert shown.read_bytes() == letters[0].octets


def test_a_template_that_asks_for_a_gigabyte_is_a_problem_with_its_line(house: House) -> None:
    greedy = house.folder / "templates" / "edition.txt.j2"
    greedy.write_text('one\n{{ "x" * 10**9 }}\n', encoding="utf-8")
    checked = house.run("check")
    assert checked.code == 78
    assert "edition.txt.j2:2: " in checked.out
