"""What a query means, and that no query at all breaks anything."""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from feedhub.accounts.account import Platform
from feedhub.accounts.kinds import Kind
from feedhub.errors import QuestionRefused
from feedhub.posts.filters import Filters
from feedhub.posts.post import PostType
from feedhub.web.addresses import feed_address
from feedhub.web.asked import FILTERS, canonical_query
from feedhub.web.cursors import read_cursor, write_cursor
from feedhub.web.moments import read_moment
from feedhub.web.query import read_filters
from web.newsroom import CITY, CLINIC, RESCUE

NAMES = st.sampled_from([*FILTERS, "cursor", "utm_source", "x", ""])
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["dinkes", "dinkes,bpbd", "BERITA", "2026-11-20", "50", "", ",", "+", "%", "&", "=", "\x00"]),
)
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=8)

MEANINGS = {
    "": Filters(),
    "department=dinkes": Filters(departments=("dinkes",)),
    "department=dinas-kesehatan": Filters(departments=("dinkes",)),
    "department=bpbd&department=dinkes": Filters(departments=("bpbd", "dinkes")),
    "department=dinkes,bpbd": Filters(departments=("bpbd", "dinkes")),
    "department=dinas-kesehatan,dinkes": Filters(departments=("dinkes",)),
    "group=Dinas&area=Mayangan": Filters(groups=("Dinas",), areas=("Mayangan",)),
    f"account={CLINIC.id}": Filters(accounts=(CLINIC.id,)),
    f"account={str(RESCUE.id).upper()}": Filters(accounts=(RESCUE.id,)),
    "platform=Mastodon,webfeed": Filters(platforms=(Platform.MASTODON, Platform.WEBFEED)),
    "kind=layanan,service": Filters(kinds=(Kind.SERVICE,)),
    "type=reply": Filters(types=(PostType.REPLY,)),
    "tag=%23imunisasi": Filters(tags=("imunisasi",)),
    "language=id,en-US": Filters(languages=("en-us", "id")),
    "q=%22air+bersih%22+-banjir": Filters(q='"air bersih" -banjir'),
    "since=2026-11-20": Filters(since=datetime(2026, 11, 19, 17, tzinfo=UTC)),
    "until=2026-11-20T08:00:00+07:00": Filters(until=datetime(2026, 11, 20, 1, tzinfo=UTC)),
    "since=1000-01-01&until=9999-12-31": Filters(
        since=datetime(1970, 1, 1, tzinfo=UTC), until=datetime(2248, 1, 1, tzinfo=UTC)
    ),
    "limit=200": Filters(limit=200),
    "limit=&department=&q=+&utm_medium=surat&MC_EID=1": Filters(),
}
REFUSED = {
    "department=dinkez": "department",
    "department=dinkes,nobody": "department",
    "account=1": "account",
    "account=00000000-0000-0000-0000-000000000000": "account",
    "platform=myspace": "platform",
    "kind=gossip": "kind",
    "type=rumour": "type",
    "language=xx": "language",
    "language=english": "language",
    "limit=0": "limit",
    "limit=201": "limit",
    "limit=-1": "limit",
    "limit=ten": "limit",
    "limit=²": "limit",
    "limit=1e1": "limit",
    "limit=10&limit=20": "limit",
    "since=yesterday": "since",
    "until=2026-02-30": "until",
    "since=2026-11-20T08:00:00": "since",
    "order=oldest": "order",
}
MOMENTS = {
    "2026-11-20": datetime(2026, 11, 19, 17, tzinfo=UTC),
    "2026-11-20T08:00:00+07:00": datetime(2026, 11, 20, 1, tzinfo=UTC),
    "2026-11-20 08:00:00+07:00": datetime(2026, 11, 20, 1, tzinfo=UTC),
    "2026-11-20t01:00:00z": datetime(2026, 11, 20, 1, tzinfo=UTC),
    "2026-11-20T01:00:00.999999Z": datetime(2026, 11, 20, 1, tzinfo=UTC),
    "2016-12-31T23:59:60Z": datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC),
    "2026-11-20T08:00:00+0700": datetime(2026, 11, 20, 1, tzinfo=UTC),
    "0001-01-01T00:00:00+14:00": None,
    "2026-11-20T08:00:00+25:00": None,
    "2026-11-20T08:00:00+07:60": None,
    "2026-11-20T24:00:00Z": None,
    "2026-1-2": None,
    "٢٠٢٦-١١-٢٠": None,
    "": None,
}


