"""The keys of `delivery.dkim`, loaded once for the length of a command."""

from datetime import datetime

from newsletter.config import Config
from newsletter.ports import SignMessage
from newsletter.transports import Signer, load_key


def make_sign(config: Config) -> SignMessage:
    """Return what signs messages with every configured key; without one it changes nothing.

    Raises ConfigError for a key that cannot be read or used.
    """
    signer = Signer(
        tuple(load_key(one.selector, one.domain, one.key.read()) for one in config.delivery.dkim)
    )

    def sign(message: bytes, at: datetime) -> bytes:
        return signer.sign(message, at=at)

    return sign
