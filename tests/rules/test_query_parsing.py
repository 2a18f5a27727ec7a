"""What queries mean, and how they are said back."""

from datetime import date

import pytest

from newsletter.rules.query import (
    And,
    Bound,
    Comparison,
    Form,
    Node,
    Not,
    Or,
    Term,
    TextField,
    ValueField,
    describe,
    explain,
    parse,
    spell,
)


def word(*folded: str, field: TextField | None = None, joined: str = "") -> Term:
    return Term(folded, Form.ANY_FORM, field, joined=joined)


def exactly(*folded: str) -> Term:
    return Term(folded, Form.EXACT)


def starting(*folded: str, field: TextField | None = None) -> Term:
    return Term(folded, Form.PREFIX, field)


def since(day: str) -> Comparison:
    return Comparison(ValueField.DATE, Bound.AT_LEAST, date.fromisoformat(day))


def upvotes(bound: Bound, count: int) -> Comparison:
    return Comparison(ValueField.UPVOTES, bound, count)


A, B, C = word("a"), word("b"), word("c")

MEANINGS: list[tuple[str, Node]] = [
    ("policy", word("policy")),
    ("  policy\n", word("policy")),
    ("Policy", word("policy")),
    ("Müller", word("muller")),
    ("a b", And((A, B))),
    ("a AND b", And((A, B))),
    ("a OR b", Or((A, B))),
    ("a b OR c", Or((And((A, B)), C))),
    ("a (b OR c)", And((A, Or((B, C))))),
    ("(a b) c", And((A, B, C))),
    ("a OR (b OR c)", Or((A, B, C))),
    ("a -b", And((A, Not(B)))),
    ("a NOT b", And((A, Not(B)))),
    ("a AND NOT b", And((A, Not(B)))),
    ("-b a", And((Not(B), A))),
    ("a -(b OR c)", And((A, Not(Or((B, C)))))),
    ("a and b", And((A, word("and"), B))),
    ("a or b", And((A, word("or"), B))),
    ('"Policy Gradients"', exactly("policy", "gradients")),
    ("“policy gradients”", exactly("policy", "gradients")),
    ("«policy»", exactly("policy")),
    ('"safety guardrail*"', starting("safety", "guardrail")),
    ("optimiz*", starting("optimiz")),
    ('"or"', exactly("or")),
    ("GPT-4", word("gpt", "4", joined="gpt4")),
    ("GPT-4*", Term(("gpt", "4"), Form.PREFIX, joined="gpt4")),
    ("C++", word("c++")),
    ("C#", word("c#")),
    ("C", word("c")),
    ("it's", word("it", "s")),
    ("it\u2019s", word("it", "s")),
    ("T-PPO", word("t", "ppo", joined="tppo")),
    ("cs.LG", word("cs", "lg")),
    ("$k$-means", word("k", "means", joined="kmeans")),
    ("10:30", word("10", "30")),
    ("学习", word("学", "习")),
    ("学*", Term(("学",), Form.EXACT)),
    ("Обучение", word("обучение")),
    ("pre\u2011training", word("pre", "training", joined="pretraining")),
    ("state-of-the-art", word("state", "of", "the", "art", joined="stateoftheart")),
    ('"GPT-4"', exactly("gpt", "4")),
    ("深度-x", word("深", "度", "x")),
    ("re\u00adward\u200b", word("reward")),
    ("a \u2013b", And((A, Not(B)))),
    ("a \u2212b", And((A, Not(B)))),
    ("title\uff1a学", word("学", field=TextField.TITLE)),
    ("optimiz\uff0a", starting("optimiz")),
    ("title:policy", word("policy", field=TextField.TITLE)),
    ("Title:policy", word("policy", field=TextField.TITLE)),
    ("title: policy", word("policy", field=TextField.TITLE)),
    ("title:policy a", And((word("policy", field=TextField.TITLE), A))),
    ("author:Schmid*", starting("schmid", field=TextField.AUTHOR)),
    ('author:"Jane Q. Doe"', Term(("jane", "q", "doe"), Form.EXACT, TextField.AUTHOR)),
    ("category:cs.LG", word("cs", "lg", field=TextField.CATEGORY)),
    ("a -title:b", And((A, Not(word("b", field=TextField.TITLE))))),
    (
        "title:(a OR -b c)",
        Or(
            (
                word("a", field=TextField.TITLE),
                And((Not(word("b", field=TextField.TITLE)), word("c", field=TextField.TITLE))),
            )
        ),
    ),
    ("date:>=2026-01-01", since("2026-01-01")),
    ("date:≥2026-01-01", since("2026-01-01")),
    ("date:>= 2026-01-01", since("2026-01-01")),
    ('date:>="2026-01-01"', since("2026-01-01")),
    ("date:2026-01-01", Comparison(ValueField.DATE, Bound.EQUAL, date(2026, 1, 1))),
    ("upvotes:>=10", upvotes(Bound.AT_LEAST, 10)),
    ("upvotes:<=10", upvotes(Bound.AT_MOST, 10)),
    ("upvotes:10", upvotes(Bound.EQUAL, 10)),
    ("upvotes:(>=5 <=10)", And((upvotes(Bound.AT_LEAST, 5), upvotes(Bound.AT_MOST, 10)))),
    ("\uff08a OR b\uff09", Or((A, B))),
    ("f(x)", And((word("f"), word("x")))),
]


