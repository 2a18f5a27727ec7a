"""Documents as files in a folder: found, read, watched, written, taken in."""
