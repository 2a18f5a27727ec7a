"""The keys of `delivery.dkim`, loaded once for the length of a command."""

from datetime import datetime

from newsletter.config import Config
from newsletter.ports import SignMessage


def make_sign(config: Config) -> SignMessage:
    """Return what signs messages with every configured key; without one it changes nothing.

    Raises ConfigError for a key that cannot be read or used.
    """
    if not config.delivery.dkim:
        return lambda message, at: message  # noqa: ARG005 - without keys there is nothing to date
    # Late: without keys nobody needs to load the cryptography.
    from newsletter.transports import Signer, load_key  # noqa: PLC0415

    signer = Signer(
        tuple(load_key(one.selector, one.domain, one.key.read()) for one in config.delivery.dkim)
    )

    def sign(message: bytes, at: datetime) -> bytes:
        return signer.sign(message, at=at)

    return sign
