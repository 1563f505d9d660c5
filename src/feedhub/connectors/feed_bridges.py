"""What a broken bridge (RSS-Bridge, RSSHub) says instead of posts, so that nobody takes it for one."""

import re

from feedhub.failures import BridgeBroken
from feedhub.payloads.payload import Payload

# RSS-Bridge, output = "feed": an item that tells of its fault, with status 200.
_ERROR_TITLE = re.compile(
    rb"(?:<title\b[^<>]{0,99}>\s*(?:<!\[CDATA\[)?|\"title\"\s*:\s*\")\s*"
    rb"(?P<said>Bridge (?:returned error [^\s!]{1,9}|encountered an unexpected situation))[! (]"
)
# The pages of both, whatever their status.
_RSSHUB_PAGE = re.compile(rb"Looks like something went wrong|Error message:|Route requested:", re.IGNORECASE)
_RSS_BRIDGE_PAGE = re.compile(rb"exception-message|Bridge returned error|Uncaught (?:Exception|Error)|error-message")
_MAKER = re.compile(
    rb"<generator[^<>]{0,99}>\s*(?:RSSHub|RSS-Bridge)|Powered by RSSHub|Made with love by RSSHub"
    rb"|<name>\s*RSS-Bridge\s*</name>|github\.com\\?/RSS-Bridge\\?/rss-bridge",
    re.IGNORECASE,
)
_LOOKED_AT = 16 * 1024


def without_error_items(payloads: tuple[Payload, ...]) -> tuple[tuple[Payload, ...], tuple[str, ...]]:
    """A feed's items without those by which a bridge tells of its own faults, and what to note of that.

    Raises:
        BridgeBroken: it holds nothing else.
    """
    faults = [_fault_in(payload.body) for payload in payloads]
    if not any(faults):
        return payloads, ()
    posts = tuple(payload for payload, fault in zip(payloads, faults, strict=True) if fault is None)
    said = next(fault for fault in faults if fault)
    if not posts:
        raise BridgeBroken(f"The bridge could not read the account; it says: {said}.")
    left_out = len(faults) - len(posts)
    note = f"The bridge is partly broken: {left_out} of its items only {'says' if left_out == 1 else 'say'} {said!r}."
    return posts, (note,)


def broken_bridge(page: bytes) -> BridgeBroken | None:
    """What the error page of a bridge means; None for any other page.

    >>> broken_bridge(b"<h1>Looks like something went wrong</h1><a>report to RSSHub</a>").reason
    'RSSHub could not read the account; it answers with its error page.'
    """
    page = page[:_LOOKED_AT]
    lower = page.lower()
    for name, mark, signs in (("RSSHub", b"rsshub", _RSSHUB_PAGE), ("RSS-Bridge", b"rss-bridge", _RSS_BRIDGE_PAGE)):
        if mark in lower and signs.search(page):
            return BridgeBroken(f"{name} could not read the account; it answers with its error page.")
    return None


def is_bridge(feed: bytes) -> bool:
    """Whether a feed says in its head that a bridge made it."""
    return _MAKER.search(feed[:_LOOKED_AT]) is not None


def _fault_in(body: bytes) -> str | None:
    if b"Bridge " not in body:  # nearly every item of every feed: keep it cheap
        return None
    found = _ERROR_TITLE.search(body)
    return found["said"].decode("utf-8", "replace") if found else None
