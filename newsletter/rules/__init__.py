"""The decisions: pure functions that take everything as arguments, the present moment and dice included."""
