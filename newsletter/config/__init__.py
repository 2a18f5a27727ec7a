"""The operator's settings: config.yaml, typed, and the folder that `newsletter init` makes."""

from newsletter.config.delivery import (
    EMBEDDED,
    DeliverySettings,
    DkimSettings,
    OnUncertain,
    RelaySettings,
    ThrottleSettings,
    Tls,
)
from newsletter.config.identity import NewsletterSettings, Sender
from newsletter.config.program import (
    ImapSettings,
    LmtpSettings,
    LogSettings,
    SmtpSettings,
    WebSettings,
)
from newsletter.config.reading import ConfigReading, load_config, read_config
from newsletter.config.secrets import SecretKind, SecretRef
from newsletter.config.settings import Config
from newsletter.config.sources import (
    ArxivSettings,
    BiorxivSettings,
    DailyPapersSettings,
    FeedSettings,
    FileSettings,
    SavedPageSettings,
    SourceSettings,
)
from newsletter.config.starter import (
    copy_starter,
    default_templates,
    machine_timezone,
    starter_files,
)

__all__ = [
    "EMBEDDED",
    "ArxivSettings",
    "BiorxivSettings",
    "Config",
    "ConfigReading",
    "DailyPapersSettings",
    "DeliverySettings",
    "DkimSettings",
    "FeedSettings",
    "FileSettings",
    "ImapSettings",
    "LmtpSettings",
    "LogSettings",
    "NewsletterSettings",
    "OnUncertain",
    "RelaySettings",
    "SavedPageSettings",
    "SecretKind",
    "SecretRef",
    "Sender",
    "SmtpSettings",
    "SourceSettings",
    "ThrottleSettings",
    "Tls",
    "WebSettings",
    "copy_starter",
    "default_templates",
    "load_config",
    "machine_timezone",
    "read_config",
    "starter_files",
]
