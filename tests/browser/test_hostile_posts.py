"""Posts, accounts and servers that mean harm: nothing of theirs runs, loads or moves, and no other card's box changes."""

import asyncio
from collections import Counter
from itertools import count
from urllib.parse import quote

import httpx
import pytest

from browser.host_site import HostPage, host_site
from browser.hostile_boxes import differences, measured
from browser.hostile_city import EVERY, HIT, TAG, TOGETHER
from browser.hostile_site import hostile_site
from browser.hostile_watch import provoke, watching
from browser.inventory import LAYOUTS
from browser.visits import tell

LEAST = 2_000
LEAST_SHARE = 0.25  # of the scripts in pages that clean nothing
WIDTHS = (1280, 360)
TABS = 2
PARTS = 12
CONTROLS = 50  # careless pages looked at together
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999" onload="marked(-1)"><script>marked(-1)</script><rect width="99999" height="99999"/></svg>'

ELEMENTS = "document.querySelectorAll('feedhub-feed').length && [...document.querySelectorAll('feedhub-feed')].every(e => e.shadowRoot?.querySelector('section .end, section .state, article'))"
HOST = '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Situs</title>{head}</head><body>{body}</body></html>'
STRETCHED = {"grid", "list"}  # layouts whose cards share the height of a row, or what was reserved for all


@pytest.fixture(scope="module")
def hostile(sqlite_template, tmp_path_factory):
    with hostile_site(sqlite_template, tmp_path_factory.mktemp("hostile")) as site:
        yield site


@pytest.fixture
def host():
    with host_site() as site:
        yield site


async def in_tabs(context, things, act):
    """`act` on every thing, in several tabs."""
    waiting = list(reversed(things))

    async def work():
        tab = await context.new_page()
        while waiting:
            await act(tab, waiting.pop())
        await tab.close()

    await asyncio.gather(*(work() for _ in range(TABS)))


async def provoked(chromium, addresses, *own, until="", width=1280):
    """Every address opened and provoked; what was done in all of them."""
    async with watching(chromium, *own, width=width) as (context, done):
        await in_tabs(context, addresses, lambda tab, address: provoke(tab, done, address, until=until))
    return done


def numbers_of(hostile):
    return range(1, len(hostile.batches) + 1)


def said_in(hostile):
    return sum(map(len, hostile.batches))


def test_vectors_are_many_and_none_is_twice_the_same(hostile):
    assert len({(one.where, one.said) for one in hostile.vectors}) == len(hostile.vectors) >= LEAST
    said = Counter(one.where for one in hostile.vectors)
    scripts = sum(one.runs for one in hostile.vectors)
    tell(f"hostile: {len(hostile.vectors)} vectors in {len(said)} places, {scripts} of them scripts")


async def test_nothing_of_a_post_runs_on_its_own_page(chromium, hostile):
    addresses = [f"{hostile.bare}/together/{number}" for number in numbers_of(hostile)]
    done = await provoked(chromium, addresses, hostile.bare, hostile.url)
    assert not done.faults, done.faults[:20]
    tell(f"hostile: {said_in(hostile)} posts on their own pages without a policy: 0 ran")


async def test_nothing_of_a_post_runs_in_lists_or_moves_another_card(chromium, hostile):
    async with watching(chromium, hostile.bare, hostile.url) as (context, done):
        held = await boxes_held(
            context, hostile, ["{}/accounts/{}?limit=" + str(TOGETHER * EVERY)], numbers_of(hostile), done
        )
    assert not done.faults, done.faults[:20]
    tell(f"hostile: {said_in(hostile)} posts in lists without a policy: 0 ran; {held} boxes at {WIDTHS} px held")


