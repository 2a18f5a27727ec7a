"""A self-hosted newsletter that writes a different letter for every subscriber."""

from typing import Final

__version__: Final = "0.1.0"
