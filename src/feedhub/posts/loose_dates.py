"""Dates as people and old programs write them: RFC 822 with all its freedoms, and Indonesian ones."""

import re
from datetime import date, datetime, tzinfo

from feedhub.posts.date_parts import (
    INDONESIAN,
    MONTHS,
    NOISE,
    WEEKDAYS,
    Clock,
    microseconds,
    moment,
    whole_year,
    zone_of,
)

_COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_COMMENT_DEPTH = 4
_SPACE = re.compile(r"[\s|•·–—]+|(?<=\s)-(?=\s)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
# A weekday in a language that we don't know: any first word before a comma.
_FIRST_WORD = re.compile(r"\s*([^\W\d_]{2,12})\.?\s*,")
_COLON_TIME = re.compile(
    r"(?<![\d:.])(\d{1,2})\s*:\s*(\d\d)(?:\s*:\s*(\d\d)(?:[.,](\d+))?)?(?![\d:])(?:\s*([ap])\.?m\b\.?)?",
    re.ASCII | re.IGNORECASE,
)
_DOT_TIME = re.compile(
    r"(?<![\d:./-])(\d{1,2})\.([0-5]\d)(?:\.([0-5]\d))?(?![\d:./-])(?:\s*([ap])\.?m\b\.?)?", re.ASCII | re.IGNORECASE
)
_HOUR_ALONE = re.compile(r"\b(?:pukul|pkl\.?|jam)\s*(\d{1,2})\b(?![:.]\d)", re.ASCII | re.IGNORECASE)
# "@" marks where the time stood: only there is `+7` an offset and `A` or `XYZ` a zone.
_OFFSET = re.compile(
    r"(?:@\s*,?\s*|(?=(?:gmt|utc)\b))((?:gmt|utc|ut|z)?\s*[+-]\d{1,2}(?::?\d\d)?)(?![\d:.])", re.ASCII | re.IGNORECASE
)
_SHORT_ZONE = re.compile(r"@\s*([A-Zz])\b(?!\.)", re.ASCII)
_UNKNOWN_ZONE = re.compile(r"@\s*(?!PAGI|SIANG|SORE|MALAM)([A-Z]{3,5})\b", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+\.?")

_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.,\s]*m(\d\d)[-/.,\s]*(\d{2,4})", re.ASCII)
_MONTH_DAY_YEAR = re.compile(r"m(\d\d)[-/.\s]*(\d{1,2})[-/.,\s]+(\d{4})", re.ASCII)
_YEAR_MONTH_DAY = re.compile(r"(\d{4})(?:[-/.\s]*m|[-/.])(\d{1,2})[-/.,\s]+(\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)", re.ASCII)


def loose_date(text: str, zone: tzinfo) -> datetime | None:
    """The instant that `text` names in any of the wild forms; `zone` where it names none.

    What is known is taken out piece by piece (time, zone, weekday, month); anything left
    over beside the date means that the text says more than we understand: None.

    Raises:
        ValueError: the text has such a form, but there is no such instant.
    """
    rest, comments = _without_comments(text)
    rest = _ORDINAL.sub("", _SPACE.sub(" ", rest))
    rest, clock = _cut_time(rest)
    rest, zones = _cut_zones(rest)
    reading = _read_words(_without_foreign_weekday(rest), zones)
    if reading is None:
        return None
    rest, is_indonesian = reading
    day = _day(rest, is_indonesian=is_indonesian)
    if day is None or len(set(zones)) > 1:
        return None
    # `10:00 (WIB)`: a comment names the zone where nothing else does.
    named = zones or [found for found in map(zone_of, comments) if found]
    return moment(day, clock or Clock(), named[0] if named else zone)


def _without_comments(text: str) -> tuple[str, list[str]]:
    comments: list[str] = []
    for _ in range(_COMMENT_DEPTH):
        found = _COMMENT.findall(text)
        if not found:
            break
        comments += [comment.strip() for comment in found]
        text = _COMMENT.sub(" ", text)
    return text, comments


def _cut_time(text: str) -> tuple[str, Clock | None]:
    """The text with "@" where its time stood, and the time."""
    if found := _COLON_TIME.search(text):
        hour, minute, second, fraction, half = found.groups()
    elif found := _DOT_TIME.search(text):
        hour, minute, second, half = found.groups()
        fraction = None
    elif found := _HOUR_ALONE.search(text):
        hour, minute, second, fraction, half = found[1], "0", None, None, None
    else:
        return text, None
    clock = Clock(_hour(int(hour), half), int(minute), int(second or 0), microseconds(fraction or "0"))
    return f"{text[: found.start()]} @ {text[found.end() :]}", clock


def _hour(hour: int, half: str | None) -> int:
    """The hour of 24; `half` is the letter of am or pm."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004  hours on a dial
        raise ValueError(hour)
    return hour % 12 + (12 if half in "pP" else 0)


def _cut_zones(text: str) -> tuple[str, list[tzinfo]]:
    """The text without the zones that stand beside the time, and those zones."""
    for pattern in (_OFFSET, _SHORT_ZONE):
        if (found := pattern.search(text)) and (zone := zone_of(found[1].replace(" ", ""))):
            return f"{text[: found.start()]} {text[found.end() :]}", [zone]
    # RFC 2822 section 4.3: an alphabetic zone that nobody knows says nothing.
    if (found := _UNKNOWN_ZONE.search(text)) and not _is_known(found[1]):
        text = f"{text[: found.start()]} {text[found.end() :]}"
    return text, []


def _without_foreign_weekday(text: str) -> str:
    found = _FIRST_WORD.match(text)
    return text[found.end() :] if found and not _is_known(found[1]) else text


def _is_known(word: str) -> bool:
    word = word.lower()
    return word in WEEKDAYS or word in MONTHS or word in NOISE or zone_of(word) is not None


def _read_words(text: str, zones: list[tzinfo]) -> tuple[str, bool] | None:
    """The text with months as `m08` and without other words; whether it is Indonesian.

    Zones found are added to `zones`. None when a word is unknown.
    """
    is_indonesian = False
    pieces: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        word = found[0].rstrip(".").lower()
        pieces.append(text[end : found.start()])
        end = found.end()
        is_indonesian |= word in INDONESIAN
        if month := MONTHS.get(word):
            pieces.append(f"m{month:02}")
        elif zone := zone_of(word) if len(word) > 1 else None:
            zones.append(zone)
        elif word not in WEEKDAYS and word not in NOISE:
            return None
    pieces.append(text[end:])
    return "".join(pieces).replace("@", " ").strip(" ,.-"), is_indonesian


def _day(text: str, *, is_indonesian: bool) -> date | None:
    if found := _DAY_MONTH_YEAR.fullmatch(text):
        return date(whole_year(found[3]), int(found[2]), int(found[1]))
    if found := _MONTH_DAY_YEAR.fullmatch(text):
        return date(int(found[3]), int(found[1]), int(found[2]))
    if found := _YEAR_MONTH_DAY.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(text):
        return _numeric_day(int(found[1]), int(found[3]), found[4], is_indonesian=is_indonesian)
    return None


def _numeric_day(first: int, second: int, year: str, *, is_indonesian: bool) -> date | None:
    """`06/08/2025` is a day only where it can't be read in two ways; a two-digit year only in Indonesian."""
    if len(year) == 2 and not is_indonesian:  # noqa: PLR2004  digits
        return None
    if second > 12:  # noqa: PLR2004  months
        return date(whole_year(year), first, second)
    if first > 12 or first == second or is_indonesian:  # noqa: PLR2004  months
        return date(whole_year(year), second, first)
    return None
