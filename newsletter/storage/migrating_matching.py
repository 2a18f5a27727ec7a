"""The step that brought vectors of texts.

As all steps it is never changed after a release (see `migrations`).
"""

from typing import Final

VECTORS: Final = (
    """CREATE TABLE vector_models (
        number INTEGER NOT NULL PRIMARY KEY,
        name VARCHAR NOT NULL UNIQUE)""",
    "INSERT INTO counters (name, value) VALUES ('vector-model', 0)",
    # With the number of the model and a day five of them stand on a page of SQLite, else four.
    """CREATE TABLE vectors (
        model INTEGER NOT NULL,
        key BLOB NOT NULL,
        vector BLOB NOT NULL,
        used_on DATE NOT NULL,
        PRIMARY KEY (model, key))""",
    "CREATE INDEX vectors_by_use ON vectors (used_on)",
)
