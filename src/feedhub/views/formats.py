"""The feed formats: one row each, one file each."""

from collections.abc import Callable
from dataclasses import dataclass

from feedhub.views import atom, jsonfeed, rss
from feedhub.views.channel import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a channel is written. `name` is the extension in URLs, `label` the name for people."""

    name: str
    label: str
    media_type: str
    render: Callable[[Channel], bytes]


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(name="rss", label="RSS", media_type=rss.MEDIA_TYPE, render=rss.render_rss),
        Format(name="atom", label="Atom", media_type=atom.MEDIA_TYPE, render=atom.render_atom),
        Format(name="json", label="JSON Feed", media_type=jsonfeed.MEDIA_TYPE, render=jsonfeed.render_jsonfeed),
    )
}
