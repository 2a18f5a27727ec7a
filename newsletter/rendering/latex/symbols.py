"""What TeX commands look like in Unicode, one table per kind of spacing."""
# ruff: noqa: RUF001 - the look-alike characters are the point of these tables

from typing import Final

from newsletter.rules.tex_letters import NAMED_LETTERS


def names(text: str) -> frozenset[str]:
    """Read a set of names that is written as one text."""
    return frozenset(text.split())


def _table(pairs: str) -> dict[str, str]:
    words = pairs.split()
    return dict(zip(words[::2], words[1::2], strict=True))


LETTERS: Final = _table(
    """
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
    kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
    varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω digamma ϝ
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
    varGamma Γ varDelta Δ varTheta Θ varLambda Λ varPi Π varSigma Σ varPhi Φ varPsi Ψ varOmega Ω
    ell ℓ hbar ℏ imath ı jmath ȷ aleph ℵ beth ℶ wp ℘ Re ℜ Im ℑ partial ∂ eth ð
    """
)
"""Letters and what behaves like one."""

SIGNS: Final = _table(
    """
    infty ∞ nabla ∇ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ top ⊤ bot ⊥ angle ∠
    measuredangle ∡ triangle △ square □ Box □ blacksquare ■ qed ∎ Diamond ◇ diamond ⋄ lozenge ◊
    bigstar ★ clubsuit ♣ diamondsuit ♦ heartsuit ♥ spadesuit ♠ flat ♭ natural ♮ sharp ♯ neg ¬
    lnot ¬ surd √ prime ′ degree ° textdegree ° dagger † dag † ddagger ‡ ddag ‡ checkmark ✓ cmark ✓
    xmark ✗ ldots … dots … cdots … vdots ⋮ ddots ⋱ dotsc … dotsb … dotsm … dotsi … textellipsis …
    uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙
    nwarrow ↖ textuparrow ↑ textdownarrow ↓ Vert ‖ vert | lvert | rvert | lVert ‖ rVert ‖
    backslash ∖ textbackslash ∖ textbar | textless < textgreater > textasciitilde ∼
    textasciicircum ˆ textunderscore _ item • copyright © textitem • copyright © textregistered ®
    texttrademark ™ pounds £ textsterling £ texteuro € euro € EUR € yen ¥ textyen ¥ S § P ¶
    textsection § textparagraph ¶ textbullet • bullet • textendash – textemdash — textquoteright ’
    textquoteleft ‘ textquotedblleft “ textquotedblright ” guillemotleft « guillemotright »
    textmu µ texttimes × textpm ± textperiodcentered · micro µ ohm Ω permil ‰ textperthousand ‰
    """
)
"""Signs that stand by themselves, in formulas and in prose."""

BINARY: Final = _table(
    """
    pm ± mp ∓ times × div ÷ cdot · centerdot · ast * star ⋆ circ ∘ cap ∩ cup ∪ uplus ⊎ sqcap ⊓
    sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ oplus ⊕ ominus ⊖
    otimes ⊗ oslash ⊘ odot ⊙ bigcirc ○ ltimes ⋉ rtimes ⋊ bigoplus ⊕ bigotimes ⊗
    triangleleft ◁ triangleright ▷ bigtriangleup △ bigtriangledown ▽ divideontimes ⋇
    """
)
"""Signs between two things."""

RELATIONS: Final = _table(
    """
    leq ≤ le ≤ geq ≥ ge ≥ leqslant ≤ geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ equiv ≡ sim ~
    simeq ≃ approx ≈ approxeq ≊ cong ≅ asymp ≍ doteq ≐ triangleq ≜ propto ∝ varpropto ∝ coloneqq ≔
    prec ≺ succ ≻ preceq ⪯ succeq ⪰ precsim ≾ succsim ≿ lesssim ≲ gtrsim ≳ lessgtr ≶
    subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ sqsubseteq ⊑ sqsupseteq ⊒
    in ∈ notin ∉ ni ∋ owns ∋ mid | nmid ∤ parallel ∥ nparallel ∦ perp ⊥ models ⊨ vdash ⊢ dashv ⊣
    vDash ⊨ Vdash ⊩ smile ⌣ frown ⌢ bowtie ⋈ Join ⋈
    to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← longleftarrow ⟵ leftrightarrow ↔
    longleftrightarrow ⟷ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ Leftarrow ⇐ Longleftarrow ⟸
    Leftrightarrow ⇔ Longleftrightarrow ⟺ iff ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪
    hookleftarrow ↩ rightharpoonup ⇀ rightleftharpoons ⇌ leftrightarrows ⇆ rightleftarrows ⇄
    leadsto ⇝ rightsquigarrow ⇝ twoheadrightarrow ↠ nrightarrow ↛ textrightarrow → textleftarrow ←
    therefore ∴ because ∵ colon :
    """
)
"""Signs that say how two things compare; spaced on both sides."""

SUMS: Final = _table(
    """
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀
    bigsqcup ⨆ biguplus ⨄
    """
)
"""Large operators; spaced like a function's name."""

OPENING: Final = _table("langle ⟨ lceil ⌈ lfloor ⌊ lbrace { lbrack [ llbracket ⟦ lparen (")
CLOSING: Final = _table("rangle ⟩ rceil ⌉ rfloor ⌋ rbrace } rbrack ] rrbracket ⟧ rparen )")

FUNCTIONS: Final = frozenset(
    [
        "log",
        "ln",
        "lg",
        "exp",
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "arcsin",
        "arccos",
        "arctan",
        "max",
        "min",
        "sup",
        "inf",
        "lim",
        "limsup",
        "liminf",
        "arg",
        "argmax",
        "argmin",
        "det",
        "dim",
        "ker",
        "gcd",
        "lcm",
        "deg",
        "hom",
        "Pr",
        "mod",
        "sgn",
        "sign",
        "tr",
        "diag",
        "rank",
        "poly",
        "polylog",
        "softmax",
    ]
)
"""Commands that print their own name."""

MACROS: Final = _table(
    """
    R ℝ N ℕ Z ℤ Q ℚ C ℂ F 𝔽 E 𝔼 RR ℝ NN ℕ ZZ ℤ QQ ℚ CC ℂ reals ℝ naturals ℕ integers ℤ
    eps ε veps ε eg e.g. ie i.e. etc etc. cf cf. vs vs. etal et␣al. wrt w.r.t. aka a.k.a. wlog w.l.o.g.
    st s.t. iid i.i.d.
    """
)
"""What nearly every author who defines these commands means by them. `␣` is a space."""

TEXT_LETTERS: Final = NAMED_LETTERS
"""Letters that exist in prose only. The space after the command belongs to the command."""

PLAIN: Final = LETTERS | SIGNS | BINARY | RELATIONS | SUMS | OPENING | CLOSING
"""Every sign, for prose, where spacing is as written."""
