"""RECEIVE: from a message that came in to what it changes, and the one answer to it."""
