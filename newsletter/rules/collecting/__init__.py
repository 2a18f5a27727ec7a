"""When a source is pulled, what of a pull is news, what waits for the operator, and the line about it."""

from newsletter.rules.collecting.admission import Admitted, admit
from newsletter.rules.collecting.pull_times import due_at, due_sources
from newsletter.rules.collecting.reporting import report_failure, report_pull, stored_at
from newsletter.rules.collecting.terms import SourceTerms, usual_terms

__all__ = [
    "Admitted",
    "SourceTerms",
    "admit",
    "due_at",
    "due_sources",
    "report_failure",
    "report_pull",
    "stored_at",
    "usual_terms",
]
