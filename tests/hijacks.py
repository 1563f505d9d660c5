"""Hijacked accounts and ordinary ones, as data: what the hold rules are measured on.

The ordinary year is made by a seeded generator that knows departments, not the rules: its
rates of links, events, renamings, outages and site migrations are guesses at what departments
do, and are not to be changed to please the rules.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

START = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CITY = "probolinggokota.go.id"

DEPARTMENTS = [
    "dinkes",
    "dishub",
    "dinsos",
    "disdik",
    "dlh",
    "dpupr",
    "disnaker",
    "diskominfo",
    "bpbd",
    "satpolpp",
    "disdukcapil",
    "dispora",
    "disperindag",
    "dpmptsp",
    "bappeda",
    "bkpsdm",
    "inspektorat",
    "rsud",
    "pdam",
    "perpustakaan",
    "kanigaran",
    "kedopok",
    "mayangan",
    "wonoasih",
    "kademangan",
]
TOPICS = (
    "Imunisasi gratis di puskesmas",
    "Jalan Suroyo ditutup sementara",
    "Bansos cair pekan ini",
    "Pasar murah di alun-alun",
    "Pelayanan KTP keliling",
    "Peringatan dini cuaca",
    "Lowongan tenaga kebersihan",
    "Rapat koordinasi persiapan lebaran",
    "Sosialisasi pajak daerah oleh Budi Santoso, S.Sos., M.Si.",
    "Gotong royong bersama warga.Info lebih lanjut hubungi kelurahan",
)
NEWS = [
    "detik.com",
    "kompas.com",
    "antaranews.com",
    "tempo.co",
    "jawapos.com",
    "radarbromo.jawapos.com",
    "wartabromo.com",
    "tribunnews.com",
    "cnnindonesia.com",
    "liputan6.com",
    "suara.com",
    "republika.co.id",
    "kumparan.com",
    "beritajatim.com",
]
PARTNERS = [
    "bmkg.go.id",
    "kemkes.go.id",
    "kemendagri.go.id",
    "jatimprov.go.id",
    "lapor.go.id",
    "bpjs-kesehatan.go.id",
    "unej.ac.id",
    "pmi.or.id",
    "bankjatim.co.id",
    "pln.co.id",
    "telkomsel.com",
]
SERVICES = [
    "forms.gle",
    "maps.app.goo.gl",
    "www.youtube.com",
    "youtu.be",
    "zoom.us",
    "docs.google.com",
    "www.instagram.com",
    "drive.google.com",
    "whatsapp.com/channel",
    "play.google.com",
    "www.facebook.com",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One post as a platform shows it. `number` names it; the same number again is an edit."""

    number: int
    text: str
    at: datetime
    links: tuple[str, ...] = ()
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one visit finds: new and changed posts, posts called gone, how the account is shown."""

    at: datetime
    said: tuple[Said, ...] = ()
    gone: tuple[int, ...] = ()
    name: str | None = None
    handle: str | None = None
    native_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinary:
    """An account's year. `approves`: a person looks at what is held once a day."""

    department: str
    kind: str  # site or platform
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hijack:
    """What a hijacker does to an account with a past. `harm`: numbers of harmful posts or edits, or -1 for the gone."""

    name: str
    kind: str
    looks: tuple[Look, ...]
    harm: frozenset[int]
    past: int = 200  # posts that the account had
    habits: tuple[str, ...] = ()  # sites that its past led to, beside its own


# Ordinary accounts


def ordinary_city(*, seed: int = 20261127) -> Iterator[Ordinary]:
    """Fifty accounts of 25 departments through a year: a site and a platform account each."""
    chance = Random(seed)
    for department in DEPARTMENTS:
        for kind in ("site", "platform"):
            yield _year(department, kind, Random(chance.random()))


def _year(department: str, kind: str, chance: Random) -> Ordinary:
    """About one to nine posts a week; an event or two; perhaps a new name, an outage, a moved site."""
    posts = list(_posts(department, chance, weekly=chance.choice((1.0, 2.0, 3.0, 5.0, 9.0)), kind=kind))
    renamed = START + DAY * chance.randrange(60, 330) if chance.random() < 0.10 else None
    outage = START + DAY * chance.randrange(60, 330) if chance.random() < 0.25 else None
    moved = START + DAY * chance.randrange(60, 330) if kind == "site" and chance.random() < 0.15 else None
    return Ordinary(
        department=department,
        kind=kind,
        looks=tuple(_looks(department, kind, posts, chance, renamed=renamed, outage=outage, moved=moved)),
    )


