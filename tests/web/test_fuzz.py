"""Whatever is asked, nothing breaks."""

from itertools import cycle
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from web.newsroom import CLINIC

PATHS = (
    "/api/v1/posts",
    "/api/v1/posts.csv",
    "/api/v1/posts.ndjson",
    "/api/v1/departments",
    "/api/v1/accounts",
    "/feed.rss",
    "/feed.atom",
    "/feed.json",
    "/departments/dinkes/feed.rss",
    "/kinds/news/feed.json",
    "/",
    "/search",
    "/departments/dinkes",
    "/embed",
)
KNOWN = [
    "dinkes",
    "bpbd,dinkes",
    "berita",
    str(CLINIC.id),
    "webfeed",
    "original,reply",
    "id",
    "2026-11-20",
    "1",
    "200",
    "title,media",
    "ninjs",
]
HOSTILE = [
    "0001-01-01",
    "9999-12-31T23:59:59-14:00",
    "a AND",
    '"x',
    "*",
    "covid-19",
    "-a -b",
    "NEAR(a b)",
    "x:y",
    "%_\\",
]
HOSTILE += ["\x00", "' OR 1=1 --", "<script>", "٣", "é" * 300, "a," * 300, "😀", "\u202e", "ǅ", "ﬀ", "İ"]
NAMES = st.sampled_from(
    [
        "department",
        "group",
        "area",
        "account",
        "platform",
        "kind",
        "type",
        "tag",
        "language",
        "q",
        "since",
        "until",
        "limit",
        "cursor",
        "before",
        "fields",
        "format",
        "x",
    ]
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(KNOWN + HOSTILE),
)
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=4)
SEGMENTS = st.one_of(st.text(max_size=20), st.sampled_from(["..", ".", "%", "\x00", "feed.rss", "{id}", "😀"]))


async def test_no_query_breaks_anything(newsroom):
    for path, query in zip(cycle(PATHS), drawn(QUERIES), strict=False):
        await asked(newsroom, f"{path}?{urlencode(query)}")


async def test_no_path_breaks_anything(room):
    patterns = ["/{}", "/api/v1/posts/{}", "/api/v1/posts/{}/versions", "/api/v1/accounts/{}", "/departments/{}"]
    patterns += [
        "/departments/{}/feed.rss",
        "/kinds/{}/feed.rss",
        "/feed.{}",
        "/posts/{}",
        "/posts/{}/versions",
        "/schemas/{}.json",
        "/accounts/{}",
        "/static/{}",
    ]
    for pattern, segment in zip(cycle(patterns), drawn(SEGMENTS), strict=False):
        await asked(room, pattern.format(quote(segment, safe="")))


def drawn(strategy: st.SearchStrategy, most: int = 120) -> list:
    """Hypothesis's own choice of odd values: the server runs in an event loop, which `given` can't share."""
    values = []

    @settings(max_examples=most, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(value):
        values.append(value)

    draw()
    return values


async def asked(room, target: str) -> None:
    answer = await room.get(target)
    assert answer.status_code in {200, 308, 404, 410, 414, 422}, target
    assert "traceback" not in answer.text.lower()
