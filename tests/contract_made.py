"""The contract as files: the API's description, and one invented document of every kind and form.

`make contract` writes them anew; tests/web/test_contract.py holds them against the code.
"""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from feedhub.accounts.account import Account, Department, Platform, Publisher, Via
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost, Notice, NoticeKind
from feedhub.posts.picture_copies import MadePicture, copies_in, wanted_pictures
from feedhub.posts.post import Event, Media, MediaType, Place, Post, PostStatus, PostType
from feedhub.posts.proofs import ProofKey, thumbprint, written_key
from feedhub.views.api import Fragments, post_json, posts_page
from feedhub.views.api_changes import change_json, changes_page
from feedhub.views.ninjs import ninjs_document
from feedhub.views.post_forms import FORMS, PostsPage
from feedhub.views.proofs import Seal, keys_document
from feedhub.views.versions import versions_page
from feedhub.views.webhooks import EVENTS, challenge_event, change_event, trial_event
from feedhub.web.examples import HERE, REFUSED_EXAMPLE, VERIFY
from feedhub.web.openapi import document
from posts_made import made_kept

ROOT: Final = Path(__file__).parents[1]
EXAMPLES: Final = Path("docs/examples")
DESCRIPTION: Final = Path("docs/openapi.json")

CITY: Final = Publisher(name="Kota Contoh", license="https://creativecommons.org/licenses/by/4.0/")
NOW: Final = datetime(2026, 11, 20, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
# The secret key of RFC 8032 section 7.1, test 1: everybody knows it, so nothing real is signed with it.
_KEY: Final = Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="))
_X: Final = written_key(_KEY.public_key().public_bytes_raw())
SEAL: Final = Seal(key=thumbprint(_X), sign=_KEY.sign)

_HEALTH: Final = Department(
    slug="dinkes", name="Dinas Kesehatan", short_name="Dinkes", url="https://dinkes.example.go.id/"
)
_RESCUE: Final = Department(slug="bpbd", name="Badan Penanggulangan Bencana Daerah", short_name="BPBD")
_SITE: Final = Account(
    key="dinkes.example.go.id/feed",
    platform=Platform.WEBFEED,
    department="dinkes",
    url="https://dinkes.example.go.id/feed/",
)
_PICTURES: Final = Account(
    key="instagram:17841400000000000",
    platform=Platform.INSTAGRAM,
    department="dinkes",
    handle="dinkes.contoh",
    url="https://www.instagram.com/dinkes.contoh/",
)
_ALARM: Final = Account(
    key="mastodon:bpbd", platform=Platform.MASTODON, department="bpbd", handle="@bpbd@sosial.example.go.id"
)


def kept_examples() -> dict[str, KeptPost]:
    """Invented posts: one of each kind that a reader has to deal with."""
    plain = _kept(
        _text("Imunisasi gratis di semua puskesmas", "Imunisasi gratis, Senin pukul 08.00, di semua puskesmas.")
    )
    wrong = Notice(kind=NoticeKind.WITHDRAWAL, reason="Tanggalnya keliru.", at=NOW + 2 * _HOUR)
    mended = Notice(kind=NoticeKind.CORRECTION, reason="Jamnya 09.00, bukan 08.00.", at=NOW + _HOUR)
    corrected = _text("Imunisasi gratis di semua puskesmas", "Imunisasi gratis, Senin pukul 09.00, di semua puskesmas.")
    return {
        "normal": plain,
        "corrected": replace(plain, post=corrected, notice=mended, version=2, change=1205, updated_at=NOW + _HOUR),
        "withdrawn": replace(
            plain,
            post=None,
            status=PostStatus.WITHDRAWN,
            notice=wrong,
            version=3,
            change=1206,
            updated_at=NOW + 2 * _HOUR,
        ),
        "gone": replace(plain, post=None, status=PostStatus.GONE, version=2, change=1207, updated_at=NOW + 3 * _HOUR),
        "event": _kept(_event(), native="donor"),
        "media": _pictured(_kept(_media(), account=_PICTURES, native="reel"), _media()),
        "thread": _kept(
            _thread(), account=_ALARM, native="utas-2", thread=UUID("0b1f0a55-3f7e-5a35-8c31-55a1a1d7c0de")
        ),
        "emergency": _kept(_alarm(), account=_ALARM, native="banjir"),
        "backfill": replace(plain, backfill=True, collected_at=NOW + 400 * _HOUR, updated_at=NOW + 400 * _HOUR),
    }


def files() -> Iterator[tuple[Path, bytes]]:
    """Every file of the contract and what it must hold."""
    yield DESCRIPTION, _pretty(document(HERE))
    for name, body in (_posts() | _changes() | _ninjs() | _webhooks() | _others()).items():
        yield EXAMPLES / name, body


def _posts() -> dict[str, bytes]:
    shown = {name: kept for name, kept in kept_examples().items() if kept.post}
    listed = tuple(shown[name] for name in ("normal", "event", "media", "thread", "emergency"))
    page = PostsPage(posts=listed, publisher=CITY, public_url=HERE)
    some = replace(page, fields=("id", "department", "title", "published_at", "media", "tags"))
    versions = [kept_examples()[name] for name in ("corrected", "normal")]
    seen = versions_page(versions, most=2, publisher=CITY, public_url=HERE, next_url=None, seal=SEAL)
    return {
        **{
            f"post-{name}.json": _pretty(post_json(kept, publisher=CITY, public_url=HERE))
            for name, kept in shown.items()
        },
        "posts.json": _again(posts_page(listed[:2], publisher=CITY, public_url=HERE)),
        "posts.ndjson": FORMS[".ndjson", ""].render(page),
        "posts.csv": FORMS[".csv", ""].render(some),
        "versions.json": _again(seen),
    }


def _changes() -> dict[str, bytes]:
    told = {name: kept_examples()[name] for name in ("normal", "corrected", "withdrawn", "gone", "backfill")}
    page = changes_page(
        (told["corrected"], told["gone"]),
        latest=1207,
        publisher=CITY,
        public_url=HERE,
        next_url=f"{HERE}/api/v1/changes?after=1207",
        fragments=Fragments(),
    )
    each = {
        f"change-{name}.json": _pretty(change_json(kept, publisher=CITY, public_url=HERE))
        for name, kept in told.items()
    }
    return each | {"changes.json": _again(page)}


def _ninjs() -> dict[str, bytes]:
    return {
        f"ninjs-{name}.json": _again(ninjs_document(kept, publisher=CITY, public_url=HERE))
        for name, kept in kept_examples().items()
        if name != "backfill"
    }


def _webhooks() -> dict[str, bytes]:
    kept, webhook = kept_examples(), UUID("3f0c8a52-5b7e-4a4e-9d0c-2f6f1f0b9a10")
    updated = replace(kept["corrected"], notice=None)
    of = dict(zip(EVENTS, (kept["normal"], updated, kept["corrected"], kept["withdrawn"]), strict=True))
    told = {type_: change_event(type_, one, publisher=CITY, public_url=HERE) for type_, one in of.items()}
    told["webhook.challenge"] = challenge_event(webhook, "kabar-4f1c", at=NOW, publisher=CITY)
    told["webhook.test"] = trial_event(webhook, at=NOW, publisher=CITY)
    return {f"webhook-{type_.partition('.')[2]}.json": _again(body) for type_, body in told.items()}


def _others() -> dict[str, bytes]:
    key = ProofKey(id=SEAL.key, x=_X, made_at=NOW)
    return {
        "feedhub-keys.json": _again(keys_document([key], ZoneInfo(CITY.time_zone))),
        "verify.json": _pretty(VERIFY),
        "problem-refused.json": _pretty(REFUSED_EXAMPLE),
    }


def _kept(post: Post, *, account: Account = _SITE, native: str = "imunisasi", **changes: object) -> KeptPost:
    owner = next(one for one in (_HEALTH, _RESCUE) if one.slug == account.department)
    told = {"change": 1204, "published_at": NOW, "collected_at": NOW, "updated_at": NOW} | changes
    return made_kept(post=replace(post, native_id=native), account=account, department=owner, **told)


def _pictured(kept: KeptPost, post: Post) -> KeptPost:
    """With our copies of its pictures."""
    made = [
        MadePicture(id=copy, width=1080, height=1080, color="#7a8c99")
        for copy in wanted_pictures(post, id=kept.id, version=kept.version)
    ]
    return replace(kept, pictures=copies_in(post, made, id=kept.id, version=kept.version))


def _text(title: str, text: str, **more: object) -> Post:
    return Post(
        native_id="-",
        title=title,
        content_text=text,
        content_html=f"<p>{text}</p>",
        summary=text,
        source_url="https://dinkes.example.go.id/imunisasi-gratis/",
        language="id",
        published_at=NOW,
        **{"kinds": (Kind.SERVICE,), "tags": ("imunisasi",), **more},
    )


def _event() -> Post:
    event = Event(starts_at=NOW + 192 * _HOUR, ends_at=NOW + 196 * _HOUR, location="Alun-alun", name="Donor darah")
    place = Place(name="Alun-alun", latitude=-7.754, longitude=113.216)
    text = "Donor darah di alun-alun, Sabtu, 28 November, pukul 08.00 sampai 12.00."
    return _text("Donor darah", text, kinds=(Kind.EVENT,), tags=("donordarah",), event=event, place=place)


def _media() -> Post:
    media = (
        Media(
            type=MediaType.IMAGE,
            url="https://dinkes.example.go.id/imunisasi.jpg",
            mime_type="image/jpeg",
            width=1080,
            height=1080,
            alt="Seorang perawat menyuntik lengan anak",
        ),
        Media(
            type=MediaType.VIDEO,
            url="https://dinkes.example.go.id/imunisasi.mp4",
            preview_url="https://dinkes.example.go.id/imunisasi-awal.jpg",
            mime_type="video/mp4",
            duration_seconds=42.5,
        ),
        Media(type=MediaType.DOCUMENT, url="https://dinkes.example.go.id/jadwal.pdf", mime_type="application/pdf"),
    )
    return _text("Suasana imunisasi", "Suasana imunisasi hari ini.", media=media, via=Via.API, title_is_made=True)


def _thread() -> Post:
    return _text(
        "2/2 Posko bantuan", "2/2 Posko bantuan ada di balai kota.", type=PostType.THREAD, kinds=(Kind.ASSISTANCE,)
    )


def _alarm() -> Post:
    text = "Air sungai naik. Warga di bantaran diminta mengungsi ke balai kota sekarang."
    return _text("Peringatan banjir", text, kinds=(Kind.EMERGENCY,), tags=("banjir",))


def _again(body: bytes) -> bytes:
    return _pretty(orjson.loads(body))


def _pretty(told: object) -> bytes:
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    for path, body in files():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_bytes(body)
