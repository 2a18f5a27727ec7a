"""How a decided edition becomes a letter: wording only, nothing is chosen here."""

from newsletter.rules.composing.dates import write_date, write_day, write_month
from newsletter.rules.composing.letters import compose, compose_written, write_entry
from newsletter.rules.composing.reasons import write_reason
from newsletter.rules.composing.sentences import split_sentences
from newsletter.rules.composing.summaries import summarize
from newsletter.rules.composing.tidy import join_words, shorten, tidy, tidy_header
from newsletter.rules.composing.wording import write_headline, write_preheader, write_subject

__all__ = [
    "compose",
    "compose_written",
    "join_words",
    "shorten",
    "split_sentences",
    "summarize",
    "tidy",
    "tidy_header",
    "write_date",
    "write_day",
    "write_entry",
    "write_headline",
    "write_month",
    "write_preheader",
    "write_reason",
    "write_subject",
]
