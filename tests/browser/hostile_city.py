"""A city that says every vector: its register, its posts and its visits, through the doors that all of them pass."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from browser.hostile_vectors import OF_REGISTER, Said, Vector
from browser.served_city import _keep, _stand_beside
from feedhub.accounts.account import Account, Department, Platform, Publisher, Register
from feedhub.accounts.kinds import Kind
from feedhub.accounts.register_export import write_register
from feedhub.accounts.register_file import read_register
from feedhub.posts.decisions import post_id
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.normal import native_identity, normal_post
from feedhub.posts.post import Event, Media, MediaType, Place, Poll, Post
from feedhub.posts.text import one_line
from feedhub.store.desk import withdraw_post
from feedhub.store.register_keeping import import_register
from feedhub.store.session import Store, WriteSession, open_store
from feedhub.store.times import to_ms
from feedhub.store.visits import VisitEnd, end_visit

TOGETHER = 50  # hostile posts of one account
EVERY = 3  # the second of so many posts of an account is hostile
TAG = "uji"  # on hostile posts alone
HIT = "hujan"  # in the text of all
KINDS = (Kind.EMERGENCY, Kind.EVENT)  # so that every layout shows them
ORDINARY = "biasa"


def speaker(number: int) -> Account:
    """The account that says the vectors of batch `number`; 0 says nothing hostile."""
    return Account(
        key=f"tester:{number}", platform=Platform.WEBFEED, department=ORDINARY, url=f"https://a{number}.example/feed"
    )


TAKING_BACK = speaker(9_999)  # it says what is withdrawn, each with a hostile reason


def batches(found: Sequence[Vector]) -> list[tuple[Vector, ...]]:
    """What posts say, an account's share each; batch 0 of the accounts is the ordinary one and not here."""
    said = [one for one in found if one.where not in {*OF_REGISTER, Said.WITHDRAWAL}]
    return _shares(said, TOGETHER)


def _shares(said: Sequence[Vector], most: int) -> list[tuple[Vector, ...]]:
    return [tuple(said[place : place + most]) for place in range(0, len(said), most)]


def hostile_id(vector: Vector, number: int) -> str:
    """The id of the post that says `vector` in batch `number`."""
    return str(post_id(speaker(number).id, _native_id(vector)))


def taken_id(vector: Vector) -> UUID:
    """The id of the post that was taken back for what `vector` says."""
    return post_id(TAKING_BACK.id, _native_id(vector))


def posts_of(said: Sequence[Vector], now: datetime) -> list[Post]:
    """An account's posts, newest first: hostile the second of every three, ordinary where `said` has ended."""
    posts = []
    for place in range(TOGETHER * EVERY):
        at = now - timedelta(minutes=place)
        turn = place // EVERY
        is_hostile = place % EVERY == 1 and turn < len(said)
        posts.append(_hostile(said[turn], at) if is_hostile else _ordinary(place, at))
    return posts


def _native_id(vector: Vector) -> str:
    return native_identity(vector.said) if vector.where is Said.NATIVE_ID else f"v{vector.number}"


def _said(place: int, at: datetime) -> dict[str, object]:
    return {
        "native_id": f"p{place}",
        "title": f"Kabar nomor {place} untuk warga",
        "source_url": f"https://a.example/{place}",
        "language": "id",
        "published_at": at,
        "event": Event(starts_at=at + timedelta(days=5), location="Balai Kota", name=f"Acara {place}"),
    }


def _ordinary(place: int, at: datetime) -> Post:
    text = f"Hari {place} turun hujan di kota. " + "Petugas berjaga di tepi sungai. " * (place % 4)
    return replace(normal_post(**_said(place, at), text=text), kinds=KINDS)


def _hostile(vector: Vector, at: datetime) -> Post:
    fields: dict[str, object] = {
        **_said(vector.number, at),
        "native_id": _native_id(vector),
        "text": f"Kabar dengan {HIT}.",
        "tags": (TAG,),
    }
    fields |= _where(vector, fields)
    return replace(normal_post(**fields), kinds=KINDS)


