from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from newsletter.testing.services import Fault, Services
from tests.testing.asking import OAI, ask

RECORD = "{http://arxiv.org/OAI/arXiv/}"
RAW = "{http://arxiv.org/OAI/arXivRaw/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LIST = "verb=ListRecords&metadataPrefix=arXiv"


def oai(services: Services, query: str) -> ET.Element:
    answer = ask(services, f"arxiv/oai?{query}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/xml"
    return answer.xml()


def records(root: ET.Element) -> list[ET.Element]:
    return list(root.iter(f"{OAI}record"))


def error(root: ET.Element) -> str | None:
    found = root.find(f"{OAI}error")
    return None if found is None else found.get("code")


def test_a_record_holds_every_field_of_a_paper(services: Services) -> None:
    root = oai(services, f"{LIST}&set=cs:cs:RO")
    paper = next(root.iter(f"{RECORD}arXiv"))
    number = paper.findtext(f"{RECORD}id")
    header = root.find(f".//{OAI}header")
    assert header is not None
    assert header.findtext(f"{OAI}identifier") == f"oai:arXiv.org:{number}"
    assert "cs:cs:RO" in [one.text for one in header.iter(f"{OAI}setSpec")]
    assert (paper.findtext(f"{RECORD}categories") or "").startswith("cs.RO")
    assert paper.findtext(f"{RECORD}created")
    assert paper.findtext(f"{RECORD}abstract", "").startswith("  ")
    author = paper.find(f"{RECORD}authors/{RECORD}author")
    assert author is not None
    assert [one.tag for one in author][:2] == [f"{RECORD}keyname", f"{RECORD}forenames"]


def test_lists_are_resumed_until_an_empty_token(services: Services) -> None:
    root = oai(services, LIST)
    found = records(root)
    while token := root.findtext(f".//{OAI}resumptionToken"):
        holder = root.find(f".//{OAI}resumptionToken")
        assert holder is not None
        assert "completeListSize" not in holder.attrib
        assert holder.get("expirationDate") == "2026-11-19T00:00:00Z"
        root = oai(services, f"verb=ListRecords&resumptionToken={token}")
        found += records(root)
    identifiers = [one.findtext(f".//{OAI}identifier") for one in found]
    assert len(found) > 20
    assert len(set(identifiers)) == len(found)


def test_a_short_list_has_no_token(services: Services) -> None:
    root = oai(services, f"{LIST}&from=2026-11-18&set=cs:cs:RO")
    assert records(root)
    assert root.find(f".//{OAI}resumptionToken") is None


def test_the_datestamp_is_that_of_the_last_change(services: Services) -> None:
    services.advance(timedelta(days=5))
    paper = next(one for one in services.world.papers if one.arxiv_id and len(one.versions) > 1)
    root = oai(
        services,
        f"verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:{paper.arxiv_id}",
    )
    stamp = root.findtext(f".//{OAI}datestamp") or ""
    created = root.findtext(f".//{RECORD}created") or ""
    assert stamp >= str(paper.versions[-1].day) > created


def test_a_withdrawn_paper_is_a_header_that_says_deleted(services: Services) -> None:
    withdrawn = next(one for one in services.world.papers if one.is_withdrawn)
    root = oai(
        services,
        f"verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:{withdrawn.arxiv_id}",
    )
    header = root.find(f".//{OAI}header")
    assert header is not None
    assert header.get("status") == "deleted"
    assert root.find(f".//{OAI}metadata") is None


def test_records_change_at_ten_in_the_evening(services: Services) -> None:
    services.advance(timedelta(hours=11, minutes=59))  # one minute to 22:00 in New York
    assert error(oai(services, f"{LIST}&from=2026-11-19")) == "noRecordsMatch"
    services.advance(timedelta(minutes=1))
    assert records(oai(services, f"{LIST}&from=2026-11-19"))


def test_the_raw_form_tells_all_versions_and_dublin_core_the_authors(services: Services) -> None:
    services.advance(timedelta(days=9))
    paper = next(one for one in services.world.papers if one.arxiv_id and len(one.versions) > 1)
    where = f"identifier=oai:arXiv.org:{paper.arxiv_id}"
    raw = oai(services, f"verb=GetRecord&metadataPrefix=arXivRaw&{where}")
    assert [one.get("version") for one in raw.iter(f"{RAW}version")] == ["v1", "v2"]
    core = oai(services, f"verb=GetRecord&metadataPrefix=oai_dc&{where}")
    assert [one.text for one in core.iter(f"{DC}creator")] == [
        f"{one.family}, {one.given}" for one in paper.authors
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("verb=Sing", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=mods", "cannotDisseminateFormat"),
        (f"{LIST}&from=yesterday", "badArgument"),
        (f"{LIST}&set=music", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=xyz", "badResumptionToken"),
        (f"{LIST}&resumptionToken=xyz", "badArgument"),
        ("verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:1", "idDoesNotExist"),
    ],
)
def test_errors_of_the_protocol_have_their_codes(services: Services, query: str, code: str) -> None:
    assert error(oai(services, query)) == code


def test_identify_and_identifiers_answer(services: Services) -> None:
    assert oai(services, "verb=Identify").findtext(f".//{OAI}granularity") == "YYYY-MM-DD"
    root = oai(services, "verb=ListIdentifiers&metadataPrefix=arXiv")
    assert not records(root)
    assert len(list(root.iter(f"{OAI}header"))) == 20


def test_a_token_may_have_expired_and_the_service_be_away(services: Services) -> None:
    token = oai(services, LIST).findtext(f".//{OAI}resumptionToken")
    services.fault("arxiv", Fault.BAD_TOKEN, times=1)
    assert error(oai(services, f"verb=ListRecords&resumptionToken={token}")) == "badResumptionToken"
    services.fault("arxiv", Fault.UNAVAILABLE, under="/oai")
    answer = ask(services, f"arxiv/oai?{LIST}")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "120")
