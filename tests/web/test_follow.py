"""Following, over HTTP."""

from io import BytesIO

import lxml.etree
import pytest
from PIL import Image

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