def _posts(department: str, chance: Random, *, weekly: float, kind: str) -> Iterator[Said]:
    number = 0
    own = f"https://{department}.{CITY}/berita/"
    events = {chance.randrange(20, 360) for _ in range(chance.choice((0, 1, 1, 2)))}
    for day in range(-365, 365):
        count = sum(chance.random() < weekly / 7 / 3 for _ in range(3))
        if day in events:
            count += chance.randrange(4, 16)  # a festival, told as it happens
        for _ in range(count):
            number += 1
            at = START + DAY * day + timedelta(minutes=chance.randrange(0, 11 * 60))
            links = (f"{own}{number}",) if kind == "site" else ()
            yield Said(
                number=number,
                text=f"{chance.choice(TOPICS)} ({number})",
                at=at,
                links=links + _linked(department, chance),
            )


def _linked(department: str, chance: Random) -> tuple[str, ...]:
    """A third of posts link somewhere: mostly to the city, to services, to the state, to the news; rarely anywhere."""
    roll = chance.random()
    usual = Random(department).choice(("bit.ly", "s.id", "bit.ly"))
    stranger = f"{chance.choice(('acara', 'panitia', 'yayasan'))}{chance.randrange(300)}.org"  # organisers, sponsors
    hosts = (
        (0.10, f"{chance.choice(DEPARTMENTS)}.{CITY}"),
        (0.20, chance.choice(SERVICES)),
        (0.25, chance.choice(PARTNERS)),
        (0.30, chance.choice(NEWS)),
        (0.34, usual),
        (0.36, "wa.me"),
        (0.364, stranger),
    )
    host = next((host for most, host in hosts if roll < most), None)
    return (f"https://{host}/{chance.randrange(10**6)}",) if host else ()


def _looks(  # what may befall an account in a year
    department: str,
    kind: str,
    posts: Sequence[Said],
    chance: Random,
    *,
    renamed: datetime | None,
    outage: datetime | None,
    moved: datetime | None,
) -> Iterator[Look]:
    """Visits every three hours; 2 % of posts are corrected once, 1 % taken away."""
    ordered = sorted(posts, key=lambda one: one.at)
    before = sum(one.at <= START for one in ordered)
    # A feed lists its newest ten; of a platform the first visit takes a few pages.
    ordered = ordered[max(0, before - (10 if kind == "site" else 60)) :]
    down = outage and (outage, outage + DAY * chance.randrange(1, 12))
    told, later = 0, list[tuple[datetime, Said | int]]()
    for step in range(1, 365 * 8):
        at = START + timedelta(hours=3) * step
        if down and down[0] <= at < down[1]:
            continue
        new = [one for one in ordered[told:] if one.at <= at]
        told += len(new)
        later += [act for one in new if at > START + DAY and (act := _afterthought(one, at, chance))]
        due = [act for when, act in later if when <= at]
        later = [(when, act) for when, act in later if when > at]
        edits = [act for act in due if isinstance(act, Said)]
        if moved is not None and at >= moved:
            moved, edits = None, edits + [_moved(one) for one in ordered[max(0, told - 10) : told] if one not in new]
        gone = tuple(act for act in due if isinstance(act, int))
        if new or edits or gone:
            is_new_name = renamed is not None and at >= renamed
            name = f"Dinas {department.title()} {'dan Perlindungan Warga' if is_new_name else 'Kota'}"
            shown = {} if kind == "site" else {"name": name, "handle": f"{department}.kota", "native_id": department}
            yield Look(at=at, said=(*new, *edits), gone=gone, **shown)


def _afterthought(one: Said, at: datetime, chance: Random) -> tuple[datetime, Said | int] | None:
    """A correction or a deletion, some hours later."""
    roll, when = chance.random(), at + timedelta(hours=chance.randrange(3, 60))
    if roll < 0.02:
        return when, Said(number=one.number, text=one.text + " (ralat)", at=one.at, links=one.links)
    return (when, one.number) if roll < 0.03 else None


def _moved(one: Said) -> Said:
    """The new site shows its newest posts with addresses of its own."""
    links = tuple(url.replace("/berita/", "/baca/") for url in one.links)
    return Said(number=one.number, text=one.text, at=one.at, links=links)


# Hijacks. The account's past ends at NOW; numbers from 1,000 are the hijacker's.

NOW = START + 300 * DAY
MINUTE = timedelta(minutes=1)


