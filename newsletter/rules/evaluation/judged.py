"""Documents that people have judged, and the likes of readers: what rankings are measured on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NewType

DocumentId = NewType("DocumentId", str)
"""Names a document within its collection."""

QueryId = NewType("QueryId", str)
"""Names a query within its collection."""

Grade = float
"""How relevant a document is to a query; above 0 it is relevant."""


@dataclass(frozen=True, slots=True)
class JudgedDocument:
    """What a collection has for a reader. Either text may be empty."""

    id: DocumentId
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """What somebody is looking for, in words of their own."""

    id: QueryId
    text: str


@dataclass(frozen=True, slots=True)
class JudgedCollection:
    """Documents in the order of their file, queries, and the grades that were given.

    `grades` may name queries and documents that the collection does not have.
    """

    name: str
    documents: Sequence[JudgedDocument]
    queries: Sequence[JudgedQuery]
    grades: Mapping[QueryId, Mapping[DocumentId, Grade]]


@dataclass(frozen=True, slots=True)
class ReaderLikes:
    """What one reader liked, oldest first. It may name documents that the collection does not have."""

    reader: str
    liked: tuple[DocumentId, ...]


@dataclass(frozen=True, slots=True)
class LikedCollection:
    """Documents in the order of their file, and readers with their likes."""

    name: str
    documents: Sequence[JudgedDocument]
    readers: Sequence[ReaderLikes]
