"""Fields of JSON that may be missing, null or of another kind than documented: the asked kind, or an empty one."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

_LONGEST = 10**9  # seconds


def record_in(value: object, *names: str) -> dict[str, Any]:
    """The object at the end of these names; empty where anything on the way is no object.

    >>> record_in({"reply": {"parent": {"uri": "at://x"}}}, "reply", "parent")
    {'uri': 'at://x'}
    >>> record_in({"reply": "odd"}, "reply", "parent")
    {}
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def records_in(value: object, name: str) -> list[dict[str, Any]]:
    """The objects in the list of this name.

    >>> records_in({"feed": [{"post": 1}, None, "odd"]}, "feed")
    [{'post': 1}]
    """
    found = value.get(name) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text_in(value: object, name: str) -> str:
    """The text of this name, empty where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def texts_in(value: object, name: str) -> list[str]:
    """The texts in the list of this name."""
    found = value.get(name) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def number_in(value: object, name: str) -> int | None:
    """The whole number of this name.

    >>> number_in({"width": 640, "odd": True}, "width"), number_in({"odd": True}, "odd")
    (640, None)
    """
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def end_in(value: object, name: str, *, now: datetime) -> datetime | None:
    """When what lasts the seconds of this name ends; None where that is no length of time.

    >>> from datetime import UTC
    >>> end_in({"expires_in": 60}, "expires_in", now=datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    '2026-01-01T00:01:00+00:00'
    """
    seconds = number_in(value, name)
    return now + timedelta(seconds=min(seconds, _LONGEST)) if seconds and seconds > 0 else None


def path_of(address: str) -> str:
    """The path of an address, without slashes around it; empty where it is no address.

    >>> path_of("https://t.me/dinkes/7/?single"), path_of("http://[odd/x")
    ('dinkes/7', '')
    """
    try:
        return urlsplit(address).path.strip("/")
    except ValueError:
        return ""
