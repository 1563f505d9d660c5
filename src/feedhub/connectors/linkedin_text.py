"""LinkedIn's little text: words, hashtags and mentions in one string, with backslashes before what is meant literally.

learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote

_PIECE: Final = re.compile(
    r"\{hashtag\|(?:\\?#|\\?＃)\|(?P<tag>(?:\\.|[^{}|\\])+)\}"
    r"|@\[(?P<name>(?:\\.|[^\]\\])*)\]\((?P<urn>urn:li:[A-Za-z]+:[^)\s]+)\)"
    r"|\\(?P<literal>[|{}@\[\]()<>#\\*_~])"
    r"|(?P<break>\r?\n)"
    r"|(?P<url>https?://[^\s<>\"\\]+[^\s<>\"\\.,;:!?)])",
)
_ESCAPED: Final = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")
_PLACES: Final = {
    "organization": "https://www.linkedin.com/company/{}",
    "organizationBrand": "https://www.linkedin.com/showcase/{}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LittleText:
    """What it says, as plain text and as HTML, whom it mentions and its hashtags."""

    text: str
    html: str
    mentions: tuple[str, ...]
    tags: tuple[str, ...]


def read_little_text(written: str) -> LittleText:
    r"""The text as people see it.

    >>> read_little_text(r"Pengumuman {hashtag|\#|kota} oleh @[Dinas](urn:li:organization:1) \(penting\)").text
    'Pengumuman #kota oleh Dinas (penting)'
    """
    text, html, at = list[str](), list[str](), 0
    mentions, tags = list[str](), list[str]()
    for piece in _PIECE.finditer(written):
        before, at = written[at : piece.start()], piece.end()
        shown, marked = _piece(piece)
        text += [before, shown]
        html += [escape(before), marked]
        if piece["tag"]:
            tags.append(shown.removeprefix("#"))
        elif piece["name"]:
            mentions.append(shown)
    text.append(written[at:])
    html.append(escape(written[at:]))
    marked_up = "".join(html).replace("<br><br>", "</p><p>")
    return LittleText(
        text="".join(text),
        html=f"<p>{marked_up}</p>" if written.strip() else "",
        mentions=tuple(mentions),
        tags=tuple(tags),
    )


def _piece(piece: re.Match[str]) -> tuple[str, str]:
    """How one piece looks as text and as HTML."""
    if piece["tag"]:
        tag = _ESCAPED.sub(r"\1", piece["tag"])
        return f"#{tag}", escape(f"#{tag}")
    if piece["urn"]:
        name, (kind, _, id) = _ESCAPED.sub(r"\1", piece["name"]), piece["urn"].removeprefix("urn:li:").partition(":")
        place = _PLACES.get(kind)
        return name, _link(place.format(quote(id, safe="")), name) if place else escape(name)
    if piece["break"]:
        return "\n", "<br>"
    if piece["url"]:
        return piece["url"], _link(piece["url"], piece["url"])
    return piece["literal"], escape(piece["literal"])


def _link(address: str, shown: str) -> str:
    return f'<a href="{escape(address)}">{escape(shown)}</a>'