@pytest.mark.parametrize(
    ("text", "meaning"), [pytest.param(*case, id=case[0]) for case in MEANINGS]
)
def test_a_query_means_what_it_says(text: str, meaning: Node) -> None:
    assert parse(text).root == meaning


def test_two_spellings_of_one_meaning_are_one_query() -> None:
    assert parse("Policy  AND (title:a)") == parse("policy TITLE:a")
    assert len({parse("a b"), parse("a AND b"), parse("(a) (b)")}) == 1


def test_a_query_remembers_how_it_was_written() -> None:
    root = parse('title:"Safety Guardrail*"').root

    assert isinstance(root, Term)
    assert root.written == 'title:"Safety Guardrail*"'


def test_forty_brackets_and_two_thousand_characters_are_allowed() -> None:
    assert parse("(" * 40 + "a" + ")" * 40).root == A
    assert isinstance(parse("ab " * 666).root, And)


def test_a_query_is_explained_in_words() -> None:
    text = '("safety guardrail*" OR title:policies) -"a survey" date:>=2026-01-01 upvotes:<=5 and'

    assert explain(parse(text)).splitlines() == [
        "all of:",
        "  any of:",
        "    “safety guardrail…” in title, abstract or category",
        "    “policies” in any form in the title",
        "  not:",
        "    “a survey” word for word in title, abstract or category",
        "  published on or after 2026-01-01",
        "  at most 5 up-votes",
        "  “and” in any form in title, abstract or category (for the operator write AND)",
    ]


def test_names_are_explained_without_forms() -> None:
    assert explain(parse("author:Banks")) == "“banks” as author"


def test_a_word_with_hyphens_is_explained_with_both_its_spellings() -> None:
    assert explain(parse("pre-training")) == (
        "“pre training” or “pretraining” in any form in title, abstract or category"
    )


PLAIN = [
    ("A  (b or C)", "a AND b AND or AND c"),
    ("a OR b c", "a OR (b AND c)"),
    ("a (b OR c)", "a AND (b OR c)"),
    ("a -(b OR c)", "a AND NOT (b OR c)"),
    ("title:(a OR “B c”)", 'title:a OR title:"b c"'),
    ("GPT-4 OR GPT-4*", "gpt-4 OR gpt-4*"),
    ("it\u2019s", "it.s"),
    ('"safety guard*" OR cs.LG* OR optimiz*', '"safety guard*" OR cs.lg* OR optimiz*'),
    ("upvotes:(>=5 <=10) date:2026-01-01", "upvotes:>=5 AND upvotes:<=10 AND date:2026-01-01"),
]


@pytest.mark.parametrize(("text", "plain"), PLAIN)
def test_a_query_has_one_plain_spelling(text: str, plain: str) -> None:
    assert spell(parse(text)) == spell(parse(text).root) == plain
    assert parse(plain) == parse(text)


def test_a_node_is_described_without_what_is_below_it() -> None:
    root = parse("a (b OR -c)").root
    assert isinstance(root, And)
    assert [describe(node) for node in (root, *root.parts)] == [
        "all of:",
        "“a” in any form in title, abstract or category",
        "any of:",
    ]
