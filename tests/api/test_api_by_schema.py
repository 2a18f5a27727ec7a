"""The API answers whatever its own OpenAPI document allows, and much that it does not."""

from collections.abc import Iterator
from typing import Any, Final, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from newsletter.model import Scope
from newsletter.web.api import ApiDesk
from newsletter.web.api.access import Reception
from newsletter.web.api.app import make_api
from tests.api.conftest import ApiHouse

NO_DESK: Final = cast("ApiDesk", None)
DOCUMENT: Final = make_api(Reception(NO_DESK), "Papers").openapi()
EXAMPLES: Final = 15
# Wrong tokens are soon answered by 429, and no schema says which texts are addresses and documents.
NOT_HERE: Final = [ignored_auth, positive_data_acceptance]


def operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    for result in schema.get_all_operations():
        operation: Any = cast("Any", result).ok()
        yield pytest.param(operation, id=f"{operation.method} {operation.path}")


@pytest.fixture(scope="module")
def authorization(api: ApiHouse) -> dict[str, str]:
    return {"Authorization": api.client(*Scope).headers["Authorization"]}


@pytest.mark.parametrize("operation", tuple(operations()))
def test_no_call_is_answered_by_a_fault_of_ours(
    operation: Any, api: ApiHouse, authorization: dict[str, str]
) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        answer = case.call(base_url=f"{api.url}/api/v1", headers=authorization)
        case.validate_response(answer, excluded_checks=NOT_HERE)

    call()


def test_the_document_names_every_call() -> None:
    assert len(DOCUMENT["paths"]) >= 12
    assert "ProblemDetails" in DOCUMENT["components"]["schemas"]
    assert DOCUMENT["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
