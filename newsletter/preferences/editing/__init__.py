"""Change a document and leave every other byte as it is; tell two documents apart."""