def meant(query: str) -> Filters:
    return read_filters(QueryParams(canonical_query(query.encode())), CITY, FILTERS)


@pytest.mark.parametrize("query", MEANINGS)
def test_a_query_means_these_filters(query):
    assert meant(query) == MEANINGS[query]


@pytest.mark.parametrize("query", REFUSED)
def test_a_refusal_names_the_parameter(query):
    with pytest.raises(QuestionRefused) as refused:
        meant(query)
    assert refused.value.parameter == REFUSED[query]


@pytest.mark.parametrize("text", MOMENTS)
def test_moments_are_rfc_3339_or_a_date_in_the_publishers_zone(text):
    assert read_moment(text, ZoneInfo("Asia/Jakarta")) == MOMENTS[text]


@given(PAIRS)
def test_a_canonical_query_is_its_own_canonical_form(pairs):
    once = canonical_query(urlencode(pairs).encode())
    assert canonical_query(once.encode()) == once


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_different_parameters_changes_nothing(pairs, chance):
    of_each = {name: [pair for pair in pairs if pair[0] == name] for name, _ in pairs}
    names = list(of_each)
    chance.shuffle(names)
    shuffled = [pair for name in names for pair in of_each[name]]
    assert canonical_query(urlencode(pairs).encode()) == canonical_query(urlencode(shuffled).encode())


@given(st.binary(max_size=200))
def test_any_bytes_have_a_canonical_form_without_control_characters(raw):
    canonical = canonical_query(raw)
    assert canonical.isascii()
    assert not any(code in canonical for code in ("%00", "%0A", "%0D", "%1F", "%7F"))


@given(PAIRS)
def test_any_query_is_answered_or_refused_by_name(pairs):
    try:
        filters = meant(urlencode(pairs))
    except QuestionRefused as refused:
        filters = Filters(limit=len(refused.parameter))  # a name, and not a long one
    assert 1 <= filters.limit <= 200
    assert len(filters.q) <= 256


@given(st.text(max_size=2000))
def test_no_search_is_an_error(text):
    assert len(meant(f"q={quote(text)}").q.split()) <= 16


@given(PAIRS)
def test_a_feeds_address_asks_for_the_same_filters_again(pairs):
    try:
        filters = meant(urlencode(pairs))
    except QuestionRefused:
        return
    path, _, query = feed_address(filters, "rss").partition("?")
    again = meant(query)
    implied = path.split("/")
    if implied[1] == "departments":
        assert again == Filters(limit=filters.limit)
        assert filters.departments == (implied[2],)
    elif implied[1] == "kinds":
        assert filters.kinds == (Kind(implied[2]),)
    else:
        assert again == filters


@given(st.integers(0, 2**63 - 1), st.integers(0, 31), st.integers(0, 255))
def test_a_cursor_is_good_for_its_own_filters_and_whole_only(key, place, change):
    filters = Filters(departments=("dinkes",))
    cursor = write_cursor(key, filters, b"secret")
    assert read_cursor(cursor, Filters(departments=("dinkes",), limit=7), b"secret") == key
    with pytest.raises(QuestionRefused):
        read_cursor(cursor, Filters(departments=("bpbd",)), b"secret")
    with pytest.raises(QuestionRefused):
        read_cursor(cursor, filters, b"another secret")
    changed = cursor[:place] + chr(change) + cursor[place + 1 :]
    if changed != cursor:
        with pytest.raises(QuestionRefused):
            read_cursor(changed, filters, b"secret")


@pytest.mark.parametrize("cursor", ["", "A", "====", "é", "A" * 31, "A" * 33, "A" * 9000, "\ud800"])
def test_what_was_never_a_cursor_is_refused(cursor):
    with pytest.raises(QuestionRefused):
        read_cursor(cursor, Filters(), b"secret")
