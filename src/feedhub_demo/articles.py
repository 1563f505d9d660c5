"""What stands on the demo city's sites: texts from data files, dated around now."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from html import escape
from pathlib import Path
from random import Random
from zlib import crc32
from zoneinfo import ZoneInfo

import msgspec

HERE = Path(__file__).parent
WIB = ZoneInfo("Asia/Jakarta")
PICTURE_SIZE = (1280, 853)  # pixels, every picture on a site

# Parts of the city, for texts that come round again elsewhere.
PLACES = (
    "Muara Biru",
    "Bukit Kenari",
    "Sendang Arum",
    "Karang Nyiur",
    "Rawa Teratai",
    "Lembah Padi",
    "Tanjung Camar",
    "Gerbang Timur",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One text of a data file. `{place}` and `{number}` in it differ each time it is published.

    In `text`, blocks stand apart by blank lines: `## ` a heading, `- ` a list, `<` HTML as it
    is, anything else a paragraph. `update` is what an edit adds.
    """

    slug: str
    text: str
    title: str | None = None
    days_ago: int = 0
    at: time = time(8)
    tags: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    attachment: str | None = None
    language: str = "id"
    update: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A department's data file: what stands on its site at first, and what it says later."""

    posts: tuple[Draft, ...]
    reserve: tuple[Draft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text as it stands on a site. Times are in WIB, whole seconds; the first picture leads."""

    number: int
    slug: str
    title: str | None
    text: str
    published_at: datetime
    changed_at: datetime
    tags: tuple[str, ...]
    pictures: tuple[str, ...]
    attachment: str | None
    language: str
    update: str | None

    def html(self, root: str) -> str:
        """The body with its pictures; `root` is what their addresses begin with ("" = relative)."""
        lead, rest = self.pictures[:1], self.pictures[1:]
        blocks = [_figure(name, root) for name in lead]
        blocks += [_block(block) for block in self.blocks]
        blocks += [_figure(name, root) for name in rest]
        return "\n".join(blocks)

    @property
    def blocks(self) -> list[str]:
        return [block.strip() for block in re.split(r"\n\s*\n", self.text.strip())]

    @property
    def excerpt(self) -> str:
        """The first paragraph as plain text on one line."""
        return " ".join(next(block for block in self.blocks if block[0] not in "<#-").split())


def texts_of(department: str) -> Texts:
    return msgspec.toml.decode((HERE / "posts" / f"{department}.toml").read_bytes(), type=Texts)


@cache
def alt_texts() -> dict[str, str]:
    """Descriptions of scenes by name; a few have none, as in life."""
    return msgspec.toml.decode((HERE / "alt.toml").read_bytes(), type=dict[str, str])


def picture_of(scene: str, told: str, shape: str = "1280x853") -> str:
    """The name of the picture that goes with what is told: the same words have the same picture.

    >>> picture_of("pasar", "harga-pangan")
    'pasar-504-1280x853.jpg'
    """
    return f"{scene}-{crc32(told.encode()) % 1000}-{shape}.jpg"


def scene_of(picture: str) -> str:
    """The scene that a picture shows."""
    return picture.rsplit("-", 2)[0]


def first_articles(department: str, now: datetime) -> list[Article]:
    """What stands on a site when the city wakes, newest first."""
    drafts = reversed(texts_of(department).posts)  # the files begin with the newest; numbers grow with time
    dated = [
        _article(draft, number, _moment(draft, now.astimezone(WIB))) for number, draft in enumerate(drafts, start=1)
    ]
    return sorted(dated, key=lambda article: (article.published_at, article.number), reverse=True)


def new_article(draft: Draft, *, number: int, lap: int, now: datetime, chance: Random) -> Article:
    """A text of the reserve, published now. `lap` counts how often the reserve has been told before."""
    place, amount = chance.choice(PLACES), str(chance.randrange(40, 400, 5))

    def filled(text: str) -> str:
        return text.replace("{place}", place).replace("{number}", amount)

    fresh = replace(
        draft,
        slug=f"{draft.slug}-{lap + 1}" if lap else draft.slug,
        title=filled(draft.title) if draft.title else None,
        text=filled(draft.text),
    )
    return _article(fresh, number, now.astimezone(WIB).replace(microsecond=0))


def edited(article: Article, *, now: datetime) -> Article:
    """The same article with a dated addition at its end."""
    moment = now.astimezone(WIB).replace(microsecond=0)
    addition = article.update or "Informasi di atas sudah diperiksa kembali dan masih berlaku."
    text = f"{article.text.rstrip()}\n\nPembaruan pukul {moment:%H.%M.%S} WIB: {addition}\n"
    return replace(article, text=text, changed_at=moment)


def _article(draft: Draft, number: int, moment: datetime) -> Article:
    return Article(
        number=number,
        slug=draft.slug,
        title=draft.title,
        text=draft.text,
        published_at=moment,
        changed_at=moment,
        tags=draft.tags,
        pictures=tuple(picture_of(scene, draft.slug) for scene in draft.pictures),
        attachment=draft.attachment,
        language=draft.language,
        update=draft.update,
    )


def _moment(draft: Draft, now: datetime) -> datetime:
    moment = datetime.combine(now.date() - timedelta(days=draft.days_ago), draft.at, tzinfo=WIB)
    return moment if moment <= now else moment - timedelta(days=1)


def _block(block: str) -> str:
    if block.startswith("<"):
        return block
    if block.startswith("## "):
        return f"<h3>{escape(block[3:])}</h3>"
    if block.startswith("- "):
        rows = re.split(r"\n- ", block[2:])
        return "<ul>" + "".join(f"<li>{_prose(row)}</li>" for row in rows) + "</ul>"
    return f"<p>{_prose(block)}</p>"


def _prose(text: str) -> str:
    words = escape(" ".join(text.split()), quote=False)
    return re.sub(r"(https?://\S+?)(?=[.,;)]?(?:\s|$))", r'<a href="\1">\1</a>', words)


def _figure(name: str, root: str) -> str:
    alt = alt_texts().get(scene_of(name))
    described = "" if alt is None else f' alt="{escape(alt)}"'
    width, height = PICTURE_SIZE
    return f'<figure><img src="{root}/gambar/{name}" width="{width}" height="{height}"{described}></figure>'
