"""The API as an app of its own."""

from typing import Any, Final

from fastapi import FastAPI

from newsletter import __version__
from newsletter.web.api import deliveries, people, reading
from newsletter.web.api.access import Reception
from newsletter.web.api.records import ProblemDetails
from newsletter.web.api.refusals import refuse_in_one_form

_ABOUT: Final = (
    "Subscribers, entries, editions and deliveries of one newsletter, for other programs. "
    "Every call shows a token: `Authorization: Bearer nl_…`, made by `newsletter tokens add`."
)


def make_api(reception: Reception, name: str) -> FastAPI:
    """Return the API of the newsletter called `name`; its OpenAPI document is `openapi.json`."""
    app = _Api(
        title=name,
        version=__version__,
        description=_ABOUT,
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.reception = reception
    for part in (reading, people, deliveries):
        app.include_router(part.router)
    refuse_in_one_form(app)
    return app


class _Api(FastAPI):
    """Names the form of refusals in its OpenAPI document."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            schema = ProblemDetails.model_json_schema(
                ref_template="#/components/schemas/{model}", mode="serialization"
            )
            schemas = document["components"]["schemas"]
            schemas.update(schema.pop("$defs", {}))
            schemas["ProblemDetails"] = schema
        return super().openapi()
