"""Following, over HTTP."""

from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import lxml.etree
import pytest
from PIL import Image

from feedhub.store.telegram import keep_channel
from views.page_rules import faults


@pytest.mark.parametrize(
    "target",
    ["/follow", "/follow?department=bpbd&kind=darurat", "/follow?area=Mayangan&server=mastodon.example", "/en/follow"],
)
async def test_page_is_there_for_any_choice(room, target):
    answer = await room.get(target)
    assert answer.status_code == 200
    assert faults(answer.text, host="kabar.example") == []


async def test_nothing_leads_a_browser_away_by_itself(room):
    answer = await room.get("/follow?department=bpbd&server=evil.example")
    assert "location" not in answer.headers
    assert "refresh" not in answer.headers
    assert 'http-equiv="refresh"' not in answer.text


async def test_codes_are_of_our_own_page_alone(room):
    svg = await room.get("/follow/qr.svg?department=dinkes&url=https://evil.example/")
    assert (svg.status_code, svg.headers["content-type"]) == (200, "image/svg+xml")
    title = lxml.etree.fromstring(svg.content).findtext("{*}title")
    assert title == "https://kabar.example/follow?department=dinkes"
    png = await room.get("/follow/qr.png?department=dinkes")
    assert png.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(png.content)).format == "PNG"
    assert (await room.get("/follow/qr.gif")).status_code == 404
    assert (await room.get("/follow/qr.svg?department=nobody")).status_code == 422


async def test_channels_with_a_name_are_shown_as_long_as_posts_stand_there(room):
    for chat in ("@kabarkota", "-1001234567890"):
        at = datetime(2026, 11, 20, tzinfo=UTC)
        kept = await room.store.write(keep_channel, id=uuid4(), chat=chat, department="", filters={}, sealed=b"", at=at)
    page = (await room.get("/follow")).text
    assert "https://t.me/kabarkota" in page
    assert kept.target not in page
