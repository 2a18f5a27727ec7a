from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from newsletter.testing.services import Services

WEDNESDAY = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
"""Ten in the morning in New York."""


@pytest.fixture
def services() -> Iterator[Services]:
    with Services(now=WEDNESDAY) as running:
        yield running
