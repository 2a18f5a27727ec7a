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
from newsletter.config.mail_source import MailSettings
from newsletter.config.program import (
    HttpSettings,
    ImapSettings,
    LmtpSettings,
    LogSettings,
    SmtpSettings,
    WebSettings,
)
from newsletter.config.reading import ConfigReading, load_config, read_config, read_config_text
from newsletter.config.secrets import SecretKind, SecretRef
from newsletter.config.settings import Config
from newsletter.config.source_settings import (
    ServiceSettings,
    SourceSettings,
    WebSourceSettings,
)
from newsletter.config.sources import FileSettings, SavedPageSettings
from newsletter.config.starter import (
    copy_starter,
    default_templates,
    machine_timezone,
    starter_files,
)
from newsletter.config.web_sources import (
    ArxivSettings,
    BiorxivSettings,
    CrossrefSettings,
    DailyPapersSettings,
    FeedSettings,
    OpenReviewSettings,
    SemanticScholarSettings,
)

__all__ = [
    "EMBEDDED",
    "ArxivSettings",
    "BiorxivSettings",
    "Config",
    "ConfigReading",
    "CrossrefSettings",
    "DailyPapersSettings",
    "DeliverySettings",
    "DkimSettings",
    "FeedSettings",
    "FileSettings",
    "HttpSettings",
    "ImapSettings",
    "LmtpSettings",
    "LogSettings",
    "MailSettings",
    "NewsletterSettings",
    "OnUncertain",
    "OpenReviewSettings",
    "RelaySettings",
    "SavedPageSettings",
    "SecretKind",
    "SecretRef",
    "SemanticScholarSettings",
    "Sender",
    "ServiceSettings",
    "SmtpSettings",
    "SourceSettings",
    "ThrottleSettings",
    "Tls",
    "WebSettings",
    "WebSourceSettings",
    "copy_starter",
    "default_templates",
    "load_config",
    "machine_timezone",
    "read_config",
    "read_config_text",
    "starter_files",
]
