"""Semantic Scholar and OpenReview, field by field."""

import json
from datetime import timedelta
from typing import Any

import pytest

from newsletter.testing.services import PASSWORD, VENUE, Fault, Services
from tests.testing.asking import ask

GRAPH = "semantic-scholar/graph/v1/paper"
NOTES = f"openreview/notes?content.venueid={VENUE.format(year=2026)}"


def got(services: Services, target: str) -> Any:
    answer = ask(services, target)
    assert answer.status == 200, answer.body
    return answer.json()


# Semantic Scholar


def test_a_search_tells_the_next_page_and_only_what_was_asked(services: Services) -> None:
    answer = got(services, f"{GRAPH}/search?query=model&fields=title,year&limit=2")
    assert (answer["offset"], answer["next"], len(answer["data"])) == (0, 2, 2)
    assert answer["data"][0].keys() == {"paperId", "title", "year"}
    last = got(services, f"{GRAPH}/search?query=model&offset={answer['total'] - 1}")
    assert "next" not in last


def test_nothing_found_has_no_data(services: Services) -> None:
    assert got(services, f"{GRAPH}/search?query=zzzz") == {"total": 0, "offset": 0}
    services.fault("semantic-scholar", Fault.NO_DATA)
    assert got(services, f"{GRAPH}/search?query=model") == {"total": 0, "offset": 0}


def test_fields_may_be_null_by_licence_or_for_want_of_knowledge(services: Services) -> None:
    fields = "abstract,publicationDate,tldr,openAccessPdf,externalIds,embedding.specter_v2,authors"
    found = got(services, f"{GRAPH}/search/bulk?query=&fields={fields}")
    for name in ("abstract", "publicationDate", "tldr", "openAccessPdf"):
        assert {one[name] is None for one in found["data"]} == {True, False}, name
    assert found["token"] is None
    assert len(found["data"][0]["embedding"]["vector"]) == 768
    assert found["data"][0]["authors"][0].keys() == {"authorId", "name"}
    assert any("ArXiv" in one["externalIds"] for one in found["data"])


def test_bulk_understands_its_operators_and_dates(services: Services) -> None:
    def titles(query: str) -> list[str]:
        answer = got(services, f"{GRAPH}/search/bulk?{query}")
        return [one["title"] for one in answer.get("data", ())]

    either = titles("query=gripsense+|+watermark*")
    assert len(either) >= 1
    assert titles('query="reinforcement+learning"')
    assert not set(titles("query=learning+-robots")) & set(titles("query=robots"))
    assert titles("query=&publicationDateOrYear=2026-11-16:")
    assert not titles("query=&publicationDateOrYear=2027:")
    dated = got(
        services, f"{GRAPH}/search/bulk?query=&sort=publicationDate:desc&fields=publicationDate"
    )["data"]
    known = [one["publicationDate"] for one in dated if one["publicationDate"]]
    assert known == sorted(known, reverse=True)


def test_a_batch_has_null_for_what_is_unknown(services: Services) -> None:
    paper = next(one for one in services.world.papers if one.arxiv_id)
    ids = [f"ARXIV:{paper.arxiv_id}", "DOI:10.1/none", f"arXiv:{paper.arxiv_id}"]

    def batch() -> Any:
        body = json.dumps({"ids": ids}).encode()
        target = f"{GRAPH}/batch?fields=title"
        return ask(services, target, method="POST", body=body).json()

    assert [one and one["title"] for one in batch()] == [paper.first.title, None, paper.first.title]
    services.fault("semantic-scholar", Fault.UNKNOWN_IDS)
    assert [one is None for one in batch()] == [False, True, False]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("search", 400),
        ("search?query=a&limit=101", 400),
        ("search?query=a&fields=colour", 400),
        ("search?query=a&offset=1000", 400),
        ("batch", 400),
        ("ARXIV:1", 404),
    ],
)
def test_errors_of_semantic_scholar_are_objects(
    services: Services, target: str, status: int
) -> None:
    answer = ask(services, f"{GRAPH}/{target}")
    assert answer.status == status
    assert answer.json().keys() == {"error"}


def test_papers_are_recommended_for_one(services: Services) -> None:
    paper = services.world.papers[0]
    target = f"semantic-scholar/recommendations/v1/papers/forpaper/ARXIV:{paper.arxiv_id}?limit=3"
    assert len(got(services, target)["recommendedPapers"]) == 3


# OpenReview


def test_every_field_of_a_note_is_wrapped(services: Services) -> None:
    answer = got(services, NOTES)
    assert answer["count"] == len(answer["notes"]) > 3
    note = answer["notes"][0]
    assert all(list(one) == ["value"] for one in note["content"].values())
    assert note["content"]["pdf"]["value"].startswith("/pdf/")
    assert note["odate"] > 1_700_000_000_000
    assert note["id"] == note["forum"]


def test_notes_may_lack_dates_and_abstracts(services: Services) -> None:
    services.advance(timedelta(days=20))
    notes = got(services, NOTES)["notes"]
    assert {"pdate" in one for one in notes} == {True, False}
    assert any(one["content"]["abstract"]["value"] is None for one in notes)
    fates = [got(services, f"{NOTES}/{one}")["count"] for one in (
        "Withdrawn_Submission", "Rejected_Submission",
    )]  # fmt: skip
    assert sum(fates) > 0


def test_notes_come_in_pages(services: Services) -> None:
    everything = got(services, NOTES)["notes"]
    pages = [got(services, f"{NOTES}&limit=2&offset={place}")["notes"] for place in (0, 2)]
    assert pages[0] + pages[1] == everything[:4]


def test_guests_may_have_to_log_in(services: Services) -> None:
    services.fault("openreview", Fault.NO_GUESTS)
    refused = ask(services, NOTES)
    assert (refused.status, refused.json()["name"]) == (403, "ForbiddenError")
    wrong = json.dumps({"id": "reader", "password": "guess"}).encode()
    assert ask(services, "openreview/login", method="POST", body=wrong).status == 400
    right = json.dumps({"id": "reader", "password": PASSWORD}).encode()
    token = ask(services, "openreview/login", method="POST", body=right).json()["token"]
    assert ask(services, NOTES, {"Authorization": f"Bearer {token}"}).status == 200