def _spam(
    title: str,
    /,
    *texts: str,
    kind: str = "platform",
    every: timedelta = 30 * MINUTE,
    links: tuple[str, ...] = (),
    alt: str | None = None,
    past: int = 200,
    habits: tuple[str, ...] = (),
    times: int = 1,
    **shown: str,
) -> Hijack:
    """A hijacker posts, and each post is found by the next visit."""
    said = [
        Said(number=1_000 + place, text=text, at=NOW + every * place, links=links, alt=alt)
        for place, text in enumerate(texts * times)
    ]
    looks = tuple(Look(at=one.at + 10 * MINUTE, said=(one,), **shown) for one in said)
    return Hijack(name=title, kind=kind, looks=looks, harm=frozenset({1_000}), past=past, habits=habits)


def _flood(name: str, text: str, *, count: int, kind: str = "platform", within: timedelta, past: int = 200) -> Hijack:
    """Many posts that one visit finds."""
    said = tuple(
        Said(number=1_000 + place, text=f"{text} {place}", at=NOW + within / count * place) for place in range(count)
    )
    looks = (Look(at=NOW + within, said=said),)
    return Hijack(name=name, kind=kind, looks=looks, harm=frozenset({1_000}), past=past)


def _rewrite(
    name: str,
    text: str,
    *,
    count: int,
    links: tuple[str, ...] = (),
    kind: str = "platform",
    past: int = 200,
    together: bool = True,
) -> Hijack:
    """Old posts get another text."""
    said = [
        Said(number=number, text=f"{text} {number}", at=NOW - DAY * (past - number), links=links)
        for number in range(past - count, past)
    ]
    looks = (
        (Look(at=NOW + MINUTE, said=tuple(said)),)
        if together
        else tuple(Look(at=NOW + MINUTE * 30 * place, said=(one,)) for place, one in enumerate(said))
    )
    return Hijack(name=name, kind=kind, looks=looks, harm=frozenset({said[0].number}), past=past)


def _wipe(name: str, *, count: int, past: int = 200) -> Hijack:
    """Old posts are taken away."""
    gone = tuple(range(past - count, past))
    return Hijack(
        name=name, kind="platform", looks=(Look(at=NOW + MINUTE, gone=gone),), harm=frozenset({-1}), past=past
    )


JUDI = "Situs slot gacor hari ini, maxwin pasti bayar!"
KRIPTO = "Resmi: bagi-bagi 5.000 BTC untuk warga. Kirim 0,1 BTC, terima 0,2 BTC."
PHISHING = "Pencairan bansos tahap akhir. Verifikasi data Anda hari ini juga."

