r"""What a reader sees of TeX in titles and sentences."""
# ruff: noqa: RUF001 - quotation marks, dashes and look-alike letters are what is tested

import pytest

from newsletter.model import EntryContent
from newsletter.rendering import readable, readable_content


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("W$^2$GO: Walking Twice", "W²GO: Walking Twice"),
        ("A$_3$B$_2$: An Adapter", "A₃B₂: An Adapter"),
        ("$μ$Flow and $\\mu$Flow", "μFlow and μFlow"),
        (r"N\textsuperscript{4}Fuse", "N⁴Fuse"),
        (r"Seeing in 360$^\circ$", "Seeing in 360°"),
        (r"$\mathcal{B}$-Coder", "B-Coder"),
        (r"$\mathcal{B}^{3}$-Net", "B³-Net"),
        (r"Lengths $np^s$ over $\frac{\mathbb{F}_{p^m}[u]}{\langle u^t\rangle}$",
         "Lengths npˢ over 𝔽_(pᵐ)[u]/⟨uᵗ⟩"),
        (r"Breaking $\textit{Winner-Takes-All}$", "Breaking Winner-Takes-All"),
        (r"$\textit{Do Not Guess}$: Ask", "Do Not Guess: Ask"),
        (r"Faster by 10$\times$", "Faster by 10×"),
        (r"Seeing $\neq$ Knowing", "Seeing ≠ Knowing"),
        (r"\SCORE{n}: A Family of Metrics", "SCORE(n): A Family of Metrics"),
        ("R^2-Mem and S^2tory", "R²-Mem and S²tory"),
        ("A $k$-Means View of $1$-bit $n$-grams", "A k-Means View of 1-bit n-grams"),
        (r"the 2$^{nd}$ and the $n^{th}$", "the 2nd and the nth"),
    ],
)  # fmt: skip
def test_titles_read_as_they_are_said(title: str, shown: str) -> None:
    assert readable(title) == shown


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        (r"\textbf{L}arge \emph{and} \texttt{small} \underline{\textsc{Nets}}",
         "Large and small Nets"),
        (r"{\em so-called} {\bf laws}", "so-called laws"),
        (r"\method{} beats \ours on \DQN.", "method beats ours on DQN."),
        (r"the \gls{DRL} agent", "the DRL agent"),
        (r"as shown~\cite{ada2020}, we\citep[p.~3]{ken} see", "as shown, we see"),
        (r"results\footnote{Code is free.} hold", "results (Code is free.) hold"),
        (r"at \url{https://example.org/a_b\_c}.", "at https://example.org/a_b_c."),
        (r"see \href{https://example.org/x}{our code}", "see our code (https://example.org/x)"),
        (r"\href{https://example.org/}{example.org}", "example.org"),
        (r"\textcolor{red}{hot}, \scalebox{0.5}{cold}", "hot, cold"),
        (r"100\% of R\&D, \#1, a\_b, \{x\}", "100% of R&D, #1, a_b, {x}"),
        (r"\ding{182} one \ding{51} two \ding{10} \unicode{x2014}",
         "❶ one ✓ two —"),
        (r"\eg dogs, \ie, cats \etc.", "e.g. dogs, i.e., cats etc."),
        (r"\verb|a_b| and \lstinline!c!", "a_b and c"),
        (r"a\quad b\\c\,d \noindent e", "a b c d e"),
        (r"10\times faster, \alpha-mixing, \log n", "10× faster, α-mixing, log n"),
        (r"Theorem \S3 and \textbackslash", "Theorem §3 and ∖"),
        (r"\begin{itemize}\item one\end{itemize}", "• one"),
        (r"a \textsc{Trade, never closed", "a Trade, never closed"),
        (r"rare\footnote{but never closed", "rare but never closed"),
        (r"\resizebox{1cm}{!}{wide} \verb \url", "wide"),
        (r"data\footnotemark[1] and code\xspace is at \frac{1}{2} of \mathbb{R}",
         "data and code is at 1/2 of ℝ"),
        (r"nothing in \footnote{} it", "nothing in it"),
    ],
)  # fmt: skip
def test_commands_of_prose_give_way_to_their_words(sentence: str, shown: str) -> None:
    assert readable(sentence) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            r"Poincar\'{e}, Schr\"odinger, na{\"\i}ve, {\'E}mile",
            "Poincaré, Schrödinger, naïve, Émile",
        ),
        (r"Erd\H{o}s, \v{C}ech, Fran\c{c}ois, \v s", "Erdős, Čech, François, š"),
        (r"S\o ren, Stra\ss e, \L{}\'od\'z, \AA ngstr\"om", "Søren, Straße, Łódź, Ångström"),
        (r"Scheff{é} and Csisz{\' a}r", "Scheffé and Csiszár"),
        (r"weighted \k{appa} and \r{ho}", "weighted κ and ρ"),
        (r"don\'t, it\'s, \"so\" and \"apples\"", 'don\'t, it\'s, "so" and "apples"'),
    ],
)
def test_accents_become_letters(written: str, shown: str) -> None:
    assert readable(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Cramér--Rao, 1990--2000, a -- b, c---d", "Cramér–Rao, 1990–2000, a – b, c—d"),
        ("``cold-start'' and (``you\", ``I\")", "“cold-start” and (“you”, “I”)"),
        (
            "Fig.~3, GPT~4, recognition~(new), Bu~and~Tao",
            "Fig. 3, GPT 4, recognition (new), Bu and Tao",
        ),
        (
            "3{,}003 pairs, x^{n}y, q < 10^{-6}, 10^-8, 10^(-62)",
            "3,003 pairs, xⁿy, q < 10⁻⁶, 10⁻⁸, 10⁻⁶²",
        ),
        ("h_t and X_1 but max_len", "hₜ and X₁ but max_len"),
    ],
)
def test_the_typist_s_signs_become_typography(written: str, shown: str) -> None:
    assert readable(written) == shown


def test_commands_that_lost_their_backslash_on_a_web_page_are_known_again() -> None:
    copied = (
        "Pok'{e}mon, 17times fewer, mathcal{O}(varepsilon^{-2.5}), d^2varepsilon^{-2}, mathbb{R}"
    )

    assert readable(copied) == "Pokémon, 17× fewer, O(ε^(-2.5)), d²ε⁻², ℝ"


def test_all_texts_of_an_entry_are_made_readable() -> None:
    content = EntryContent(
        r"$k$ Goods", r"50\% of $n$", r"\emph{Short}", authors=("Ada $ Lovelace",)
    )

    shown = readable_content(content)

    assert (shown.title, shown.abstract, shown.tldr) == ("k Goods", "50% of n", "Short")
    assert shown.authors == content.authors


def test_texts_that_are_missing_stay_missing_and_a_title_never_vanishes() -> None:
    shown = readable_content(EntryContent(r"\cite{nobody}"))

    assert shown == EntryContent(r"\cite{nobody}")