def _where(vector: Vector, fields: dict[str, object]) -> dict[str, object]:
    """The fields of a post that say the vector."""
    said, event = vector.said, fields["event"]
    url = f"https://pictures.example/{vector.number}.jpg"
    image = Media(type=MediaType.IMAGE, url=url, width=100_000, height=100_000)
    paper = replace(image, url=f"{url}?2", type=MediaType.DOCUMENT)
    film = replace(image, type=MediaType.VIDEO, mime_type="video/mp4")
    places: dict[Said, dict[str, object]] = {
        Said.HTML: {"html": said, "text": None, "base": "https://a.example/"},
        Said.TITLE: {"title": said},
        Said.TEXT: {"text": f"{said} {HIT}"},
        Said.SUMMARY: {"summary": f"{said} {HIT}"},
        Said.LANGUAGE: {"language": said},
        Said.TAG: {"tags": (TAG, said), "text": f"#{said}"},
        Said.ALT: {"media": (replace(image, alt=said), replace(paper, alt=said))},
        Said.MIME: {"media": (replace(paper, mime_type=said),)},
        Said.MEDIA: {"media": (replace(image, url=said), replace(film, url=said))},
        Said.PREVIEW: {"media": (replace(film, preview_url=said),)},
        Said.OPTION: {"poll": Poll(options=(said, "ya"))},
        Said.EVENT_NAME: {"event": replace(event, name=said)},
        Said.EVENT_PLACE: {"event": replace(event, location=said)},
        Said.PLACE: {"place": Place(name=said, latitude=-7.0, longitude=112.0)},
        Said.MENTION: {"mentions": (said,)},
        Said.SOURCE: {"source_url": said},
        Said.LINK: {"links": (said,)},
        Said.REPLY: {"in_reply_to": said, "thread": said},
    }
    return places.get(vector.where, {})


# --- the register ---------------------------------------------------------------------------------------------------


def hostile_register(found: Sequence[Vector]) -> Register:
    """A city of ordinary accounts, and one department for each share of what registers and visits say."""
    ordinary = Department(slug=ORDINARY, name="Dinas Biasa", short_name="Biasa")
    accounts = [speaker(number) for number in range(len(batches(found)) + 1)]
    shares = _shares([one for one in found if one.where in OF_REGISTER], len(OF_REGISTER))
    strange = [
        _department(place, {one.where: _writable(one.said) for one in share}) for place, share in enumerate(shares)
    ]
    register = Register(
        publisher=Publisher(name="Kota Uji"),
        departments=(ordinary, *(department for department, _ in strange)),
        accounts=(*accounts, TAKING_BACK, *(account for _, account in strange)),
    )
    # Through the file, which is the one door of a register.
    return read_register(write_register(register), name="register.toml")


def _department(place: int, said: dict[Said, str]) -> tuple[Department, Account]:
    slug = f"aneh-{place}"
    department = Department(
        slug=slug,
        name=said[Said.DEPARTMENT],
        short_name=said[Said.SHORT_NAME],
        group=said[Said.GROUP],
        area=said[Said.AREA],
    )
    account = Account(
        key=slug,
        platform=Platform.WEBFEED,
        department=slug,
        url=f"https://{slug}.example/feed",
        handle=said[Said.HANDLE],
        verified_at=date(2026, 11, 1),
        evidence=said[Said.EVIDENCE],
    )
    return department, account


def _writable(text: str) -> str:
    """What a register file can hold at all."""
    return one_line(text)[:2_000].strip() or "x"


# --- the store ------------------------------------------------------------------------------------------------------


def fill(database_url: str, found: Sequence[Vector], now: datetime) -> None:
    """Keep everything in a database that is migrated and empty."""
    asyncio.run(_fill(open_store(database_url), found, now))


async def _fill(store: Store, found: Sequence[Vector], now: datetime) -> None:
    register = hostile_register(found)
    await store.write(import_register, register, retire_missing=False, at=to_ms(now))
    for number, said in enumerate(((), *batches(found))):
        await store.write(_keep, speaker(number), posts_of(said, now), now)
        await store.write(_correct, number, said, now)
    await store.write(_take_back, [one for one in found if one.where is Said.WITHDRAWAL], now)
    failures = [one for one in found if one.where is Said.FAILURE]
    strange = [one for one in register.accounts if one.department != ORDINARY]
    for account, failure in zip(strange, failures, strict=True):
        await store.write(_keep, account, [_ordinary(0, now - timedelta(hours=5))], now)
        await store.write(end_visit, _end(account, failure.said, now))
    await store.close()


def _correct(session: WriteSession, number: int, said: Sequence[Vector], now: datetime) -> None:
    for vector in said:
        if vector.where is Said.NOTICE:
            notice = Notice(kind=NoticeKind.CORRECTION, reason=one_line(vector.said), at=now)
            _stand_beside(session, post_id(speaker(number).id, _native_id(vector)), notice)


def _take_back(session: WriteSession, said: Sequence[Vector], now: datetime) -> None:
    posts = [_hostile(vector, now) for vector in said]
    _keep(session, TAKING_BACK, posts, now)
    for vector in said:
        notice = Notice(kind=NoticeKind.WITHDRAWAL, reason=one_line(vector.said) or "x", at=now)
        withdraw_post(session, taken_id(vector), notice=notice)


def _end(account: Account, answer: str, now: datetime) -> VisitEnd:
    return VisitEnd(
        account=account.id,
        cursor={},
        outcome="server_error",
        reason=f"{account.url} answered 500: {answer}",
        remedy=answer[:300],
        failures=3,
        at=now,
        next_visit_at=now + timedelta(hours=1),
        planned=0,
    )