HIJACKS: tuple[Hijack, ...] = (
    # Links to strangers
    _spam("judi link", f"{JUDI} https://slotgacor77.xyz/daftar"),
    _spam("judi link on a site", JUDI, kind="site", links=("https://raja-slot.vip/",)),
    _spam("judi link without scheme", f"{JUDI} slotgacor77.xyz"),
    _spam("judi link in capitals", f"{JUDI} SLOTGACOR77.COM"),
    _spam("judi link in bold letters", f"{JUDI} 𝘀𝗹𝗼𝘁𝗴𝗮𝗰𝗼𝗿𝟳𝟳.𝗰𝗼𝗺"),
    _spam("judi link in brackets", f"{JUDI} slotgacor77[.]com"),
    _spam("judi link spelled out", f"{JUDI} slotgacor77 (titik) com"),
    _spam("judi link in alt text", JUDI, alt="Daftar di slotgacor77.com"),
    _spam("judi link in alt text alone", "Selamat pagi warga!", alt="https://slotgacor77.top/login"),
    _spam("judi by a free host", JUDI, links=("https://slotgacor.blogspot.com/",)),
    _spam("judi by pages.dev", JUDI, links=("https://slot-resmi.pages.dev/",)),
    _spam("judi by Google Sites", JUDI, links=("https://sites.google.com/view/slot",)),
    _spam("judi by a country's letters", JUDI, links=("https://slot.web.id/",)),
    _spam("judi by an address of numbers", JUDI, links=("http://45.77.12.9/slot",)),
    _spam("judi backdated on a site", JUDI, kind="site", links=("https://rajaslot.club/",)),
    _spam("crypto giveaway", f"{KRIPTO} https://kota-giveaway.com"),
    _spam(
        "crypto giveaway as a thread",
        KRIPTO,
        "Lihat https://kota-btc.live",
        every=MINUTE,
        links=("https://kota-btc.live/",),
    ),
    _spam("phishing on a new domain", PHISHING, links=("https://cek-bansos-2026.com/",)),
    _spam("phishing on a look-alike", PHISHING, links=("https://probolinggokota-go.id/",)),
    _spam("phishing on a look-alike below a stranger", PHISHING, links=("https://probolinggokota.go.id.layanan.top/",)),
    _spam("phishing with a letter changed", PHISHING, links=("https://prob0linggokota.com/",)),
    _spam("phishing with Cyrillic letters", PHISHING, links=("https://xn--prblinggkta-snjbfb.com/",)),
    _spam("phishing behind a user name", f"{PHISHING} https://probolinggokota.go.id@cekbansos.top/"),
    _spam("phishing by bit.ly", PHISHING, links=("https://bit.ly/bansos-2026",)),
    _spam("phishing by s.id", PHISHING, links=("https://s.id/bansos",)),
    _spam("phishing by tinyurl", f"{PHISHING} tinyurl.com/bansos26", kind="site"),
    _spam("phishing by another shortener", PHISHING, links=("https://cutt.ly/x1",), habits=("bit.ly",)),
    _spam("phishing by Linktree", PHISHING, links=("https://linktr.ee/bansoskota",)),
    _spam("phishing by a WhatsApp number", PHISHING, links=("https://wa.me/6281299",)),
    _spam("phishing by a Telegram group", f"{PHISHING} t.me/bansoskota"),
    _spam("phishing by a Discord server", PHISHING, links=("https://discord.gg/abc",)),
    _spam("an app to install", "Unduh aplikasi layanan warga.", links=("https://apk-layanan.site/warga.apk",)),
    _spam("an undangan app, kind words", "Undangan rapat warga, mohon dibuka.", links=("https://undangan-rt.my.id/",)),
    _spam("slow drip, one a day", f"{JUDI} https://slot88.asia", every=DAY, times=6),
    _spam("right after back-fill", f"{JUDI} https://slotgacor77.xyz", past=12),
    _spam("in a small account", f"{JUDI} https://slotgacor77.xyz", past=7),
    _spam(
        "an emergency that is none",
        "DARURAT: gempa! Data korban di https://info-gempa.help/",
        links=("https://info-gempa.help/",),
    ),
    _spam(
        "donations for a disaster", "Donasi banjir, transfer lewat laman ini.", links=("https://donasi-banjir.org/",)
    ),
    # Somebody else's account
    _spam("renamed to a brand", "Hello world, big news soon.", name="Tesla", handle="dinkes.kota"),
    _spam("renamed to a game", "Selamat datang di komunitas kami!", name="KOTA4D LOGIN", handle="dinkes.kota"),
    _spam("another handle", "Ikuti akun baru kami.", name="Dinas Dinkes Kota", handle="kota_slot88"),
    _spam("another account behind the name", "Kabar baik untuk warga.", native_id="999"),
    _spam("renamed, then a threat", "Kami menguasai akun ini.", name="Anonymous Team", every=DAY, times=3),
    _spam("renamed to a near name", "Bantuan hubungi admin.", name="Dinas Dinkes Kota Giveaway"),
    # Far above its rhythm
    _flood("forty posts in an hour", "Menang besar malam ini", count=40, within=timedelta(hours=1)),
    _flood("twenty posts in two hours", "Hubungi admin untuk deposit", count=20, within=timedelta(hours=2)),
    _flood("a flood on a site", "Prediksi togel", count=60, within=timedelta(hours=6), kind="site"),
    _flood("a flood in a small account", "Promo", count=18, within=timedelta(hours=1), past=12),
    # History rewritten
    _rewrite("forty posts rewritten", JUDI, count=40),
    _rewrite("twelve of sixty rewritten", JUDI, count=12, past=60),
    _rewrite("one post with a new link", PHISHING, count=1, links=("https://cek-bansos.vip/",)),
    _rewrite(
        "links put into old posts one by one", PHISHING, count=10, links=("https://cek-bansos.vip/",), together=False
    ),
    _rewrite("a site's pages rewritten", JUDI, count=25, kind="site"),
    _wipe("history wiped", count=150),
    _wipe("a tenth of it wiped", count=15, past=60),
    # What the rules are known to miss: words alone, one at a time, through doors that the account uses itself
    _spam("words alone, once", "Transfer ke rekening BCA 1234567890 untuk bantuan."),
    _spam("words alone, slowly", "Hubungi 0812-9999-0000 untuk pinjaman cepat.", every=DAY, times=5),
    _spam("by the shortener that it uses", PHISHING, links=("https://bit.ly/xyz",), habits=("bit.ly",)),
    _spam("by a form", PHISHING, links=("https://forms.gle/abc",)),
    _rewrite("three posts rewritten in words", "Transfer ke rekening ini", count=3),
)
