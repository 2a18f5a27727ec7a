"""What a server says in the fields of an answer: moments, waits, and how long a page is fresh."""

from newsletter.rules.http_fields.dates import read_http_date
from newsletter.rules.http_fields.freshness import fresh_for
from newsletter.rules.http_fields.waiting import (
    LONGEST_WAIT,
    interval_asked,
    quota_wait,
    retry_after,
)

__all__ = [
    "LONGEST_WAIT",
    "fresh_for",
    "interval_asked",
    "quota_wait",
    "read_http_date",
    "retry_after",
]
