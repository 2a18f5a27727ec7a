"""TeX in titles and abstracts, as readable Unicode."""

from newsletter.rendering.latex.reading import readable, readable_content

__all__ = ["readable", "readable_content"]
