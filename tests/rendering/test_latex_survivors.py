"""What looks like TeX and is none: it must reach the reader unharmed."""

import pytest

from newsletter.rendering import readable


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10 today, or $5/$10, ($5)-($10).",
        "US$5, A$5 and C$6; $5M/$10M; $1,000-$2,000; <$50 and >$100; ~$25 USD; $8K.",
        "pay $ 5 and $ 10, $8.96 per 1000 queries against a $1000 baseline",
        "only $39.9 (of $100) for it. We pay $2 more.",
        "$HOME/bin:$PATH, $HOME and $PATH, awk '{print $1, $2}', $$ and $",
        r"C:\Users\ada\new, D:\data\train.csv, \\server\share\x_y, src\main\app",
        r"/home/ada/my\ notes/a--b_c, ~/x_y, ../a/b_c, and/or, TCP/IP",
        "https://example.org/From_A_to_B--C~x?a={b}",
        r"regex ^\d+$ and \w+\s* and [a-z]{2,3}, \1, C:\ alone\ ".rstrip(),
        'Use {a, b} and {"key": {"c": 1}} and {id}, lone { and } too',
        "__init__, _it_, snake_case, eval_v1, p_theta(x)^alpha, a ^ b, (^_^)",
        "git commit --amend; foo --bar=baz; (--quiet); i--; -----; --",
        "`foo_{x}` and `\\n` and `$HOME` in code",
        "~30%, 1~5, X~N(0,1), host:~/dir, Delta ~= 0",
        "5'' disk, x'' and 'single'; it`s",
        "Ends with a backslash \\",
        "Ω ≠ ω, E = mc², 99 %",
        "",
    ],
)
def test_it_stays_as_it_is(text: str) -> None:
    assert readable(text) == text


def test_money_and_formulas_can_share_a_sentence() -> None:
    text = r"costs $5 for $n$ users, \$30 for $m$ and $0.02 per $k$ tokens"

    assert readable(text) == "costs $5 for n users, $30 for m and $0.02 per k tokens"


def test_a_dollar_that_lost_its_partner_harms_neither_the_prose_nor_the_next_formula() -> None:
    text = r"a $38\% relative reduction in artifacts ($\mathrm{Fa}$) for $8 \times $ less"

    assert readable(text) == "a 38% relative reduction in artifacts (Fa) for 8\u00d7 less"


def test_a_path_loses_nothing_where_a_command_would() -> None:
    assert readable(r"src\main\app and \app") == r"src\main\app and app"
