"""What people send on of a post: links that open a messenger, and a text for a group in WhatsApp's own marks."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from feedhub.posts.kept import KeptPost, NoticeKind
from feedhub.posts.post import Post
from feedhub.posts.text import one_line, shortened
from feedhub.views.messages import speaker
from feedhub.views.page_posts import ShownPost
from feedhub.views.page_site import Site

# Characters of the post's own words; a title takes its share of a phone's screen too.
LONGEST_TEXT: Final = 600
LONGEST_TITLE: Final = 160
LONGEST_PLACE: Final = 160

# Everything that WhatsApp would make a link of: any scheme, www, and names with a dot in them.
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+|\bwww\.\S+", re.IGNORECASE)
_DOT = re.compile(r"(?<=[^\W\d_])[.\u2024\u3002\uff0e\uff61](?=[^\W_])|(?<=\d)[.\u2024\u3002\uff0e\uff61](?=[^\W\d_])")
# Marks of direction and of nothing at all; ZWJ and ZWNJ make emoji and Persian words.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f]")
_MARKS: Final = str.maketrans({"*": "∗", "~": "∼", "`": "'"})
# Underscores make italics only at the edges of words.
_EDGES = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
# At the start of a line they make lists and quotations.
_LINE_MARKS = "->• "


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Addresses that open only when somebody taps them, and the two texts that can be copied."""

    url: str
    title: str
    whatsapp: str
    telegram: str
    email: str
    group_text: str


def sharing(site: Site, kept: KeptPost, post: Post, shown: ShownPost) -> Sharing:
    """How a live post is sent on."""
    title = plain_line(shown.title, speaker(site.language)("share_link"), LONGEST_TITLE)
    told = quote(f"{title}\n{shown.canonical}", safe="")
    return Sharing(
        url=shown.canonical,
        title=title,
        whatsapp=f"https://wa.me/?text={told}",
        telegram=f"https://t.me/share/url?url={quote(shown.canonical, safe='')}&text={quote(title, safe='')}",
        email=f"mailto:?subject={quote(title, safe='')}&body={told}",
        group_text=group_text(site, kept, post, shown),
    )


def group_text(site: Site, kept: KeptPost, post: Post, shown: ShownPost) -> str:
    """The post as a message: a correction first, a bold title, who and when, a few words, where it is official."""
    say = speaker(site.language)

    def plain(text: str, longest: int) -> str:
        return plain_line(text, say("share_link"), longest)

    lines = []
    if kept.notice is not None and kept.notice.kind is NoticeKind.CORRECTION:
        lines += [f"*{say('share_correction')}:* {plain(kept.notice.reason, LONGEST_TEXT)}", ""]
    lines += [f"*{plain(shown.title, LONGEST_TITLE) or say('no_title')}*"]
    lines += [f"{plain(kept.department.name, LONGEST_TITLE)}, {shown.published.words}", ""]
    if shown.event is not None:
        ends = f" {say('until')} {shown.event.ends.words}" if shown.event.ends else ""
        lines.append(f"{say('event_when')}: {shown.event.starts.words}{ends}")
        if place := plain(shown.event.location or "", LONGEST_PLACE):
            lines.append(f"{say('event_where')}: {place}")
        lines.append("")
    if (text := plain(post.content_text, LONGEST_TEXT)) and text != plain(shown.title, LONGEST_TITLE):
        lines += [text, ""]
    if post.source_url:
        lines.append(f"{say('share_more')}: {shown.canonical}")
    lines.append(f"{say('share_source')}: {post.source_url or shown.canonical}")
    return "\n".join(lines)


def plain_line(text: str, link: str, longest: int) -> str:
    r"""`text` as one line in which no mark of WhatsApp works and no address can be tapped; `link` says where one was.

    >>> plain_line("*GRATIS* buka bit.ly/x atau https://jahat.example/ ~sekarang~", "[tautan]", 100)
    '∗GRATIS∗ buka bit. ly/x atau [tautan] ∼sekarang∼'
    >>> plain_line("> dr.Budi: _tulis_ ke dinkes_kota pukul 08.00", "[tautan]", 100)
    'dr. Budi: tulis ke dinkes_kota pukul 08.00'
    """
    line = _UNSEEN.sub("", one_line(text))
    line = _DOT.sub(". ", _ADDRESS.sub(link, line))
    line = _EDGES.sub("", line.translate(_MARKS))
    return shortened(" ".join(line.lstrip(_LINE_MARKS).split()), longest)
