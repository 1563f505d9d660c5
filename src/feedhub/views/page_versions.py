"""The page of a post's history: what each version said otherwise than the one before, and how it can be proved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.views.channel import shown_content
from feedhub.views.messages import speaker
from feedhub.views.page_cards import other_language
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import ShownTime, shown_time
from feedhub.views.proofs import ProofJson, Seal, proof_json
from feedhub.views.versions import DifferenceJson, PieceJson, differences

# Of a long stretch that stayed as it was, this much is shown at its ends.
_CONTEXT = 160  # characters
_LONGEST = 2_000  # characters of a value


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """What became of one field: pieces of its text, or what it was and what it is."""

    label: str
    pieces: tuple[PieceJson, ...] = ()
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """One version for the template. `changes` is None where it can't be compared."""

    number: int
    time: ShownTime
    is_redacted: bool
    is_first: bool
    language: str | None
    text: str
    notice: str | None
    changes: tuple[ShownChange, ...] | None
    proof: ProofJson | None


def versions_page(site: Site, kept: KeptPost, found: Sequence[KeptPost], *, most: int, seal: Seal) -> str:
    """`most` versions of those found, newest first; one more is there to compare the last with."""
    shown = [_shown(site, one, before, seal) for one, before in zip_longest(found, found[1:])][:most]
    older = f"/posts/{kept.id}/versions?before={found[most - 1].version}" if len(found) > most else None
    title = kept.post.title if kept.post and kept.post.title.strip() else speaker(site.language)("no_title")
    return rendered("versions.html", site, kept=kept, title=title, versions=shown, older=older and site.path(older))


def _shown(site: Site, kept: KeptPost, before: KeptPost | None, seal: Seal) -> ShownVersion:
    post = shown_content(kept)
    told = differences(kept, before, publisher=site.publisher, public_url=site.public_url)
    return ShownVersion(
        number=kept.version,
        time=shown_time(kept.updated_at, site.zone, site.language),
        is_redacted=post is None,
        is_first=before is None,
        language=other_language(post, site) if post else None,
        text=_cut(post.content_text) if post else "",
        notice=kept.notice.reason if kept.notice else None,
        changes=None if told is None else tuple(_change(site, one) for one in told),
        proof=_proof(site, kept, post, seal) if post else None,
    )


def _proof(site: Site, kept: KeptPost, post: Post, seal: Seal) -> ProofJson:
    return proof_json(kept, post, publisher=site.publisher, public_url=site.public_url, seal=seal)


def _change(site: Site, told: DifferenceJson) -> ShownChange:
    label = speaker(site.language)(f"version_{told['field']}")
    if told["diff"] is not None:
        return ShownChange(label=label, pieces=tuple(_shortened(told["diff"])))
    return ShownChange(label=label, before=_cut(_words(site, told["before"])), after=_cut(_words(site, told["after"])))


def _shortened(pieces: Sequence[PieceJson]) -> list[PieceJson]:
    """The pieces, what stayed the same only near what did not."""
    last = len(pieces) - 1
    return [
        {"op": piece["op"], "text": _near(piece["text"], is_first=place == 0, is_last=place == last)}
        if piece["op"] == "equal"
        else piece
        for place, piece in enumerate(pieces)
    ]


def _near(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= 2 * _CONTEXT:
        return text
    head, tail = "" if is_first else text[:_CONTEXT], "" if is_last else text[-_CONTEXT:]
    return f"{head} … {tail}".strip(" ") if head and tail else f"{head}…{tail}"


def _words(site: Site, value: object) -> str:
    """A field's value in words: times as people read them, several things one after another."""
    say = speaker(site.language)
    match value:
        case None | "" | []:
            return say("version_nothing")
        case bool():
            return say("version_yes" if value else "version_no")
        case Mapping():
            return ", ".join(_words(site, one) for one in value.values() if one not in (None, "", [], False))
        case list():
            return ", ".join(_words(site, one) for one in value)
        case str():
            moment = _moment(value)
            return value if moment is None else shown_time(moment, site.zone, site.language).words
        case _:
            return str(value)


def _moment(text: str) -> datetime | None:
    """A time as the API writes it, if this is one."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
