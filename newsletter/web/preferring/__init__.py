"""Preferences: a form and the YAML document side by side, for whoever has the mailed link."""

from newsletter.web.preferring.desk import PreferencesDesk
from newsletter.web.preferring.routes import preferences_routes

__all__ = ["PreferencesDesk", "preferences_routes"]
