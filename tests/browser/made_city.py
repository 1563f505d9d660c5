"""The city that browsers visit: departments on many platforms and some eighty posts, dated around `now`."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from feedhub.accounts.account import Account, Department, Platform, Publisher, Register, Via
from feedhub.accounts.kinds import Kind
from feedhub.posts.html import html_of
from feedhub.posts.post import Event, Media, MediaType, Place, Poll, Post, PostType

PICTURES = "https://media.tirtasari.example"  # a platform that no browser may ever ask
CHECKED = {"verified_at": date(2026, 11, 1), "evidence": "https://tirtasari.example/akun-resmi"}

PUBLISHER = Publisher(
    name="Kota Tirtasari",
    license="https://creativecommons.org/licenses/by/4.0/",
    url="https://tirtasari.example/",
)
DEPARTMENTS = (
    Department(
        slug="bpbd",
        name="Badan Penanggulangan Bencana Daerah",
        short_name="BPBD",
        phone="112",
        group="Badan",
        area="Seluruh kota",
    ),
    Department(
        slug="dinkes",
        name="Dinas Kesehatan, Pengendalian Penduduk, dan Keluarga Berencana",
        short_name="Dinkes",
        url="https://dinkes.tirtasari.example/",
        email="dinkes@tirtasari.example",
        phone="(0335) 000111",
        group="Dinas",
        formerly=("dinas-kesehatan",),
    ),
    Department(slug="dinsos", name="Dinas Sosial", group="Dinas"),
    Department(slug="dishub", name="Dinas Perhubungan", group="Dinas", url="https://dishub.tirtasari.example/"),
    Department(slug="kec-melati", name="Kecamatan Melati", area="Melati"),
    Department(slug="arsip", name="Dinas Perpustakaan dan Kearsipan", group="Dinas"),  # it has said nothing yet
)


def _account(department: str, platform: Platform, **also: object) -> Account:
    fields = {"key": f"{platform}:{department}", "platform": platform, "department": department}
    return Account(**{**fields, **also})  # type: ignore[arg-type]  # a table of fields


BPBD_SITE = _account("bpbd", Platform.WORDPRESS, url="https://bpbd.tirtasari.example/", **CHECKED)
BPBD_TELEGRAM = _account("bpbd", Platform.TELEGRAM, handle="bpbdtirtasari", **CHECKED)
BPBD_MASTODON = _account("bpbd", Platform.MASTODON, handle="@bpbd@sosial.tirtasari.example")
DINKES_SITE = _account("dinkes", Platform.WEBFEED, url="https://dinkes.tirtasari.example/feed/", **CHECKED)
DINKES_PICTURES = _account("dinkes", Platform.INSTAGRAM, handle="dinkes.tirtasari")
DINKES_FILMS = _account("dinkes", Platform.YOUTUBE, handle="@DinkesTirtasari")
DINSOS_SITE = _account("dinsos", Platform.WEBPAGE, url="https://dinsos.tirtasari.example/kabar")
DINSOS_PAGE = _account("dinsos", Platform.FACEBOOK, handle="dinsostirtasari", via=Via.BRIDGE)
DISHUB_X = _account("dishub", Platform.X, handle="dishubtirtasari")
DISHUB_FILMS = _account("dishub", Platform.TIKTOK, handle="dishub.tirtasari")
MELATI_SITE = _account("kec-melati", Platform.WEBFEED, url="https://melati.tirtasari.example/feed/")
ACCOUNTS = (
    *(BPBD_SITE, BPBD_TELEGRAM, BPBD_MASTODON, DINKES_SITE, DINKES_PICTURES, DINKES_FILMS),
    *(DINSOS_SITE, DINSOS_PAGE, DISHUB_X, DISHUB_FILMS, MELATI_SITE),
)
# outcome, reason, remedy: what the status page tells; of the others nobody has asked anything yet.
VISITS = {
    BPBD_SITE: ("ok", None, None),
    BPBD_TELEGRAM: ("not_modified", None, None),
    DINKES_SITE: ("ok", None, None),
    DINKES_PICTURES: ("no_credential", "Instagram asks for a credential.", "Give FeedHub one."),
    DINSOS_SITE: ("tls", "The site's certificate ended on 1 November.", "Renew the certificate."),
    DISHUB_X: ("rate_limited", "X allows no more questions today.", None),
    MELATI_SITE: ("ok", None, None),
}

Said = tuple[Account, Post]


def city_register(language: str = "id") -> Register:
    """The city's register; `language` is the one that its publisher speaks."""
    publisher = replace(PUBLISHER, language=language)
    return Register(publisher=publisher, departments=DEPARTMENTS, accounts=ACCOUNTS)


