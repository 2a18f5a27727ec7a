"""Files of reference managers, whole and broken."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import LIBRARY, FetchedEntry
from newsletter.sources import Bibliography, Reference, read_bibliography
from newsletter.sources.bibliography.bibtex import read_bibtex
from newsletter.sources.complaints import Complaints
from tests.moments import soon

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="http://purl.org/net/biblio#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:foaf="http://xmlns.com/foaf/0.1/">{}</rdf:RDF>'
)
ARTICLE = """<bib:Article rdf:about="#1"><z:itemType>journalArticle</z:itemType>
<dcterms:isPartOf><bib:Journal><dc:title>Shore Studies</dc:title>
<dc:identifier>DOI 10.1234/Gull</dc:identifier></bib:Journal></dcterms:isPartOf>
<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Example</foaf:surname>
<foaf:givenName>Marta</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>
<dc:title>Counting gulls</dc:title><dcterms:abstract>Many gulls.</dcterms:abstract>
<dc:identifier><dcterms:URI><rdf:value>https://example.org/g</rdf:value></dcterms:URI></dc:identifier>
</bib:Article><z:Attachment><z:itemType>attachment</z:itemType><dc:title>PDF</dc:title></z:Attachment>"""


def read(folder: Path, name: str, content: str | bytes) -> Bibliography:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_bibliography(path)


def papers(found: Bibliography) -> list[FetchedEntry]:
    return [one.announcement for one in found.references if one.announcement]


def titles(found: Bibliography) -> list[str]:
    return [one.content.title for one in papers(found)]


def only(found: Bibliography) -> Reference:
    (reference,) = found.references
    return reference


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.bib",
            (
                "@Article{gull24,\n  title = {Counting {G}ulls},\n  author = {Example, Marta and Joon "
                "Sample},\n  journal = {Shore Studies},\n"
                "  abstract = {Many\n   gulls.},\n  doi = {10.1234/GULL},\n}\n"
            ),
        ),
        (
            "b.bibtex",
            (
                '@string{ss = "Shore " # {Studies}}\n@article(gull24, title = "Counting {Gulls}", '
                'author = "Marta Example and Sample, Joon", journal = ss, abstract = "Many gulls.", '
                "url={https://doi.org/10.1234/gull}, year = 2024)"
            ),
        ),
        (
            "c.json",
            json.dumps(
                [
                    {
                        "id": "x",
                        "type": "article-journal",
                        "title": "Counting Gulls",
                        "abstract": "Many gulls.",
                        "author": [
                            {"family": "Example", "given": "Marta"},
                            {"literal": "Joon Sample"},
                        ],
                        "container-title": "Shore Studies",
                        "DOI": "10.1234/gull",
                    }
                ]
            ),
        ),
        (
            "d.csv",
            (
                '"Key","Author","Title","Publication Title","DOI","Abstract Note"\r\n'
                '"K1","Example, Marta; Sample, Joon","Counting Gulls","Shore Studies","10.1234/gull",'
                '"Many\ngulls."\r\n'
            ),
        ),
    ],
)
def test_one_paper_is_the_same_in_every_format(tmp_path: Path, name: str, content: str) -> None:
    found = read(tmp_path, name, content)
    assert found.problems == ()
    paper = only(found).announcement
    assert paper is not None
    assert (paper.source, paper.doi, paper.arxiv_id) == (LIBRARY, "10.1234/gull", None)
    assert paper.content.title == "Counting Gulls"
    assert paper.content.abstract == "Many gulls."
    assert paper.content.authors == ("Marta Example", "Joon Sample")
    assert paper.content.venue == "Shore Studies"
    assert only(found).keys == ("doi:10.1234/gull",)


def test_rdf_of_zotero_is_read_without_its_attachments(tmp_path: Path) -> None:
    found = read(tmp_path, "library.rdf", RDF.format(ARTICLE))
    paper = only(found).announcement
    assert paper is not None
    assert found.problems == ()
    assert (paper.content.title, paper.content.abstract) == ("Counting gulls", "Many gulls.")
    assert (paper.content.authors, paper.content.venue) == (("Marta Example",), "Shore Studies")
    assert paper.doi == "10.1234/gull"
    assert [link.url for link in paper.content.links] == ["https://example.org/g"]


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2605.01234}, archiveprefix = {arXiv}",
        "eprint={2605.01234v3}",
        "journal = {arXiv preprint arXiv:2605.01234}",
        "note = {arXiv: 2605.01234 [cs]}",
        "url = {http://arxiv.org/abs/2605.01234v2}",
        "doi = {10.48550/arXiv.2605.01234}",
    ],
)
def test_an_arxiv_id_is_found_wherever_reference_managers_put_it(
    tmp_path: Path, fields: str
) -> None:
    found = read(tmp_path, "a.bib", f"@misc{{k, title={{T}}, {fields}}}")
    assert only(found).keys == ("arxiv:2605.01234",)


def test_a_list_of_ids_has_remarks_and_names_what_is_none(tmp_path: Path) -> None:
    text = "# mine\n2605.01234 # good\n\nhttps://doi.org/10.1234/X\nmath/0309136\nnonsense\n"
    found = read(tmp_path, "ids.txt", text)
    assert [one.keys for one in found.references] == [
        ("arxiv:2605.01234",),
        ("doi:10.1234/x",),
        ("arxiv:math/0309136",),
    ]
    assert [one.place for one in found.references] == ["line 2", "line 4", "line 5"]
    assert papers(found) == []
    (problem,) = found.problems
    assert problem.startswith(f"{tmp_path / 'ids.txt'}:6: ")
    assert "nonsense" in problem


@pytest.mark.parametrize(
    ("content", "line", "fact"),
    [
        ("@article{a,\n title = {never closed\n}\n", 2, "never closed"),
        ("@article{a,\n title = {x}\n year = 2024}\n", 3, "“y” where a comma is expected"),
        ("@article{a,\n title {x}}\n", 2, "“{” where = is expected"),
        ("@article{a,\n\n title = }\n", 3, "“}” where a value is expected"),
        ("@article{a, title = {x},\n", 1, "never closed"),
        ('@article{a, title = "x}"}', 1, "a } too many"),
        ("@string{a {x}}", 1, "“{” where = is expected"),
        ("@string{a = ", 1, "the end where a value is expected"),
    ],
)
def test_a_broken_entry_is_told_with_its_line_and_stops_nobody_else(
    tmp_path: Path, content: str, line: int, fact: str
) -> None:
    before, after = "@misc{x, title={Before}}\n", "\n@misc{y, title={After}}\n"
    found = read(tmp_path, "a.bib", before + content + after)
    assert titles(found) == ["Before", "After"]
    (problem,) = found.problems
    place = f"{tmp_path / 'a.bib'}:"
    assert problem.startswith(place)
    told = int(problem.removeprefix(place).partition(":")[0])
    assert line + 1 <= told <= content.count("\n") + 2
    assert "of line 2 " in problem
    assert fact in problem


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", "[{]", ":1: is no JSON"),
        ("a.json", '[\n{"title": "x"},\n}]', ":3: is no JSON"),
        ("a.json", '{"title": "x"}', "holds no list of items"),
        ("a.json", "[" * 100_000, "too deep"),
        ("a.json", f"[{'9' * 5000}]", "number too long"),
        ("a.json", "[1]", "item 1: is no {…}"),
        ("a.json", "[{}]", "item 1: has neither a title nor"),
        ("a.csv", "a,b\n1,2\n", ":1: is no table of Zotero"),
        ("a.csv", "", ":1: is no table of Zotero"),
        ("a.csv", 'Title,Author\n"x\n', "is no CSV"),
        ("a.rdf", "<a><b></a>", ":1: is no XML"),
        ("a.rdf", "<a/>", "holds no item of Zotero"),
        ("a.rdf", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        ("a.bib", "@misc{k, year = 2024}", "has neither a title nor"),
        ("a.bib", b"\xff\xfe@", ":1: is not UTF-8"),
        ("a.bib", b"\n\n@misc{k, title={\xe4}}", ":3: is not UTF-8"),
        ("a.docx", "x", "does not tell the format; let it end in one of .bib"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    found = read(tmp_path, name, content)
    assert found.references == ()
    assert told in found.problems[0]
    assert found.problems[0].startswith(str(tmp_path / name))


def test_comments_preambles_and_words_between_entries_are_no_papers(tmp_path: Path) -> None:
    text = (
        'Made with care @ home.\n@comment{jabref-meta: x}\n@preamble{"x"}\n% @article\n'
        "@misc{a, title={One}}@misc{b, title={Two},,}\n\ufeff@misc{ , title = jan # {Three} }"
    )
    found = read(tmp_path, "a.bib", text)
    assert (titles(found), found.problems) == (["One", "Two", "Three"], ())


def test_tex_stays_as_it_is_written(tmp_path: Path) -> None:
    found = read(tmp_path, "a.bib", '@misc{a, title={{\\"U}ber {$O(n^{2})$}}}')
    assert titles(found) == ['{\\"U}ber {$O(n^{2})$}']


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    found = read(tmp_path, "a.bib", b"\xef\xbb\xbf@misc{a,\r\n title={One\r\n  more}\r\n}\r\n")
    assert titles(found) == ["One more"]


def test_the_key_of_a_paper_names_nothing(tmp_path: Path) -> None:
    text = "@misc{smith, title={One}, abstract={A}}\n@misc{smith, title={Two}, abstract={B}}"
    ids = {one.source_id for one in papers(read(tmp_path, "a.bib", text))}
    assert len(ids) == 2
    assert "smith" not in ids


def test_too_many_papers_are_cut_off_and_too_many_faults_end_it(tmp_path: Path) -> None:
    many = read(tmp_path, "many.txt", "2605.01234\n" * 10_001)
    assert len(many.references) == 10_000
    assert "more than 10,000 papers" in many.problems[0]
    faulty = read(tmp_path, "a.bib", "@a{k, title = {\n" * 1_500)
    assert faulty.references == ()
    assert "more problems" in faulty.problems[-1]


HOSTILE = {
    "nested": "@a{k, title = " + "{" * 20_000 + "x" + "}" * 20_000 + "}",
    "never closed": "@a{k, title = {" * 20_000,
    "never closed, by lines": "@a{k, title = {\n" * 100_000,
    "on one line": "@a{k}" * 20_000,
    "commas": "@a{k" + "," * 200_000 + "}",
    "parts": "@a{k, t = " + '"a" # ' * 20_000 + '"b"}',
    "doubling": "@string{a0 = {xx}}\n"
    + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 60))
    + "@a{k, title=a59}",
    "spaces": "@a{k, author={" + " " * 1_000_000 + "}}",
    "ands": "@a{k, author={" + " and" * 200_000 + "}}",
    "at signs": "@ " * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_no_longer_than_its_size(name: str) -> None:
    records = soon(lambda: list(read_bibtex(HOSTILE[name], Complaints("a.bib"))), 5)
    assert all(len(one.title) <= 200_000 for one in records)


@given(st.text(st.sampled_from('@a{}(),="# \n\\t'), max_size=60))
def test_any_text_is_read_to_its_end(text: str) -> None:
    whole = f"{text}\n@misc{{last, title = {{Last}}}}\n"
    records = list(read_bibtex(whole, Complaints("a.bib")))
    assert len(records) <= whole.count("@")
