"""The spellings of arXiv ids and DOIs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.identity import canonical_arxiv_id, canonical_doi


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2509.13338", ("2509.13338", None)),
        ("2509.13338v2", ("2509.13338", 2)),
        ("  arXiv:2509.13338V3 ", ("2509.13338", 3)),
        ("arXiv: 2509.13338v1 [cs.LG]", ("2509.13338", 1)),
        ("oai:arXiv.org:2509.13338v1", ("2509.13338", 1)),
        ("http://arxiv.org/abs/2509.13338", ("2509.13338", None)),
        ("https://www.arxiv.org/abs/2509.13338v2?context=cs", ("2509.13338", 2)),
        ("https://arxiv.org/pdf/2509.13338v4.pdf", ("2509.13338", 4)),
        ("https://export.arxiv.org/pdf/2509.13338#page=2", ("2509.13338", None)),
        ("https://arxiv.org/html/2509.13338v1/", ("2509.13338", 1)),
        ("10.48550/arXiv.2509.13338", ("2509.13338", None)),
        ("https://doi.org/10.48550/arxiv.2509.13338", ("2509.13338", None)),
        ("doi:10.48550/arXiv.2509.13338", ("2509.13338", None)),
        ("https://huggingface.co/papers/2509.13338", ("2509.13338", None)),
        ("/papers/2509.13338.md", ("2509.13338", None)),
        ("2406.105", ("2406.00105", None)),
        ("https://hf.co/papers/2406.5", ("2406.00005", None)),
        ("0704.1", ("0704.0001", None)),
        ("1412.9999", ("1412.9999", None)),
        ("cs/9901002", ("cs/9901002", None)),
        ("math.GT/0309136", ("math.GT/0309136", None)),
        ("MATH.gt/0309136v2", ("math.GT/0309136", 2)),
        ("https://arxiv.org/abs/cond-mat/9701001v1", ("cond-mat/9701001", 1)),
        ("cond-mat.supr-con/9701001", ("cond-mat.supr-con/9701001", None)),
    ],
)
def test_an_arxiv_id_is_read_in_every_spelling(text: str, expected: tuple[str, int | None]) -> None:
    assert canonical_arxiv_id(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "2513.00001",  # no such month
        "2500.00001",
        "2509.00000",  # numbers begin at 1
        "1412.99999",  # four digits then
        "2509.133380",
        "0612.0001",  # before the scheme
        "9912.0001",
        "2509.13338v0",
        "see 2509.13338",
        "pages/9901002",
        "cs/9913002",
        "https://example.org/abs/2509.13338",
        "10.1000/182",
        "\uff12509.13338",  # a digit of another script
        "arXiv:" + "1" * 400,
    ],
)
def test_what_is_no_arxiv_id_is_none(text: str) -> None:
    assert canonical_arxiv_id(text) is None


@given(st.integers(1, 12), st.integers(15, 40), st.integers(1, 99_999), st.integers(1, 20))
def test_reading_a_canonical_id_again_changes_nothing(
    month: int, year: int, number: int, version: int
) -> None:
    canonical = f"{year}{month:02}.{number:05}"

    assert canonical_arxiv_id(f"https://arxiv.org/pdf/{canonical}v{version}.pdf") == (
        canonical,
        version,
    )
    assert canonical_arxiv_id(canonical) == (canonical, None)


@given(st.text())
def test_no_text_makes_the_readers_fail(text: str) -> None:
    canonical_arxiv_id(text)
    canonical_doi(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1000/182", "10.1000/182"),
        (" https://doi.org/10.1101/2024.01.05.574321 ", "10.1101/2024.01.05.574321"),
        ("http://dx.doi.org/10.1016/S0140-6736(05)61181-9", "10.1016/s0140-6736(05)61181-9"),
        ("DOI: 10.64898/2026.01.02.123456.", "10.64898/2026.01.02.123456"),
        ("10.1000.10/ABC", "10.1000.10/abc"),
    ],
)
def test_a_doi_is_lower_case_and_without_its_resolver(text: str, expected: str) -> None:
    assert canonical_doi(text) == expected


@pytest.mark.parametrize(
    "text", ["", "10.1000", "11.1000/182", "10.1/x", "10.1000/a b", "10.1000/" + "x" * 400]
)
def test_what_is_no_doi_is_none(text: str) -> None:
    assert canonical_doi(text) is None
