"""Which words of a mail are a title, which a label of a link, and which the frame around it all."""
# ruff: noqa: RUF001 - marks and words of many languages

import re
from typing import Final

from newsletter.model import LinkKind
from newsletter.rules.plain_lines import tidy

LONGEST_TITLE: Final = 400
_LEAST_WORDS: Final = 3
_LEAST_WORDS_OF_A_PAPER: Final = 2
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_][\w'’+.-]*|\d+\w*")
_MOST_FRAME_WORDS: Final = 14
_FRAME: Final = re.compile(
    r"unsubscrib|opt[ -]?out|in (?:your|a|the) (?:web )?browser|view (?:this|it|online|as|email)|"
    r"read online|web version|view (?:all|more|comments)|manage (?:your|my|email|sub|pref|alert)|"
    r"your (?:preferences|subscription|profile|account)|"
    r"(?:email|mail|subscription|notification|communication|privacy) (?:preferences|settings)|"
    r"(?:update|change|edit) (?:your|my|email) |privacy (?:policy|notice|statement)|"
    r"terms (?:of|and|&)|cookie policy|forward (?:this|to|it)|share (?:this|on|via|it|with)|tweet this|"
    r"^(?:yes\b|(?:please )?(?:confirm|verify|activate|validate|complete)\b)|subscribe me|"
    r"follow (?:us|me|along)|(?:log|sign) ?(?:in|up|out)\b|^subscribe|subscribe (?:now|here|today|to)|"
    r"become a (?:paid|member)|upgrade to|^advertise|advertis(?:e|ing) (?:with|in)|sponsor (?:us|this)|"
    r"contact us|get in touch|why (?:am|did) (?:i|you)|you (?:are|were) receiv|you received this|"
    r"this (?:e?mail|message|alert|newsletter) (?:was|is|has)|address book|all rights reserved|"
    r"download (?:the|our) app|get the app|leave a (?:comment|review)|refer a friend|"
    r"(?:cancel|create|list|delete) (?:this |your |all |an? )?alerts?|"
    r"see all (?:recommendations|results|articles)|save to|report (?:spam|abuse|this)|click here|"
    r"abmelden|abbestellen|im browser|datenschutz|impressum|désabonner|désinscri|navigateur|"
    r"darse de baja|cancelar (?:la )?(?:suscripción|inscrição)|navegador|disiscriv|"
    r"annulla(?:re)? l.?iscrizione|afmelden|avregistrera|退订|取消订阅|配信停止|購読解除|отписаться",
    re.IGNORECASE,
)
"""What newsletters say around what they have to say."""
_LEAVING: Final = re.compile(
    r"unsubscrib|opt[ -]?out|abmelden|abbestellen|désabonner|désinscri|darse de baja|disiscriv|afmelden|"
    r"cancel (?:this |your |all )?alert|退订|取消订阅|配信停止|отписаться",
    re.IGNORECASE,
)
_FRAME_PATH: Final = re.compile(
    r"(?:^|[/._?&=-])(?:unsub\w*|opt-?_?out|preferences?|manage\w*|subscri\w*|update-?_?profile|profile|forward\w*|"
    r"abuse|sharer?|share-?article|intent|log-?in|sign-?in|sign-?up|view-?in-?browser|web-?version|privacy\w*|terms|"
    r"legal|imprint|confirm\w*|verif\w+|activat\w+|opt-?_?in|scholar_alerts|contact|advertise|jobs|about|comments?)(?:$|[/._?&=-])",
    re.IGNORECASE,
)
_CONFIRMING: Final = re.compile(
    r"(?:confirm|verify|activate|validate|complete|finish)\b.{0,40}\b(?:subscri|e-?mail|address|sign|regist|list|newsletter)|"
    r"(?:subscri|sign-?up|regist|newsletter).{0,40}\b(?:confirm|verif|activat)|^(?:please )?confirm|"
    r"bestätig|confirmez|confirmation d.inscription|confirma(?:r)? (?:tu|su|a sua|la)|confermare?|"
    r"bevestig|potwierd|подтверд|确认|確認",
    re.IGNORECASE,
)
_LABELS: Final[dict[str, LinkKind]] = {
    "pdf": LinkKind.PDF, "full pdf": LinkKind.PDF, "[pdf]": LinkKind.PDF, "code": LinkKind.CODE,
    "github": LinkKind.CODE, "repo": LinkKind.CODE, "repository": LinkKind.CODE,
    "source code": LinkKind.CODE, "project": LinkKind.PROJECT, "project page": LinkKind.PROJECT,
    "website": LinkKind.PROJECT, "demo": LinkKind.PROJECT, "blog": LinkKind.PROJECT,
    "blog post": LinkKind.PROJECT, "discussion": LinkKind.DISCUSSION, "discuss": LinkKind.DISCUSSION,
    "comments": LinkKind.DISCUSSION, "video": LinkKind.MEDIA, "paper": LinkKind.PAGE,
    "arxiv": LinkKind.PAGE, "abs": LinkKind.PAGE, "abstract": LinkKind.PAGE, "preprint": LinkKind.PAGE,
    "doi": LinkKind.PAGE, "link": LinkKind.PAGE, "html": LinkKind.PAGE, "read the paper": LinkKind.PAGE,
}  # fmt: skip
_MORE: Final = re.compile(
    r"(?:read|learn|see|find out|continue)(?: (?:the|full|more|paper|article|post|story|reading|on))*|"
    r"more|full (?:text|story|article)|go to (?:the )?(?:paper|article)|weiterlesen|"
    r"mehr(?: erfahren| lesen)?|lire la suite|leer más",
    re.IGNORECASE,
)
_AROUND: Final = ' \t-–—:;,.|·•*→»›>()[]<#"“”'
_KNOWN_AS: Final = re.compile(
    r"^(?:title|titel|titre|título|re|paper|link|url)\s*:\s*", re.IGNORECASE
)
_NUMBERED: Final = re.compile(
    r"^(?:\(?\d{1,3}[.):]|\[(?:\d{1,3}|pdf|html|book|citation)\]|[-*•–—])\s+", re.IGNORECASE
)


def count_words(text: str) -> int:
    """Return how many words `text` has; Chinese, Japanese and Korean signs count one by one."""
    return sum(1 for _ in _WORD.finditer(text))


def read_title(text: str, *, is_paper: bool) -> str | None:
    """Return `text` as a title, without what stands around it; None when it does not look like one.

    It has three words at least (beside the address of a paper two), and is none of what every
    newsletter says, such as how to leave it.
    """
    bare = _NUMBERED.sub("", text.strip())
    bare = _KNOWN_AS.sub("", bare).strip().rstrip(" \t:-–—|·→»›[(<#").lstrip(" \t-–—:|·•*>)]")
    least = _LEAST_WORDS_OF_A_PAPER if is_paper else _LEAST_WORDS
    is_long_enough = len(bare) <= LONGEST_TITLE and count_words(bare) >= least
    is_other = "://" in bare or is_frame(bare) or is_more(bare) or label_of(bare) is not None
    return bare if is_long_enough and not is_other else None


def is_frame(text: str) -> bool:
    """Tell whether a text is what newsletters say around their entries."""
    return count_words(text[:1_000]) <= _MOST_FRAME_WORDS and _FRAME.search(tidy(text)) is not None


def is_leaving(text: str) -> bool:
    """Tell whether a link is the one to leave the newsletter: after it comes the foot."""
    return count_words(text[:1_000]) <= _MOST_FRAME_WORDS and _LEAVING.search(text) is not None


def is_sentence(text: str) -> bool:
    """Tell whether a text ends like a sentence, and so is no title: many titles end in `?` or `!`."""
    return text.rstrip().endswith((".", "。", ":", ",", ";"))


def is_foot(text: str) -> bool:
    """Tell whether a longer text is one of those at the foot of a newsletter."""
    return (
        re.search(
            r"you (?:are|were) receiv|you received this|unsubscrib|all rights reserved|©",
            text,
            re.IGNORECASE,
        )
        is not None
    )


def is_frame_path(text: str) -> bool:
    """Tell whether path and query of an address are of a page to manage a subscription, or to share."""
    return _FRAME_PATH.search(text) is not None


def label_of(text: str) -> LinkKind | None:
    """Return what is at the other end of a link that is called `PDF` or `Code`; None for other texts."""
    return _LABELS.get(tidy(text).strip(_AROUND).casefold())


def asks_to_confirm(subject: str) -> bool:
    """Tell whether a mail asks whether a newsletter was subscribed to: its links are for us alone."""
    return _CONFIRMING.search(subject[:300]) is not None


def is_more(text: str) -> bool:
    """Tell whether a link is called `Read more`, and the title stands above it."""
    return _MORE.fullmatch(tidy(text).strip(_AROUND)) is not None
