"""Who may be asked: every address of a host is looked at before one of them is connected to."""

from newsletter.errors import FetchError
from newsletter.rules.fetching import is_public
from newsletter.sources.http.countdown import Countdown, within
from newsletter.sources.http.machine import Resolve


def allowed_addresses(
    host: str, port: int, allow: frozenset[str], resolve: Resolve, countdown: Countdown
) -> tuple[str, ...]:
    """Return the addresses of `host`, looked up once and each of them checked.

    One address that is not public spoils them all: whoever answers with both kinds wants to be
    mistaken. Hosts of `allow` may have any. Raises FetchError, and TimeoutError at the end of
    `countdown`.
    """
    try:
        found = tuple(within(countdown.timeout_s(), lambda: resolve(host, port)))
    except TimeoutError:
        raise
    except (OSError, UnicodeError) as error:
        fact = getattr(error, "strerror", None) or error
        remedy = "look whether the address is right"
        raise FetchError(f"the name has no address ({fact})", remedy=remedy) from error
    private = next((one for one in found if not is_public(one)), None)
    if private and host not in allow:
        message = f"{private} is no public address; name {host} under http.allow if it may be asked"
        raise FetchError(message)
    return found
