"""A preferences document as the fields of a form, and back, touching nothing that was not changed."""
