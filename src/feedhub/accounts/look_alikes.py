"""Names that people would take for another: a digit for a letter, a doubled letter, an added word."""

import re
from collections.abc import Iterable
from unicodedata import normalize
from urllib.parse import urlsplit

from feedhub.accounts.account import Account
from feedhub.accounts.recognition import recognised

# Letters of other alphabets that look like ours, and the digits that people write for letters.
_LETTERS = str.maketrans(
    "аеіоорсухѕјԁɡӏһкмнтвαεικνορτυχ0134578",
    "aeioopcyxsjdglhkmntbaeiknoptuxoleastb",
)
# Pairs of letters that look like one.
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_ONE_STROKE = str.maketrans({"i": "l", "|": "l", "9": "g", "6": "g", "q": "g"})
_SEPARATORS = re.compile(r"[\W_]+")
_DOUBLED = re.compile(r"(.)\1+")
_DIGITS = re.compile(r"\d+")
# What impostors add, and what departments seldom do. The short ones count only where they stand apart.
_ADDED = (
    *("official", "oficial", "officiall", "resmi", "asli", "real", "akun", "admin", "care", "center", "centre"),
    *("support", "help", "helpdesk", "bantuan", "layanan", "pengaduan", "hotline", "baru", "backup", "cadangan"),
)
_ADDED_APART = (*_ADDED, "id", "idn", "ofc", "ofcl", "cs", "new", "the", "co", "real")
_SHORTEST = 6  # letters; below that nearly every name is like another
_SHORTEST_SLIP = 8  # for a letter too many, too few, or two that changed places
_OF_NAMES = re.compile(
    r"(?:\.(?:go|co|or|sch|web|my|desa|ac|com|net|org|gov))?\.(?:id|com|net|org|info|site|xyz|online|top|my|gov|io|co)$"
)


def look_alike(name: str, official: Iterable[str]) -> str | None:
    """The first of the `official` names for which people would take `name`; None for one of them, or like none.

    >>> look_alike("dinkes.kotaprobolingg0", ["bpbd.kota", "dinkes.kotaprobolinggo"])
    'dinkes.kotaprobolinggo'
    >>> look_alike("dinsos.kotaprobolinggo", ["dinkes.kotaprobolinggo"])
    """
    official = list(official)
    if any(name.lower() == each.lower() for each in official):
        return None
    return next((each for each in official if is_alike(name, each)), None)


def is_alike(name: str, official: str) -> bool:
    """Whether people would take `name` for `official`, which it is not."""
    first, second = name.lower().lstrip("@"), official.lower().lstrip("@")
    if first == second:
        return False
    if "@" in first or "@" in second:  # the fediverse: the same name on another server
        (user, _, host), (other, _, own) = first.partition("@"), second.partition("@")
        return (user == other and host != own and len(user) >= _SHORTEST) or is_alike(user, other)
    if _are_numbered(first, second):
        return False
    shortest = min(len(_SEPARATORS.sub("", each)) for each in (first, second))
    if shortest < _SHORTEST:
        return False
    whole, other = _skeleton(first), _skeleton(second)
    if whole == other or other in _without_additions(first):
        return True
    # With every letter: bappeda and bapenda are two departments.
    whole, other = _letters(first), _letters(second)
    return min(len(whole), len(other)) >= _SHORTEST_SLIP and _is_one_slip(whole, other)


def shown_name(account: Account) -> str | None:
    """The name by which people know an account: its handle, else what its address says."""
    if account.handle:
        return account.handle
    return name_at(account.url) if account.url else None


def name_at(url: str) -> str | None:
    """The name that an address shows: a handle, or the site's own name.

    >>> name_at("https://www.instagram.com/dinkes.kota/"), name_at("https://dinkes.kota.go.id/feed/")
    ('dinkes.kota', 'dinkes.kota')
    """
    if said := recognised(url):
        return said.handle
    try:
        host = (urlsplit(url if "://" in url else f"https://{url}").hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return _OF_NAMES.sub("", host) or None


def _skeleton(name: str) -> str:
    """What is left of a name once everything is gone that the eye passes over."""
    text = _letters(name).translate(_ONE_STROKE)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return _DOUBLED.sub(r"\1", text)


def _letters(name: str) -> str:
    """Plain letters alone, with those that other alphabets, accents and digits stand for."""
    text = normalize("NFKD", name.lower())
    text = "".join(character for character in text if not 0x300 <= ord(character) < 0x370)  # noqa: PLR2004  # accents
    return _SEPARATORS.sub("", text.translate(_LETTERS))


def _without_additions(name: str) -> set[str]:
    """Skeletons of the name without a word, or without digits, at one end."""
    found: set[str] = set()
    parts = [part for part in _SEPARATORS.split(name) if part]
    while len(parts) > 1:
        if parts[-1] in _ADDED_APART or parts[-1].isdecimal():
            parts.pop()
        elif parts[0] in _ADDED_APART:
            parts.pop(0)
        else:
            break
        found.add(_skeleton("".join(parts)))
    whole = _SEPARATORS.sub("", name)
    found.add(_skeleton(whole.rstrip("0123456789")))
    for word in _ADDED:
        if whole.endswith(word):
            found.add(_skeleton(whole.removesuffix(word)))
        if whole.startswith(word):
            found.add(_skeleton(whole.removeprefix(word)))
    return {each for each in found if len(each) >= _SHORTEST - 1}


def _are_numbered(first: str, second: str) -> bool:
    """Whether both are of one series: sdn1kota, sdn2kota."""
    numbers = _DIGITS.findall(first), _DIGITS.findall(second)
    return numbers[0] != numbers[1] and all(numbers) and _DIGITS.sub("#", first) == _DIGITS.sub("#", second)


def _is_one_slip(first: str, second: str) -> bool:
    """Whether one letter too many, or two letters that changed places, is all the difference.

    Another letter instead is no slip: disdik and disduk are two departments.
    """
    if len(first) < len(second):
        first, second = second, first
    start = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(second))
    if len(first) == len(second) + 1:
        return first[start + 1 :] == second[start:]
    is_swap = len(first) == len(second) and first[start : start + 2] == second[start : start + 2][::-1]
    return is_swap and first[start + 2 :] == second[start + 2 :]
