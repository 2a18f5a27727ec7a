"""The tables of what several machines tell each other, as rows (see `tables`)."""

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field

from newsletter.storage.columns import Moment, Row


class WorkerRow(Row, table=True):
    """One process that takes jobs. `doing` and `figures` are JSON."""

    __tablename__: ClassVar[str] = "workers"
    name: str = Field(primary_key=True)
    host: str
    pid: int
    program: str
    queues: str
    started_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    doing: str
    figures: str


class JobStepRow(Row, table=True):
    """One step that the tables of the job library have had."""

    __tablename__: ClassVar[str] = "job_steps"
    name: str = Field(primary_key=True)
