r"""What a reader sees of formulas."""
# ruff: noqa: RUF001 - look-alike letters are what is tested

import pytest

from newsletter.rendering import readable

FORMULAS = {
    # scripts: Unicode where it has all the characters, else marked
    r"x_i^2": "xᵢ²",
    r"x_{t+1}": "xₜ₊₁",
    r"W^{(l)}_{ij}": "Wᵢⱼ⁽ˡ⁾",
    r"10^{-27}": "10⁻²⁷",
    r"T^{3/4}": "T^(3/4)",
    r"G_{m, n}": "G_(m,n)",
    r"\mathbb{F}_q^n": "𝔽ⁿ_q",
    r"d_{\text{model}} h": "d_model h",
    r"c_{\mathrm{gen}}D": "c_gen D",
    r"x^{pq}-1": "x^(pq)-1",
    r"R^\star, \theta^*, A^\top": "R*, θ*, Aᵀ",
    r"43.5_{\pm 1.6}": "43.5±1.6",
    r"\mathbb{E}_{x\sim p}": "𝔼_(x∼p)",
    r"f''(x)'": "f″(x)′",
    r"x^": "x",
    r"{}^\circ": "°",
    # fractions and roots: one line that says the same
    r"\frac{a}{b}": "a/b",
    r"\frac{a+b}{c+d}": "(a+b)/(c+d)",
    r"\frac{1}{2n}": "1/(2n)",
    r"\frac12x": "(1/2)x",
    r"\frac{f(x)}{g(y)}": "f(x)/g(y)",
    r"\frac{1}{2}^2": "(1/2)²",
    r"\frac{(a)(b)}{(a)+(b)}": "(a)(b)/((a)+(b))",
    r"\fracγ{2}": "γ/2",
    r"x^\frac12": "x^(1/2)",
    r"\log\frac{n}{2e}": "log (n/(2e))",
    r"\frac{}{b}": "b",
    r"\sqrt{2}, \sqrt{x+y}, \sqrt[3]{x}, \sqrt[6]{2}, \sqrt{}": "√2, √(x+y), ∛x, 2^(1/6), √",
    r"\binom{n}{k}": "(n choose k)",
    # letters
    r"\mathbb R^2, \mathbb{1}, \mathbb{αx}": "ℝ², 𝟙, α𝕩",
    r"\mathcal{O}(n), \mathfrak{g}": "O(n), g",
    r"\hat{x}, \bar m, \widetilde{O}, \widehat{AB}": "x̂, m̄, Õ, AB",
    r"\varepsilon > 0": "ε > 0",
    r"2\pi r": "2πr",
    # signs and their spaces
    r"n\geq5": "n ≥ 5",
    r"\geq 40": "≥40",
    r"N{=}2": "N=2",
    r"256 \times 256": "256 × 256",
    r"3\times3": "3×3",
    r"p = -1": "p = -1",
    r"P(y\midξ)": "P(y | ξ)",
    r"a \in \cdot \mid b": "a ∈ · | b",
    r"f\colon X\to Y": "f : X → Y",
    r"f := x": "f := x",
    r"n\log_2 n/\log k": "n log₂ n/log k",
    r"\max\{a, b\}": "max{a, b}",
    r"\sum_{i=1}^n x_i": "∑ᵢ₌₁ⁿ xᵢ",
    r"\|x\|_2": "‖x‖₂",
    r"1 \not\equiv 2 \pmod{3}": "1 ≢ 2 (mod 3)",
    r"a \bmod b": "a mod b",
    r"\left[0, 1\right.": "[0, 1",
    r"A \xrightarrow{f} B \overset{!}{=} C": "A →ᶠ B =^! C",
    r"5\,\mathrm{m}\quad 80\%": "5 m 80%",
    r"\operatorname{MEC}(k)": "MEC(k)",
    r"\Prob(X=0) \foo": "Prob(X=0) foo",
    r"\Big\lceil \frac{k}{n-k} \Big\rceil": "⌈k/(n-k)⌉",
    r"a & b \\ c": "a b; c",
    r"\begin{cases} 1 & x \\[1mm] 0 \\ \end{cases}": "1 x; 0",
    r"\begin{array}{cc} a & b \end{array}": "a b",
    # prose and formulas within each other
    r"\text{if $x>0$ then}": "if x>0 then",
    r"\textbf{1.6}\times": "1.6×",
    r"\{\text{8B}, \text{30B}\}": "{8B, 30B}",
    r"\href{https://example.org/a}{here}": "here (https://example.org/a)",
    r"O(}x)": "O(x)",
    r"x^}, \sqrt\mathcal{B}, \hat\ell": "x, √B, ℓ̂",
    r"'": "′",
    r"\frac{\sqrt[5]{}}{[a]b}": "√/([a]b)",
}


@pytest.mark.parametrize(("formula", "shown"), FORMULAS.items())
def test_a_formula_becomes_a_line(formula: str, shown: str) -> None:
    assert readable(f"\\({formula}\\)") == shown


@pytest.mark.parametrize(
    "written",
    ["$a^2$", "$$a^2$$", r"\(a^2\)", r"\[a^2\]", r"\begin{align*}a^2\end{align*}", "$ a^2 $"],
)
def test_every_delimiter_is_known(written: str) -> None:
    assert readable(f"so {written}.") == "so a²."


def test_formulas_touch_the_words_that_they_touched() -> None:
    written = r"4$\times$4, $\sim$90, 8B$\to$4B, $k$NN, $x$-axis, A$\sim$B, $70$--$83\%$, CO$_2$"

    assert readable(written) == "4×4, ~90, 8B→4B, kNN, x-axis, A∼B, 70–83%, CO₂"


def test_braces_deeper_than_any_author_s_lose_their_marks_only() -> None:
    assert readable("$" + "{" * 40 + "deep" + "}" * 40 + "$") == "deep"
    assert readable(r"\textbf{" * 40 + "deep" + "}" * 40).endswith("deep")
