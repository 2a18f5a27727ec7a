"""What the log says of documents that came into force, and of those that are wrong."""

import logging
from typing import Final

from newsletter.model import Problem
from newsletter.workflows import Adoption

LOG: Final = logging.getLogger("newsletter.scheduler")

_MOST_TOLD: Final = 50
"""Problems in the log of one look; a lost catalogue topic can break thousands of documents."""


class AdoptionNews:
    """Remembers what was told, so that nothing is told at every look."""

    def __init__(self) -> None:
        self._told: frozenset[Problem] = frozenset()

    def tell(self, adoption: Adoption) -> None:
        """Log what came into force, and each problem once, until it is gone or another one."""
        if adoption.changed or adoption.gone:
            LOG.info("documents changed=%d gone=%d", adoption.changed, len(adoption.gone))
        new = [problem for problem in adoption.problems if problem not in self._told]
        for problem in new[:_MOST_TOLD]:
            LOG.warning("document: %s", problem)
        if len(new) > _MOST_TOLD:
            LOG.warning("document: %d more problems; see newsletter check", len(new) - _MOST_TOLD)
        present = frozenset(adoption.problems)
        if mended := len(self._told - present):
            LOG.info("documents problems_gone=%d problems_left=%d", mended, len(present))
        self._told = present
