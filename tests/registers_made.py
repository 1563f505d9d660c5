"""Registers that nobody would think of, for tests of properties."""

from dataclasses import replace
from zoneinfo import available_timezones

from hypothesis import strategies as st

from feedhub.accounts.account import Account, AccountStatus, Department, Platform, Publisher, Register, Via
from feedhub.accounts.account_keys import default_key
from feedhub.accounts.kinds import Kind, KindRule

# What a register can hold: NFC, no white space around, nothing that can't be shown.
texts = st.text(st.sampled_from("aB1 é\"'\\#=[]{},.-@漢😀\N{CYRILLIC SMALL LETTER ZHE}"), min_size=1, max_size=12).map(
    lambda text: f"x{text}y"
)
slugs = st.sampled_from(["a", "b", "c", "a-b", "a1", "1", "b--c"])
urls = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["a.example", "www.a.example", "b.example"]),
    st.sampled_from(["", ":8080"]),
    st.sampled_from(["", "/", "/a", "/a/", "/b"]),
    st.sampled_from(["", "?a=1"]),
)
handles = st.sampled_from(["a", "@a", "A", "b", "@b@c.example"])
days = st.dates()


def maybe(strategy):
    return st.none() | strategy


def tuples(strategy):
    return st.lists(strategy, max_size=3, unique=True).map(tuple)


@st.composite
def accounts(draw, department):
    platform = draw(st.sampled_from([Platform.WEBFEED, Platform.INSTAGRAM, Platform.X, Platform.MASTODON]))
    url = draw(urls if platform is Platform.WEBFEED else maybe(urls))
    handle = draw(maybe(handles) if url else handles)
    via = draw(maybe(st.sampled_from(Via)))
    # A bridge is never official, and never speaks of an emergency.
    is_bridge = via is Via.BRIDGE
    verified_at = None if is_bridge else draw(maybe(days))
    return Account(
        key=draw(st.just(default_key(platform, url, handle)) | st.sampled_from(["k:1", "k:2", "k:3"])),
        platform=platform,
        department=department,
        url=url,
        handle=handle,
        via=via,
        kind=draw(maybe(st.sampled_from([kind for kind in Kind if not (is_bridge and kind is Kind.EMERGENCY)]))),
        verified_at=verified_at,
        evidence=draw(texts) if verified_at else None,
    )


departments = st.builds(
    Department,
    slug=slugs,
    name=texts,
    short_name=maybe(texts),
    url=maybe(urls),
    email=maybe(st.just("a@b.example")),
    phone=maybe(texts),
    group=maybe(texts),
    area=maybe(texts),
    formerly=tuples(slugs),
    contacts=tuples(texts),
)
publishers = st.builds(
    Publisher,
    name=texts,
    language=st.sampled_from(["id", "jv", "en-GB", "zh-Hant-TW"]),
    time_zone=st.sampled_from(sorted(available_timezones())),
    license=maybe(urls),
    url=maybe(urls),
)
kind_rules = st.builds(KindRule, kind=st.sampled_from(Kind), words=tuples(texts), tags=tuples(texts))


@st.composite
def registers(draw):
    """A register that a file could say."""
    found = draw(st.lists(departments, max_size=4, unique_by=lambda department: department.slug))
    taken = {department.slug for department in found}
    alone, own = [], {}
    for department in found:
        formerly = tuple(sorted(set(department.formerly) - taken))
        taken |= set(formerly)
        alone.append(replace(department, formerly=formerly))
        for account in draw(st.lists(accounts(department.slug), max_size=3)):
            own.setdefault(account.key, account)
    return Register(
        publisher=draw(publishers),
        kinds=draw(tuples(kind_rules)),
        departments=tuple(alone),
        accounts=tuple(own.values()),
    )


@st.composite
def kept_registers(draw):
    """A register as the store has it: some accounts paused, stopped or retired."""
    register = draw(registers())
    statuses = st.sampled_from(AccountStatus)
    return replace(register, accounts=tuple(replace(each, status=draw(statuses)) for each in register.accounts))
