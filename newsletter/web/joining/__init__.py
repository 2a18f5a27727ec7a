"""The pages for new readers: what the newsletter is, what they would like, and their yes."""

from newsletter.web.joining.arriving import Beside
from newsletter.web.joining.desk import JoiningDesk
from newsletter.web.joining.limits import Limits
from newsletter.web.joining.routes import routes

__all__ = ["Beside", "JoiningDesk", "Limits", "routes"]
