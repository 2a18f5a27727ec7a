"""Which queries hold for which entries."""

from datetime import UTC, date, datetime

import pytest

from newsletter.indexing import LexicalIndex, build_index
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId, SourceName


def entry(name: str, content: EntryContent, *sources: str) -> Entry:
    return Entry(
        EntryId(name),
        RevisionId(f"revision of {name}"),
        content,
        tuple(map(SourceName, sources)) or (SourceName("daily-papers"),),
        datetime(2026, 5, 1, tzinfo=UTC),
        ReleaseNo(1),
    )


SHIELD = EntryContent(
    "Shielding Agents: Policies against Jailbreaking",
    "We study safety guardrails for GPT-4 and other LLMs. It's the agent's policy that a guard optimizes.",
    tldr="A shield for agents.",
    authors=("Zoë Müller-Banks", "Jane Q. Doe"),
    organization="NVIDIA Research",
    published_on=date(2026, 5, 1),
    upvotes=12,
    categories=("cs.LG", "cs.CR"),
)
CODER = EntryContent(
    r"$\mathcal{B}$-Coder: T-PPO for C++ Program Synthesis",
    r"A survey of {R}einforcement learning with A$^2$TGPO on Schr\"odinger equations. No guard is needed.",
    authors=("Doe Jane", "Wei Li"),
    published_on=date(2025, 12, 31),
    upvotes=0,
    categories=("neuroscience",),
)
CHINESE = EntryContent(
    "基于强化学习的机器人控制", "本文研究 robot manipulation 的方法。", organization="Amazon AGI"
)
BARE = EntryContent("Optimal optimisation of C code")


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return build_index(
        [
            entry("shield", SHIELD),
            entry("coder", CODER, "arxiv-cs", "blog"),
            entry("chinese", CHINESE),
            entry("bare", BARE),
        ]
    )


CASES = [
    ("policy", "shield"),
    ("policies", "shield"),
    ('"policy"', "shield"),
    ('"policies"', "shield"),
    ('"a policy"', ""),
    ("agent", "shield"),
    ('"agent s policy"', "shield"),
    ("agent's", "shield"),
    ("agents\u2019", "shield"),
    ("jailbreak*", "shield"),
    ("jailbreak", "shield"),
    ('"jailbreak"', ""),
    ("guard", "shield coder"),
    ('"guardrail"', ""),
    ('"safety guardrail*"', "shield"),
    ('"safety guardrail"', ""),
    ("safety-guardrail", "shield"),
    ('"guardrails safety"', ""),
    ('"jailbreaking we"', ""),
    ('"optimizes a"', ""),
    ("LLM", "shield"),
    ("GPT-4", "shield"),
    ("gpt", "shield"),
    ("GPT4", ""),
    ("GPT-4*", "shield"),
    ("It\u2019s", "shield"),
    ("T-PPO", "coder"),
    ("tppo", ""),
    ("C++", "coder"),
    ("C", "bare"),
    ("C#", ""),
    ("B-Coder", "coder"),
    ("mathcal", ""),
    ("A2TGPO", "coder"),
    ("reinforcement", "coder"),
    ("Schrödinger", "coder"),
    ("SCHRODINGER", "coder"),
    ("optimiz*", "shield"),
    ("optim*", "shield bare"),
    ("optimal", "shield bare"),  # one stem, in English (Porter2)
    ('"optimal"', "bare"),
    ("optimise", "bare"),
    ("强化学习", "chinese"),
    ("学习", "chinese"),
    ("习学", ""),
    ("机器人*", "chinese"),
    ("robot*", "chinese"),
    ("title:guard", ""),
    ("title:shield", "shield"),
    ("abstract:shield", "shield"),
    ("abstract:jailbreak*", ""),
    ("title:(jailbreaking policy)", "shield"),
    ("author:müller", "shield"),
    ("author:Muller-Banks", "shield"),
    ("author:bank", ""),
    ("author:bank*", "shield"),
    ('author:"Jane Doe"', ""),
    ('author:"jane q doe"', "shield"),
    ("author:(jane doe)", "shield coder"),
    ('author:"Jane Wei"', ""),
    ("jane", ""),
    ("organization:nvidia", "shield"),
    ("nvidia", ""),
    ("organization:(nvidia OR amazon)", "shield chinese"),
    ("category:cs.LG", "shield"),
    ("category:cs", "shield"),
    ('category:"lg cs"', ""),
    ("cs.LG", "shield"),
    ("cs", ""),
    ("neuroscience", "coder"),
    ("source:daily-papers", "shield chinese bare"),
    ("source:blog", "coder"),
    ("source:arxiv", "coder"),
    ("date:>=2026-01-01", "shield"),
    ("date:<=2026-01-01", "coder"),
    ("date:2026-05-01", "shield"),
    ("date:(>=2025-01-01 <=2026-12-31)", "shield coder"),
    ("upvotes:>=12", "shield"),
    ("upvotes:>=13", ""),
    ("upvotes:<=12", "shield coder"),
    ("upvotes:0", "coder"),
    ("guard -survey", "shield"),
    ("guard NOT title:shielding", "coder"),
    ("guard -upvotes:>=1", "coder"),
    ("optim* -upvotes:>=1", "bare"),
    ("guard -(survey OR policy)", ""),
    ("survey OR 强化", "coder chinese"),
    ("guard survey OR robot", "coder chinese"),
    ("guard (survey OR robot)", "coder"),
    ("nowhere", ""),
    ("nowhere OR robot", "chinese"),
    ('"nowhere robot"', ""),
]


@pytest.mark.parametrize(("query", "names"), [pytest.param(*case, id=case[0]) for case in CASES])
def test_a_query_holds_for_these_entries(index: LexicalIndex, query: str, names: str) -> None:
    assert index.holds(query) == frozenset(names.split())


def test_a_phrase_does_not_reach_from_one_field_or_author_into_the_next(
    index: LexicalIndex,
) -> None:
    assert not index.holds('"optimizes a shield"')
    assert not index.holds('author:"banks jane"')


def test_an_index_of_nothing_answers_with_nothing() -> None:
    nothing = build_index([])

    assert nothing.holds("policy") == frozenset()
    assert nothing.holds("date:>=2026-01-01") == frozenset()


def test_entries_without_any_word_break_nothing() -> None:
    odd = build_index([entry("odd", EntryContent("!!!"))])

    assert odd.holds("policy") == frozenset()
