"""OPML 2.0: every department's feed, to be imported into a reader at once."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from lxml.etree import Element, SubElement, tostring

from feedhub.accounts.account import Department, Publisher
from feedhub.views.channel import local_time

MEDIA_TYPE = "text/x-opml"


def render_opml(
    publisher: Publisher, departments: Iterable[Department], *, public_url: str, updated_at: datetime
) -> bytes:
    """Departments by group, then by name; those without a group stand first, at the top level."""
    opml = Element("opml", version="2.0")
    head = SubElement(opml, "head")
    SubElement(head, "title").text = publisher.name
    SubElement(head, "dateModified").text = format_datetime(local_time(updated_at, ZoneInfo(publisher.time_zone)))
    SubElement(head, "ownerName").text = publisher.name
    SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    body = SubElement(opml, "body")
    in_order = sorted(departments, key=lambda department: (_group(department), department.name, department.slug))
    for group, members in groupby(in_order, key=_group):
        parent = SubElement(body, "outline", text=group, title=group) if group else body
        for department in members:
            SubElement(parent, "outline", _outline(department, publisher, public_url))
    return tostring(opml, pretty_print=True, encoding="UTF-8", xml_declaration=True)


def _group(department: Department) -> str:
    return department.group or ""


def _outline(department: Department, publisher: Publisher, public_url: str) -> dict[str, str]:
    page = f"{public_url}/departments/{department.slug}"
    return {
        "text": department.name,
        "title": department.name,
        "type": "rss",
        "xmlUrl": f"{page}/feed.rss",
        "htmlUrl": page,
        "language": publisher.language,
    }
