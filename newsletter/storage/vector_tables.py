"""The tables of vectors, as rows (see `tables`)."""

from datetime import date
from typing import ClassVar

from sqlmodel import Field

from newsletter.storage.columns import Row


class VectorModelRow(Row, table=True):
    """A model that made vectors. Its number stands for its name, which is long, in each of them."""

    __tablename__: ClassVar[str] = "vector_models"
    number: int = Field(primary_key=True)
    name: str


class VectorRow(Row, table=True):
    """One vector, under the key of its text. `used_on` is a day in UTC: no row is longer than needed."""

    __tablename__: ClassVar[str] = "vectors"
    model: int = Field(primary_key=True)
    key: bytes = Field(primary_key=True)
    vector: bytes
    used_on: date
