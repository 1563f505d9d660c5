"""A made city for the pages: departments, accounts and posts such as an Indonesian city has."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid5

from feedhub.accounts.account import Account, AccountStatus, Department, Platform, Publisher
from feedhub.accounts.kinds import Kind
from feedhub.posts.facts import AccountFacts, DepartmentFacts, Described, Rhythm
from feedhub.posts.html import html_of
from feedhub.posts.kept import KeptPost, Notice, NoticeKind
from feedhub.posts.picture_copies import MadePicture, PictureCopy, copies_in, wanted_pictures
from feedhub.posts.post import Event, Media, MediaType, Post, PostStatus
from feedhub.views.page_site import Site

NOW = datetime(2026, 11, 20, 1, 5, tzinfo=UTC)
SITE = Site(
    publisher=Publisher(name="Kota Tirtasari", license="https://creativecommons.org/licenses/by/4.0/"),
    public_url="https://kabar.tirtasari.example",
)
ENGLISH = replace(SITE, publisher=replace(SITE.publisher, language="en"))

HEALTH = Department(
    slug="dinkes",
    name="Dinas Kesehatan, Pengendalian Penduduk, dan Keluarga Berencana",
    short_name="Dinkes",
    url="https://dinkes.tirtasari.example/",
    email="dinkes@tirtasari.example",
    phone="(0335) 000111",
    group="Dinas",
    contacts=("rahasia@tirtasari.example",),
)
RELIEF = Department(
    slug="bpbd", name="Badan Penanggulangan Bencana Daerah", short_name="BPBD", group="Badan", area="Seluruh kota"
)
SOCIAL = Department(slug="dinsos", name="Dinas Sosial", group="Dinas")
DISTRICT = Department(slug="kec-melati", name="Kecamatan Melati", area="Melati")
DEPARTMENTS = (RELIEF, HEALTH, SOCIAL, DISTRICT)

HEALTH_SITE = Account(
    key="webfeed:dinkes.tirtasari.example/feed",
    platform=Platform.WEBFEED,
    department="dinkes",
    url="https://dinkes.tirtasari.example/feed/",
    verified_at=date(2026, 11, 1),
    evidence="https://tirtasari.example/akun-resmi",
)
HEALTH_PICTURES = Account(
    key="instagram:1000001", platform=Platform.INSTAGRAM, department="dinkes", handle="dinkes.tirtasari"
)
RELIEF_SITE = Account(
    key="webfeed:bpbd.tirtasari.example/feed",
    platform=Platform.WEBFEED,
    department="bpbd",
    url="https://bpbd.tirtasari.example/feed/",
)
SOCIAL_SITE = Account(
    key="webfeed:dinsos.tirtasari.example/feed",
    platform=Platform.WEBFEED,
    department="dinsos",
    url="https://dinsos.tirtasari.example/feed/",
)
ACCOUNTS = (HEALTH_SITE, HEALTH_PICTURES, RELIEF_SITE, SOCIAL_SITE)


def made_post(title: str, text: str, **also: object) -> Post:
    fields = {
        "native_id": title or "x",
        "title": title,
        "content_text": text,
        "content_html": html_of(text),
        "language": "id",
    }
    return Post(**{**fields, "summary": text[:300], **also})  # type: ignore[arg-type]  # a table of fields


def kept(post: Post | None, *, hours: int = 0, account: Account = HEALTH_SITE, **also: object) -> KeptPost:
    at = NOW - timedelta(hours=hours)
    department = next(one for one in DEPARTMENTS if one.slug == account.department)
    fields = {
        "id": uuid5(account.id, post.native_id if post else "gone"),
        "account": account,
        "department": department,
        "status": PostStatus.LIVE,
        "version": 1,
        "change": 7,
        "order_key": int(at.timestamp() * 1000) << 20,
        "published_at": at,
        "published_is_made": False,
        "collected_at": at,
        "updated_at": at,
        "backfill": False,
        "pictures": _copies(post, also) if post else (),
    }
    return KeptPost(**{**fields, **also, "post": post})  # type: ignore[arg-type]  # a table of fields


def _copies(post: Post, also: dict[str, object]) -> tuple[PictureCopy, ...]:
    """As if every picture had been copied."""
    id, version = uuid5(HEALTH_SITE.id, post.native_id), int(str(also.get("version", 1)))
    made = [
        MadePicture(id=copy, width=1200, height=800, color="#808080")
        for copy in wanted_pictures(post, id=id, version=version)
    ]
    return copies_in(post, made, id=id, version=version)


def image(name: str, alt: str | None, width: int | None = 1200, height: int | None = 800) -> Media:
    url = f"https://media.tirtasari.example/{name}.jpg"
    return Media(type=MediaType.IMAGE, url=url, mime_type="image/jpeg", width=width, height=height, alt=alt)


FLOOD = kept(
    made_post(
        "Peringatan dini: Sungai Kedung naik, warga Kampung Baru diminta bersiap mengungsi",
        "Tinggi muka air di pintu Kedung mencapai 240 cm (Siaga 2) pukul 07.40 WIB. Warga RW 03 dan RW 04 diminta"
        " mengamankan dokumen dan bersiap menuju posko di SDN Melati 2. Hubungi 112 bila membutuhkan bantuan.",
        kinds=(Kind.EMERGENCY, Kind.ANNOUNCEMENT),
        source_url="https://bpbd.tirtasari.example/peringatan",
        tags=("siaga", "banjir"),
    ),
    account=RELIEF_SITE,
)
VACCINES = kept(
    made_post(
        "Imunisasi gratis di semua puskesmas mulai Senin",
        "Pekan imunisasi berlangsung 23–28 November di 6 puskesmas dan 42 posyandu.\n\nBawa buku KIA dan kartu"
        " identitas anak. Tidak perlu mendaftar. Layanan buka pukul 08.00–12.00 WIB.",
        kinds=(Kind.SERVICE,),
        media=(image("imunisasi", "Perawat menyuntik lengan seorang anak di puskesmas"), image("jadwal", None)),
        tags=("imunisasi", "puskesmas"),
        source_url="https://dinkes.tirtasari.example/imunisasi",
        event=Event(
            starts_at=datetime(2026, 11, 23, 1, tzinfo=UTC),
            ends_at=datetime(2026, 11, 23, 5, tzinfo=UTC),
            location="Puskesmas Melati",
        ),
    ),
    hours=2,
    version=2,
    updated_at=NOW,
    notice=Notice(kind=NoticeKind.CORRECTION, reason="Jam layanan yang benar ialah 08.00–12.00, bukan 13.00.", at=NOW),
)
ENGLISH_POST = kept(
    made_post(
        "Free health checks for visitors at the harbour",
        "Visitors can have their blood pressure checked at the harbour clinic every Saturday in November.",
        kinds=(Kind.SERVICE, Kind.EVENT),
        language="en",
        media=(
            Media(type=MediaType.DOCUMENT, url="https://media.tirtasari.example/a.pdf", mime_type="application/pdf"),
        ),
    ),
    hours=5,
    account=HEALTH_PICTURES,
)
SUPPORT = kept(
    made_post(
        "Penyaluran BLT tahap IV: jadwal per kelurahan",
        "Bantuan langsung tunai disalurkan melalui kantor pos. Penerima membawa KTP asli dan undangan dari kelurahan.",
        kinds=(Kind.ASSISTANCE,),
        media=(image("blt", "Warga mengantre di kantor pos", None, None),),
    ),
    hours=20,
    account=SOCIAL_SITE,
)
UNTITLED = kept(
    made_post(
        "Terima kasih kepada 120 relawan yang membersihkan sungai…",
        "Terima kasih kepada 120 relawan yang membersihkan sungai hari Minggu kemarin. Terkumpul 2,4 ton sampah.",
        native_id="untitled",
        title_is_made=True,
        kinds=(Kind.NEWS,),
        media=(
            Media(
                type=MediaType.VIDEO,
                url="https://media.tirtasari.example/sungai.mp4",
                mime_type="video/mp4",
                preview_url="https://media.tirtasari.example/sungai.jpg",
            ),
        ),
    ),
    hours=30,
    account=RELIEF_SITE,
)
POSTS = (FLOOD, VACCINES, ENGLISH_POST, SUPPORT, UNTITLED)

GONE = kept(
    None,
    status=PostStatus.WITHDRAWN,
    notice=Notice(kind=NoticeKind.WITHDRAWAL, reason="Memuat data pribadi warga.", at=NOW),
)

ZALGO = "B\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308" * 40
HOSTILE = (
    kept(made_post("W" * 10_000, "x" * 10_000)),
    kept(made_post('<img src=x onerror=alert(1)><script>alert("1")</script>', "a </title><h1>b</h1>")),
    kept(made_post("\u202egnirts desrever \u202dabc", "\u2067rtl isolate never closed")),
    kept(made_post(ZALGO, ZALGO)),
    kept(made_post("{{ 7 * 7 }} {% raw %} {x}", "'\"><svg onload=alert(1)>", tags=('"><b>', "{y}"))),
    kept(made_post("Gambar raksasa", "Besar", media=(image("besar", '"><script>', 60_000, 90_000),))),
)


@dataclass(frozen=True, kw_only=True)
class MadeState:
    """What the store would tell of an account."""

    account: Account
    outcome: str
    reason: str | None = None
    remedy: str | None = None
    last_visit_at: datetime | None = NOW
    last_success_at: datetime | None = NOW
    next_visit_at: datetime | None = NOW
    posts: int = 0
    credential_ends_at: datetime | None = None

    @property
    def delivering(self) -> bool:
        return self.outcome in ("ok", "not_modified")


def made_states() -> tuple[MadeState, ...]:
    return (
        MadeState(account=HEALTH_SITE, outcome="ok", posts=312),
        MadeState(
            account=HEALTH_PICTURES, outcome="no_connector", reason="No.", remedy="Update.", last_success_at=None
        ),
        MadeState(
            account=RELIEF_SITE, outcome="tls", reason="The certificate ended on 1 November.", remedy="Renew it."
        ),
        MadeState(account=SOCIAL_SITE, outcome="never", last_visit_at=None, last_success_at=None),
    )


def made_facts(accounts=ACCOUNTS, *, slug=HEALTH.slug):
    """What the store would tell of a department: its accounts speak, three of four pictures are described."""
    return DepartmentFacts(
        accounts=tuple(
            AccountFacts(
                account=one,
                rhythm=Rhythm(newest_at=NOW),
                posts_in_month=3,
                outcome="ok",
                delivering=True,
                last_success_at=NOW,
            )
            for one in accounts
            if one.department == slug and one.status is not AccountStatus.RETIRED
        ),
        described=Described(4, 3),
    )
