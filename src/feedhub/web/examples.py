"""Answers as the documentation shows them; a test holds each against a real one."""

from feedhub.views.api_shapes import AccountJson, DepartmentJson, FeedsJson, KindJson, PostJson, VerifyJson
from feedhub.web.problems import GONE, REFUSED, Problem

HERE = "https://kabar.example.go.id"
_POST = "5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11"
_ACCOUNT = "0e8f5a0c-42c1-5d58-8a3a-6a7b1f0c2d9e"


def _feeds(pattern: str) -> FeedsJson:
    return {"rss": pattern.format("rss"), "atom": pattern.format("atom"), "json": pattern.format("json")}


POST: PostJson = {
    "id": _POST,
    "uri": f"urn:uuid:{_POST}",
    "url": f"{HERE}/posts/{_POST}",
    "source_url": "https://dinkes.example.go.id/imunisasi-gratis/",
    "change": 1204,
    "version": 2,
    "status": "live",
    "backfill": False,
    "department": {"slug": "dinkes", "name": "Dinas Kesehatan", "url": "https://dinkes.example.go.id/"},
    "account": {
        "id": _ACCOUNT,
        "platform": "webfeed",
        "handle": None,
        "url": "https://dinkes.example.go.id/feed/",
        "verified_at": "2026-11-01",
    },
    "via": "feed",
    "type": "original",
    "title": "Imunisasi gratis di semua puskesmas",
    "title_is_made": False,
    "content_text": "Imunisasi gratis, Senin pukul 08.00, di semua puskesmas.",
    "content_html": "<p>Imunisasi gratis, Senin pukul 08.00, di semua puskesmas.</p>",
    "summary": "Imunisasi gratis, Senin pukul 08.00.",
    "language": "id",
    "published_at": "2026-11-20T08:00:00+07:00",
    "published_is_made": False,
    "edited_at": None,
    "collected_at": "2026-11-20T08:04:10+07:00",
    "updated_at": "2026-11-20T09:30:00+07:00",
    "media": [
        {
            "type": "image",
            "url": "https://dinkes.example.go.id/imunisasi.jpg",
            "preview_url": None,
            "mime_type": "image/jpeg",
            "width": 1080,
            "height": 1080,
            "bytes": None,
            "duration_seconds": None,
            "alt": "Seorang perawat menyuntik lengan anak",
        }
    ],
    "links": ["https://dinkes.example.go.id/jadwal"],
    "tags": ["imunisasi"],
    "mentions": [],
    "kinds": ["service"],
    "in_reply_to": None,
    "repost_of": None,
    "thread": None,
    "poll": None,
    "event": None,
    "place": None,
    "counts": {},
    "sensitive": False,
    "notice": None,
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "attribution": "Kota Probolinggo / Dinas Kesehatan, via dinkes.example.go.id, CC BY 4.0",
    "restrictions": None,
}

DEPARTMENT: DepartmentJson = {
    "slug": "dinkes",
    "name": "Dinas Kesehatan",
    "short_name": "Dinkes",
    "url": "https://dinkes.example.go.id/",
    "email": None,
    "phone": None,
    "group": "Dinas",
    "area": None,
    "page_url": f"{HERE}/departments/dinkes",
    "feeds": _feeds(f"{HERE}/departments/dinkes/feed.{{}}"),
    "accounts": [POST["account"]],
}

ACCOUNT: AccountJson = {
    "id": _ACCOUNT,
    "key": "webfeed:dinkes.example.go.id/feed/",
    "department": POST["department"],
    "platform": "webfeed",
    "handle": None,
    "url": "https://dinkes.example.go.id/feed/",
    "via": None,
    "kind": None,
    "status": "active",
    "verified_at": "2026-11-01",
    "evidence": "https://dinkes.example.go.id/kontak",
    "page_url": f"{HERE}/accounts/{_ACCOUNT}",
    "feeds": _feeds(f"{HERE}/feed.{{}}?account={_ACCOUNT}"),
}

KIND: KindJson = {
    "kind": "service",
    "aliases": ["layanan"],
    "words": ["puskesmas"],
    "tags": ["layanan"],
    "feeds": _feeds(f"{HERE}/kinds/service/feed.{{}}"),
}

VERIFY: VerifyJson = {
    "url": "https://dinkes.example.go.id/imunisasi-gratis/",
    "official": True,
    "collected": True,
    "account": POST["account"],
    "post": {
        "id": _POST,
        "url": f"{HERE}/posts/{_POST}",
        "source_url": "https://dinkes.example.go.id/imunisasi-gratis/",
        "status": "live",
        "version": 2,
    },
    "problem": None,
    "remedy": None,
    "look_alike_of": None,
}

READY = {"status": "ready", "clock": 1204}


def problem_example(problem: Problem, detail: str, **also: object) -> dict[str, object]:
    told = {"type": f"{HERE}/docs#{problem.name}", "title": problem.title, "status": problem.status, "detail": detail}
    return told | also


REFUSED_EXAMPLE = problem_example(REFUSED, "There is no department 'dinkez'.", parameter="department")
_NOTICE = {"kind": "withdrawal", "reason": "Tanggalnya keliru.", "at": "2026-11-20T10:00:00+07:00"}
GONE_EXAMPLE = problem_example(
    GONE,
    "Tanggalnya keliru.",
    id=_POST,
    uri=f"urn:uuid:{_POST}",
    post_status="withdrawn",
    reason="Tanggalnya keliru.",
    notice=_NOTICE,
)