@pytest.mark.parametrize(
    "path",
    [
        "{}/?limit=150&account={}",
        "{}/search?limit=150&q=kabar&account={}",  # a word of every post
        *("{}/embed?limit=50&layout=" + layout + "&account={}" for layout in LAYOUTS),
    ],
)
@pytest.mark.parametrize("step", [43, pytest.param(1, marks=pytest.mark.long)])
async def test_hostile_posts_move_no_other_card_in_any_list(chromium, hostile, path, step):
    async with watching(chromium, hostile.bare, hostile.url) as (context, done):
        held = await boxes_held(
            context,
            hostile,
            [path],
            numbers_of(hostile)[step // 2 :: step],
            done,
            has_rows="embed" not in path or "grid" in path,
        )
    assert not done.faults, done.faults[:20]
    tell(f"hostile: {path.format('', 'X')}: {held} boxes held")


@pytest.mark.parametrize("step", [25, pytest.param(1, marks=pytest.mark.long)])
async def test_huge_missing_and_wrong_pictures_move_no_other_card(chromium, hostile, step):
    async def answer(route):
        turn = sum(route.request.url.encode()) % 4
        kinds = (
            {"status": 404},
            {"body": "<script>marked(-1)</script>", "content_type": "text/html"},
            {"body": SVG, "content_type": "image/svg+xml"},
        )
        await (route.abort() if turn == 3 else route.fulfill(**kinds[turn]))

    async with watching(chromium, "http") as (context, done):
        await context.route(lambda url: not url.startswith(hostile.pictured), answer)
        paths = ["{}/accounts/{}?limit=" + str(TOGETHER * EVERY)]
        held = await boxes_held(
            context, hostile, paths, numbers_of(hostile)[step // 2 :: step], done, origin=hostile.pictured
        )
    assert not done.faults, done.faults[:20]
    tell(f"hostile: {held} boxes held beside the platforms' own pictures: huge, missing, of a wrong type")


async def boxes_held(context, hostile, paths, numbers, done, *, has_rows=False, origin=None):
    """How many boxes are those of a list that holds nothing hostile; what is provoked on the way goes to `done`."""
    boxes, told = count(), []
    tab = await context.new_page()
    for path in paths:
        usual = await _boxes(tab, path.format(origin or hostile.bare, hostile.account(0)), [])
        assert all(one.boxes and not differences(one, one) for one in usual), "the list of ordinary posts is broken"

        async def look(tab, number, path=path, usual=usual):
            address = path.format(origin or hostile.bare, hostile.account(number))
            found = await _boxes(tab, address, hostile.ids(number))
            for width, one, was in zip(WIDTHS, found, usual, strict=True):
                told.extend(f"{said} ({width} px, {address})" for said in differences(one, was, has_rows=has_rows))
                [next(boxes) for _ in one.boxes]
            await provoke(tab, done, address)

        await in_tabs(context, numbers, look)
    assert not told, told[:20]
    return next(boxes)


async def _boxes(tab, address, ids):
    await tab.set_viewport_size({"width": WIDTHS[0], "height": 800})
    await tab.goto(address)
    found = []
    for width in WIDTHS:
        await tab.set_viewport_size({"width": width, "height": 800})
        found += await measured(tab, ids)
    await tab.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return found


def element_page(hostile, number, *, tag=TAG, layouts=LAYOUTS):
    script = f'<script src="{hostile.bare}/widget/v1/feedhub.js"></script>'
    asked = f'account="{hostile.account(number)}" limit="{TOGETHER}"' + (f' tag="{tag}"' if tag else "")
    elements = [f'<feedhub-feed {asked} layout="{layout}"><a href="/">Kabar</a></feedhub-feed>' for layout in layouts]
    return HostPage(html=HOST.format(head=script, body="".join(elements)))


async def test_nothing_of_a_post_runs_in_the_element_on_a_site_without_a_policy(chromium, hostile, host):
    addresses = [host.put(f"/{number}", element_page(hostile, number)) for number in numbers_of(hostile)]
    done = await provoked(chromium, addresses, host.url, hostile.bare, hostile.url, until=ELEMENTS)
    assert not done.faults, done.faults[:20]
    tell(f"hostile: {said_in(hostile)} posts in the element's {len(LAYOUTS)} layouts: 0 ran")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("step", [43, pytest.param(1, marks=pytest.mark.long)])
async def test_hostile_posts_move_no_other_card_of_the_element(chromium, hostile, host, layout, step):
    boxes = count()
    async with watching(chromium, host.url, hostile.bare, hostile.url) as (context, _):

        async def shown(tab, number):
            address = host.put(f"/boxes/{number}", element_page(hostile, number, tag="", layouts=(layout,)))
            found = []
            for width in WIDTHS:
                await tab.set_viewport_size({"width": width, "height": 800})
                await tab.goto(address)
                await tab.wait_for_function(ELEMENTS)
                found += await measured(tab, hostile.ids(number), is_element=True)
            return found

        usual = await shown(await context.new_page(), 0)
        for number in numbers_of(hostile)[step // 2 :: step]:
            for width, one, was in zip(WIDTHS, await shown(context.pages[0], number), usual, strict=True):
                told = differences(one, was, has_rows=layout in STRETCHED)
                assert not told, (width, number, told[:20])
                [next(boxes) for _ in one.boxes]
    tell(f"hostile: {next(boxes)} boxes of the element as {layout} held")


# Of a batch of posts: what is not a list of cards, or marks what was searched for.
OF_POSTS = {
    "home": "/?limit=50&tag={tag}&account={account}",
    "department": "/departments/biasa?limit=50&tag={tag}",
    "search": "/search?limit=50&tag={tag}&account={account}&q={hit}",
    "search-for-a-tag": "/search?limit=50&account={account}&q=script",
    "calendar": "/calendar?account={account}&tag={tag}",
    **{f"embed-{layout}": f"/embed?limit=50&layout={layout}&tag={{tag}}&account={{account}}" for layout in LAYOUTS},
    "atom": "/feed.atom?limit=50&tag={tag}&account={account}",
    "rss": "/feed.rss?limit=50&tag={tag}&account={account}",
}


@pytest.mark.parametrize("surface", OF_POSTS)
@pytest.mark.parametrize("step", [43, pytest.param(1, marks=pytest.mark.long)])
async def test_nothing_of_a_post_runs_elsewhere(chromium, hostile, surface, step):
    numbers = numbers_of(hostile)[step // 2 :: step]
    paths = [OF_POSTS[surface].format(account=hostile.account(number), tag=TAG, hit=HIT) for number in numbers]
    done = await provoked(chromium, [hostile.bare + path for path in paths], hostile.bare, hostile.url)
    assert not done.faults, done.faults[:20]


# What registers, servers and the desk said, on the pages that tell it.
OF_THE_CITY = ("/", "/departments", "/status", "/search", "/follow", "/log", "/corrections", "/widget", "/calendar")
OF_A_DEPARTMENT = (
    "/departments/{slug}",
    "/accounts/{account}",
    "/follow?department={slug}",
    "/status?department={slug}",
)
OF_A_DEPARTMENT += ("/widget?department={slug}", "/embed?department={slug}", "/verify?url=https://{slug}.example/feed")


@pytest.mark.parametrize("step", [35, pytest.param(1, marks=pytest.mark.long)])
async def test_nothing_of_a_register_a_server_or_the_desk_runs(chromium, hostile, step):
    names = [{"slug": slug, "account": account} for slug, account in hostile.strange[::step]]
    paths = [*OF_THE_CITY, *(path.format(**name) for name in names for path in OF_A_DEPARTMENT)]
    paths += [f"/posts/{id}" for id in hostile.withdrawn[::step]]
    done = await provoked(chromium, [hostile.bare + path for path in paths], hostile.bare, hostile.url)
    assert not done.faults, done.faults[:20]
    tell(f"hostile: {len(paths)} pages of a hostile register, servers and desk: 0 ran")


@pytest.mark.parametrize("step", [97, pytest.param(1, marks=pytest.mark.long)])
async def test_nothing_that_is_asked_runs(chromium, hostile, step):
    asked = [quote(one.said.encode("utf-8", "replace")[:900]) for one in hostile.vectors if one.runs][::step]
    paths = [f"/verify?url={said}" for said in asked] + [f"/search?q={said[:200].rpartition('%')[0]}" for said in asked]
    done = await provoked(chromium, [hostile.bare + path for path in paths], hostile.bare, hostile.url)
    assert not done.faults, done.faults[:20]
    tell(f"hostile: {len(paths)} hostile questions to /verify and /search: 0 ran")


@pytest.mark.parametrize("step", [43, pytest.param(1, marks=pytest.mark.long)])
async def test_nothing_runs_in_what_other_sites_take_over(chromium, hostile, host, step):
    addresses = []
    async with httpx.AsyncClient(base_url=hostile.url, timeout=60) as http:
        for number in numbers_of(hostile)[step // 2 :: step]:
            asked = {"account": str(hostile.account(number)), "tag": TAG, "limit": TOGETHER}
            parts = [(await http.get("/fragment", params={**asked, "layout": layout})).text for layout in LAYOUTS]
            for post in hostile.ids(number):
                answer = await http.get("/oembed", params={"url": f"{hostile.url}/posts/{post}"})
                parts.append(answer.json()["html"].replace("<iframe", "<iframe hidden"))
            addresses.append(host.put(f"/taken/{number}", HostPage(html=HOST.format(head="", body="".join(parts)))))
    done = await provoked(chromium, addresses, host.url, hostile.bare, hostile.url)
    assert not done.faults, done.faults[:20]


@pytest.mark.parametrize("step", [43, pytest.param(1, marks=pytest.mark.long)])
async def test_pages_with_their_policy_run_nothing_either(chromium, hostile, step):
    numbers = numbers_of(hostile)[step // 2 :: step]
    paths = [f"/accounts/{hostile.account(number)}?limit=150" for number in numbers]
    paths += [f"/posts/{post}" for number in numbers for post in hostile.ids(number)[::10]]
    done = await provoked(chromium, [hostile.url + path for path in paths], hostile.url)
    assert not done.faults, done.faults[:20]
    tell(f"hostile: {len(paths)} pages with their policy: 0 ran")


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
async def test_scripts_do_run_where_nobody_cleans(chromium, hostile, host, part):
    scripts = [one for one in hostile.vectors if one.runs][part::PARTS]
    async with watching(chromium, hostile.bare) as (context, done):

        async def look(tab, numbers):
            frames = "".join(f'<iframe src="{hostile.bare}/careless/{number}"></iframe>' for number in numbers)
            # Shown by the same origin, so that the frames can be reached.
            page = f"{hostile.bare}/careless?{numbers[0]}"
            await tab.route(
                page, lambda route: route.fulfill(body=HOST.format(head="", body=frames), content_type="text/html")
            )
            await provoke(tab, done, page)

        numbers = [one.number for one in scripts]
        await in_tabs(context, [numbers[at : at + CONTROLS] for at in range(0, len(numbers), CONTROLS)], look)
    ran = {one.number for one in scripts} & done.marks
    assert len(ran) >= LEAST_SHARE * len(scripts), f"{len(ran)} of {len(scripts)}"
    tell(
        f"hostile: control, part {part}: {len(ran)} of {len(scripts)} scripts ran uncleaned ({len(ran) / len(scripts):.0%})"
    )
