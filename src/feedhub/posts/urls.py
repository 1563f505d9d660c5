"""Addresses that mean the same to us and to a browser."""


def is_safe_url(url: str) -> bool:
    """Whether `url` is http(s) and already in its canonical form (WHATWG URL)."""
    return url.startswith(("http://", "https://"))
