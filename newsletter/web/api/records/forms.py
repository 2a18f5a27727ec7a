"""What all records have in common, and how refusals are written."""

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """One thing of the API."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldProblem(Record):
    """What is wrong with one value. `line` is that of a preferences document, 0 where there is none."""

    place: str
    message: str
    suggestion: str | None = None
    line: int = 0


class ProblemDetails(Record):
    """Why something was not done (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    problems: list[FieldProblem] = Field(default_factory=list)
