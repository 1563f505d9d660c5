"""The public log as an Atom feed: whoever reads it regularly keeps its hashes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedhub.posts.chain import Head, LoggedAct
from feedhub.posts.text import one_line
from feedhub.views.channel import local_time, urn
from feedhub.views.messages import speaker
from feedhub.views.page_log import subject_path
from feedhub.views.page_site import Site

MEDIA_TYPE = "application/atom+xml"


def render_log(site: Site, acts: Sequence[LoggedAct], *, head: Head, begun: datetime) -> bytes:
    """The newest acts, newest first. `begun` is the time of an empty log."""
    say, feed = speaker(site.language), FeedGenerator()
    publisher = one_line(site.publisher.name) or site.public_url
    feed.id(site.public_url + "/log")
    feed.title(f"{say('log_title')}: {publisher}")
    feed.subtitle(f"{say('log_head', number=head.number)} {head.hash}")
    feed.language(site.language)
    feed.generator("FeedHub")
    feed.updated(local_time(acts[0].entry.at if acts else begun, site.zone))
    feed.author({"name": publisher})
    feed.link(rel="self", type=MEDIA_TYPE, href=site.public_url + "/log.atom")
    feed.link(rel="alternate", type="text/html", href=site.url("/log"))
    for act in acts:
        feed.add_entry(_entry(site, act), order="append")
    return bytes(feed.atom_str(pretty=True))


def _entry(site: Site, act: LoggedAct) -> FeedEntry:
    say, written, path = speaker(site.language), act.entry, subject_path(act.entry)
    entry = FeedEntry()
    # The first half of its hash: nothing else has it, and it never changes.
    entry.id(urn(UUID(act.hash[:32])))
    entry.title(f"{say('act_' + written.kind)}: {act.department}")
    entry.updated(local_time(written.at, site.zone))
    entry.content(f"{written.reason}\n\n{say('log_number', number=written.number)}: {act.hash}")
    place = f"/log?before={written.number + 1}"
    entry.link(href=f"{site.url(place)}#entry-{written.number}", rel="alternate")
    if path:
        entry.link(href=site.url(path), rel="related")
    entry.category([{"term": written.kind, "scheme": site.public_url + "/log"}])
    return entry
