"""Whatever a browser sends: no fault of ours, and never a saved document that is refused when read."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.model import Preferences
from newsletter.preferences import read_changed
from newsletter.preferences.schema.surroundings import Surroundings
from newsletter.rules.addresses import address_key
from newsletter.web import WebServer, make_app
from newsletter.web.preferring.sheets import pack
from tests.preferences.test_forms_laws import ANY, NAMES, VALUES
from tests.web.plain_client import client_of
from tests.web.preferences_house import ADA, DOCUMENT, PreferencesHouse, fields_of, open_house

ACTIONS = st.sampled_from(
    [
        "save",
        "save",
        "yaml",
        "form",
        "add-topic",
        "remove-0",
        "remove-7",
        "keep-form",
        "keep-yaml",
        "\x00",
    ]
)
MORE = st.fixed_dictionaries(
    {"do": ACTIONS},
    optional={
        "yaml": ANY
        | st.sampled_from(
            [DOCUMENT, DOCUMENT + "---\nemail: eve@example.org\n", "---\n" + DOCUMENT]
        ),
        "agreed": ANY.map(pack) | st.text(max_size=20),
        "read_as": st.text(max_size=40),
        "form": st.just("1"),
    },
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreferencesHouse]:
    with open_house(tmp_path_factory.mktemp("fuzz") / "news") as house:
        yield house


@pytest.fixture(scope="module")
def client(house: PreferencesHouse) -> Iterator[httpx.Client]:
    server = WebServer(make_app(house.site()), port=0)
    server.start()
    with client_of(server.url) as client:
        yield client
    server.stop()


def around(house: PreferencesHouse) -> Surroundings:
    return Surroundings(house.room.config.catalogue(), house.room.config.default_preferences())


def files_in(folder: Path) -> set[str]:
    return {path.name for path in (folder / "subscribers").glob("[!.]*")}


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(fields=st.dictionaries(NAMES, VALUES, max_size=6), more=MORE, is_whole=st.booleans())
def test_nothing_that_is_sent_breaks_a_page_or_a_document(
    house: PreferencesHouse,
    client: httpx.Client,
    fields: Mapping[str, str],
    more: Mapping[str, str],
    *,
    is_whole: bool,
) -> None:
    page = f"/preferences/{house.token()}"  # limits count by token
    before = house.text
    sent = {**(fields_of(client.get(page)) if is_whole else {}), **fields, **more}
    answer = client.post(page, data=sent)
    assert answer.status_code in {200, 409, 422}
    if more["do"] != "save" or answer.status_code != 200:
        assert house.text == before
    assert client.post(f"{page}/draft", data=sent).status_code == 200
    assert client.post(f"{page}/sample", data=sent).status_code == 200
    assert files_in(house.folder) == {house.path.name}
    said = read_changed(around(house), address_key(ADA), house.text)
    assert isinstance(said, Preferences)
    assert house.ada.preferences == said


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
WORD = st.from_regex(r"[a-z]{3,9}", fullmatch=True)
LIKELY = st.fixed_dictionaries(
    {},
    optional={
        "name": LINE,
        "entries.at_most": st.integers(1, 50).map(str),
        "send.at": st.times().map(lambda one: f"{one:%H:%M}"),
        "send.every": st.sampled_from(["day", "weekday", "days", "week", "month"]),
        "send.weekday": st.sampled_from(["mon", "fri"]),
        "send.date": st.integers(1, 31).map(str),
        "topic.vision": st.just("1"),
        "weight.vision": st.sampled_from(["2", "0.5"]),
        "own.0.name": LINE,
        "own.1.about": LINE,
        "own.0.query": WORD,
        "own.9.name": LINE,
        "own.9.about": LINE | st.lists(LINE, max_size=3).map("\r\n".join),
        "follow.authors": st.lists(LINE, max_size=4).map("\r\n".join),
        "mute": st.lists(WORD, max_size=4).map("\r\n".join),
        "strictness": st.sampled_from(["strict", "relaxed"]),
        "pause_until": st.dates().map(str),
    },
)


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(fields=LIKELY)
def test_what_people_fill_in_is_saved_as_it_is_shown_afterwards(
    house: PreferencesHouse, client: httpx.Client, fields: Mapping[str, str]
) -> None:
    house.write(DOCUMENT)
    page = f"/preferences/{house.token()}"
    shown = client.post(f"{page}/draft", data={**fields_of(client.get(page)), **fields})
    answer = client.post(page, data={**fields_of(shown), "do": "save"})
    assert answer.status_code in {200, 422}
    if answer.status_code == 422:
        assert house.text == DOCUMENT
        return
    said = read_changed(around(house), address_key(ADA), house.text)
    assert isinstance(said, Preferences)
    again = fields_of(client.get(page))
    hidden = {"agreed", "read_as"}
    assert {key: one for key, one in again.items() if key not in hidden} == {
        key: one for key, one in fields_of(shown).items() if key not in hidden
    }
    comments = [line for line in DOCUMENT.splitlines() if line.lstrip().startswith("#")]
    assert all(line in house.text for line in comments)