def now_in_city() -> datetime:
    """The hour that has just begun: what was said and what is to come stand around it."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def a_post(name: str, title: str, text: str, **also: object) -> Post:
    fields = {
        "native_id": name,
        "title": title,
        "content_text": text,
        "content_html": html_of(text),
        "summary": text[:300],
        "language": "id",
        "source_url": f"https://tirtasari.example/{name}",
    }
    return Post(**{**fields, **also})  # type: ignore[arg-type]  # a table of fields


def picture(name: str, alt: str | None = None, width: int | None = 1200, height: int | None = 800) -> Media:
    url = f"{PICTURES}/{name}.webp"
    return Media(type=MediaType.IMAGE, url=url, mime_type="image/webp", width=width, height=height, alt=alt)


def film(name: str, still: str | None, *, kind: MediaType = MediaType.VIDEO) -> Media:
    preview = f"{PICTURES}/{still}.webp" if still else None
    ending, mime_type = ("mp3", "audio/mpeg") if kind is MediaType.AUDIO else ("mp4", "video/mp4")
    url = f"{PICTURES}/{name}.{ending}"
    return Media(type=kind, url=url, preview_url=preview, mime_type=mime_type, duration_seconds=95.0)


# What every city says again and again: title, text, kind, picture, account.
_USUAL = (
    ("Puskesmas keliling di {place}", "Bawa kartu identitas; mulai pukul 08.00 WIB.", Kind.SERVICE, "klinik", DINKES_SITE),
    ("Air setinggi lutut di {place}", "Petugas berjaga; jauhi tepi sungai.", Kind.NEWS, "banjir", BPBD_SITE),
    ("Beras bantuan tiba di {place}", "Penerima membawa undangan dari kelurahan.", Kind.ASSISTANCE, "beras", DINSOS_SITE),
    ("Rute bus {place} berubah", "Halte pasar dipindah 200 meter ke utara.", Kind.ANNOUNCEMENT, "bus", DISHUB_X),
    ("Kerja bakti di {place}", "Terima kasih kepada semua warga yang datang.", Kind.NEWS, None, MELATI_SITE),
    ("Donor darah di {place}", "Golongan O sangat dibutuhkan minggu ini.", Kind.SERVICE, "donor-darah", DINKES_PICTURES),
    ("Latihan evakuasi di {place}", "Sirene berbunyi pukul 09.00; tidak perlu panik.", Kind.ANNOUNCEMENT, None, BPBD_TELEGRAM),
    ("Senam bersama di {place}", "Ajak keluarga; gratis.", Kind.NEWS, "senam", DINSOS_PAGE),
)  # fmt: skip  # a table reads best with one row a line
_PLACES = ("Muara Biru", "Bukit Kenari", "Sendang Arum", "Karang Nyiur", "Rawa Teratai", "Lembah Padi", "Tanjung Camar")


def _usual(now: datetime) -> list[Said]:
    said = []
    for turn, place in enumerate(_PLACES):
        for number, (title, text, kind, pictured, account) in enumerate(_USUAL):
            headline = title.format(place=place)
            media = (picture(pictured, f"{headline} (foto)" if turn % 2 else None),) if pictured else ()
            at = now - timedelta(hours=9 * turn + number + 6)
            name = f"usual-{turn}-{number}"
            post = a_post(name, headline, f"{headline}. {text}", kinds=(kind,), media=media, published_at=at)
            said.append((account, post))
    return said


def _emergencies(now: datetime) -> list[Said]:
    flood = a_post(
        "flood",
        "Peringatan dini: Sungai Kedung naik, warga Kampung Baru diminta bersiap mengungsi",
        "Tinggi muka air di pintu Kedung mencapai 240 cm (Siaga 2) pukul 07.40 WIB. Warga RW 03 dan RW 04 diminta"
        " mengamankan dokumen dan bersiap menuju posko di SDN Melati 2.\n\nHubungi 112 bila membutuhkan bantuan.",
        kinds=(Kind.EMERGENCY, Kind.ANNOUNCEMENT),
        tags=("siaga", "banjir"),
        media=(picture("banjir", "Deretan rumah tergenang air hingga setengah pintu"),),
        place=Place(name="Kampung Baru", latitude=-7.75, longitude=113.21),
        published_at=now - timedelta(minutes=40),
    )
    fire = a_post(
        "fire",
        "Kebakaran di Pasar Legi sudah padam",
        "Api padam pukul 03.15. Jalan Pasar Legi masih ditutup.",
        kinds=(Kind.EMERGENCY,),
        tags=("kebakaran",),
        published_at=now - timedelta(hours=3),
    )
    return [(BPBD_SITE, flood), (BPBD_TELEGRAM, fire)]


def _events(now: datetime) -> list[Said]:
    said = []
    for number, (title, days, hours) in enumerate(
        (("Pekan imunisasi di semua puskesmas", 1, 4), ("Festival perahu", 3, 30), ("Pelatihan menjahit", 9, 3))
    ):
        starts = now + timedelta(days=days)
        event = Event(starts_at=starts, ends_at=starts + timedelta(hours=hours), location="Balai Kota, lantai 2")
        post = a_post(
            f"event-{number}",
            title,
            f"{title}: terbuka untuk umum, tidak perlu mendaftar.",
            kinds=(Kind.EVENT, Kind.SERVICE) if number == 0 else (Kind.EVENT,),
            event=event,
            media=(picture("festival", "Perahu hias di pelabuhan"),) if number == 1 else (),
            published_at=now - timedelta(hours=5 + number),
        )
        said.append((DINKES_SITE if number == 0 else MELATI_SITE, post))
    day = Event(starts_at=now + timedelta(days=15), all_day=True, name="Hari jadi kota")
    later = a_post("event-day", "Hari jadi kota", "Semua kantor tutup.", kinds=(Kind.EVENT,), event=day)
    past = Event(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=2, hours=-2), location="Alun-alun")
    over = a_post("event-past", "Bazar buku", "Sampai jumpa tahun depan.", kinds=(Kind.EVENT,), event=past)
    return [
        *said,
        (MELATI_SITE, replace(later, published_at=now - timedelta(days=1))),
        (MELATI_SITE, replace(over, published_at=now - timedelta(days=4))),
    ]


def _films(now: datetime) -> list[Said]:
    at = now - timedelta(hours=4)
    watched = a_post(
        "film",
        "Cara mencuci tangan yang benar",
        "Enam langkah, dua puluh detik.",
        media=(film("cuci-tangan", "klinik"),),
    )
    untitled = a_post(
        "untitled",
        "Terima kasih kepada 120 relawan yang membersihkan sungai…",
        "Terima kasih kepada 120 relawan yang membersihkan sungai hari Minggu kemarin. Terkumpul 2,4 ton sampah.",
        title_is_made=True,
        media=(film("sungai", "ombak"), picture("bukit", None, None, None)),
    )
    heard = a_post(
        "sound",
        "Siaran radio: lima pertanyaan tentang vaksin",
        "Dengarkan rekamannya.",
        media=(
            film("siaran", None, kind=MediaType.AUDIO),
            Media(type=MediaType.DOCUMENT, url=f"{PICTURES}/jadwal.pdf", mime_type="application/pdf"),
        ),
    )
    said = ((DINKES_FILMS, watched), (DISHUB_FILMS, untitled), (DINKES_SITE, heard))
    return [(who, replace(post, kinds=(Kind.NEWS,), published_at=at)) for who, post in said]


def _languages(now: datetime) -> list[Said]:
    at = now - timedelta(hours=2)
    english = a_post(
        "english",
        "Free health checks for visitors at the harbour",
        "Visitors can have their blood pressure checked at the harbour clinic every Saturday.",
        kinds=(Kind.SERVICE,),
        language="en",
        media=(picture("pelabuhan", "A row of white boats at the harbour"),),
        published_at=at,
    )
    arabic = a_post(
        "arabic",
        "تنبيه: ارتفاع منسوب النهر في الحي الجديد",
        "يرجى من السكان الابتعاد عن ضفاف النهر. اتصلوا بالرقم 112 عند الحاجة.",
        kinds=(Kind.ANNOUNCEMENT,),
        language="ar",
        tags=("تنبيه",),
        published_at=at,
    )
    return [(DINKES_PICTURES, english), (BPBD_SITE, arabic)]


def _odd(now: datetime) -> list[Said]:
    at = now - timedelta(hours=4)
    long = a_post(
        "long-title",
        "Pengumuman tentang perubahan jadwal pelayanan administrasi kependudukan terpadu satu pintu "
        "untuk warga Kecamatan Melati, Kecamatan Kenanga, dan Kecamatan Cempaka selama masa perbaikan gedung "
        + "Pertanggungjawabanpenyelenggaraanpemerintahandaerah"
        * 2,
        "Jadwal lengkap ada di kantor kecamatan.\n\n" + "Alamat: https://melati.tirtasari.example/" + "jadwal-" * 30,
        kinds=(Kind.ANNOUNCEMENT,),
    )
    sensitive = a_post(
        "sensitive",
        "Foto kecelakaan di Jalan Mercusuar",
        "Gambar dapat mengganggu.",
        kinds=(Kind.NEWS,),
        sensitive=True,
        media=(picture("ambulans", "Ambulans di jalan"), picture("damkar", None)),
    )
    poll = a_post("poll", "Jam berapa pasar buka?", "Pilih satu.", poll=Poll(options=("05.00", "06.00")))
    empty = a_post("empty", "Libur bersama", "", kinds=(Kind.ANNOUNCEMENT,), source_url=None)
    said = ((MELATI_SITE, long), (DISHUB_X, sensitive), (DISHUB_X, poll), (DINSOS_PAGE, empty))
    return [(who, replace(post, published_at=at)) for who, post in said]


def _thread(now: datetime) -> list[Said]:
    texts = ("Isi tas siaga untuk keluarga:", "Dokumen dalam plastik.", "Air minum dua liter per orang.")
    said, before = [], None
    for number, text in enumerate(texts):
        name, at = f"thread-{number}", now - timedelta(hours=8, minutes=-number)
        kind = PostType.THREAD if before else PostType.ORIGINAL
        post = a_post(name, text, text, title_is_made=True, type=kind, in_reply_to=before, published_at=at)
        said.append((BPBD_MASTODON, replace(post, kinds=(Kind.ANNOUNCEMENT,))))
        before = name
    return said


CORRECTED = a_post(
    "corrected",
    "Imunisasi gratis di semua puskesmas mulai Senin",
    "Pekan imunisasi berlangsung di 6 puskesmas dan 42 posyandu.\n\nLayanan buka pukul 08.00–12.00 WIB.",
    kinds=(Kind.SERVICE,),
    tags=("imunisasi", "puskesmas"),
    media=(picture("vaksinasi", "Perawat menyuntik lengan seorang anak di puskesmas"), picture("posyandu", None)),
)
BEFORE_CORRECTION = replace(
    CORRECTED, content_text="Layanan buka pukul 13.00 WIB.", content_html="<p>Layanan buka pukul 13.00 WIB.</p>"
)
CALLED_GONE = a_post("called-gone", "Lomba mewarnai", "Pendaftaran dibuka.", kinds=(Kind.NEWS,))
TAKEN_DOWN = a_post("taken-down", "Jadwal yang dihapus dinas", "Jadwal lama.", kinds=(Kind.NEWS,))
WITHDRAWN = a_post("withdrawn", "rahasia yang ditarik", "Nama dan alamat seorang warga.", kinds=(Kind.NEWS,))


def city_posts(now: datetime) -> list[Said]:
    """Everything that was said, as it was said first."""
    at = {"published_at": now - timedelta(hours=2, minutes=30)}
    return [
        *_emergencies(now),
        *_events(now),
        *_films(now),
        *_languages(now),
        *_odd(now),
        *_thread(now),
        (DINKES_SITE, replace(BEFORE_CORRECTION, **at)),
        *((DINKES_SITE, replace(post, **at)) for post in (WITHDRAWN, CALLED_GONE, TAKEN_DOWN)),
        *_usual(now),
    ]
