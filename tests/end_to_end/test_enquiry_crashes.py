"""`kill -9` right after a page said that a message is on its way: the message goes out, once."""

import asyncio

import httpx

from newsletter.bootstrap import answer_enquiries, open_newsroom, open_relay, receiving
from newsletter.workflows import deliver
from tests.end_to_end.house import House
from tests.forks import Script

_PAGES = """
import sys, time
from pathlib import Path
from newsletter.bootstrap import open_newsroom, receiving
from newsletter.web import WebServer, make_app, site_of
with open_newsroom(Path(sys.argv[1])) as room:
    server = WebServer(make_app(site_of(room, receiving(room))), port=0)
    server.start()
    print(server.url, flush=True)
    time.sleep(600)
"""


def test_nothing_is_lost_when_the_program_is_killed_after_its_answer(house: House) -> None:
    config = house.folder / "config.yaml"
    for number in range(3):
        address = f"reader{number}@example.org"
        with Script(_PAGES, str(config)) as pages:
            url = pages.line()
            answer = httpx.post(f"{url}/subscribe", data={"email": address}, trust_env=False)
        assert answer.status_code == 200
    for _ in range(2):
        with open_newsroom(config) as room, open_relay(room) as transport:
            answer_enquiries(room, receiving(room))
            asyncio.run(deliver(room.delivering(transport)))
    recipients = sorted(one.recipient for one in house.deliveries())
    assert recipients == [f"reader{number}@example.org" for number in range(3)]
