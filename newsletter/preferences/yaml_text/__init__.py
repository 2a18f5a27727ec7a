"""Texts in a small, strict subset of YAML: read with the place of every word, slips explained."""
