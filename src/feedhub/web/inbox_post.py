"""What may be posted to the inbox: the one place where the outside's JSON is checked."""

from hashlib import blake2b
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from feedhub.accounts.kinds import kind_named
from feedhub.errors import InboxRefused, TooMuchSent

MOST_BYTES = 256 * 1024

_Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
_Long = Annotated[str, StringConstraints(min_length=1, max_length=200_000)]
_Address = Annotated[AnyHttpUrl, Field(max_length=2_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InboxMedium(_Strict):
    """A picture, film, sound or document; `alt` describes it for those who can't see it."""

    url: _Address
    type: Literal["image", "video", "audio", "document"] = "image"
    alt: Annotated[str, Field(max_length=2_000)] | None = None
    preview_url: _Address | None = None
    mime_type: _Short | None = None
    width: Annotated[int, Field(gt=0, le=100_000)] | None = None
    height: Annotated[int, Field(gt=0, le=100_000)] | None = None


class InboxEvent(_Strict):
    """When and where something takes place."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    all_day: bool = False
    location: _Short | None = None
    name: _Short | None = None


class InboxPlace(_Strict):
    """Where a post is about; WGS 84 degrees."""

    name: _Short | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


class InboxPost(_Strict):
    """A post as a department's system says it. The same `id` again is an edit."""

    account: _Short | None = None
    id: _Short | None = None
    title: _Short | None = None
    text: _Long | None = None
    html: _Long | None = None
    summary: Annotated[str, Field(max_length=4_000)] | None = None
    url: _Address | None = None
    published_at: AwareDatetime | None = None
    edited_at: AwareDatetime | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$")] | None = None
    tags: Annotated[list[_Short], Field(max_length=50)] = []
    kinds: Annotated[list[_Short], Field(max_length=6)] = []
    links: Annotated[list[_Address], Field(max_length=50)] = []
    media: Annotated[list[InboxMedium], Field(max_length=50)] = []
    in_reply_to: _Short | None = None
    event: InboxEvent | None = None
    place: InboxPlace | None = None


def read_inbox_post(body: bytes) -> InboxPost:
    """What was posted.

    Raises:
        InboxRefused: one sentence that names the first fault and its field.
        TooMuchSent: it is too long to be read.
    """
    if len(body) > MOST_BYTES:
        raise TooMuchSent(f"A post may have at most {MOST_BYTES // 1024} KiB; send pictures by their addresses.")
    try:
        post = InboxPost.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        where = f"The field {field}" if field else "The body"
        raise InboxRefused(f"{where} can't be taken: {fault['msg']}.") from None
    if not (post.title or post.text or post.html or post.media):
        raise InboxRefused("A post needs a title, a text, html or media.")
    for name in post.kinds:
        if kind_named(name) is None:
            raise InboxRefused(f"The kind {name!r} is none of those that `/api/v1/kinds` lists.")
    return post


def payload_body(post: InboxPost, *, native_id: str) -> bytes:
    """The post as it is kept: with its id, without the address of its account."""
    told = post.model_copy(update={"id": native_id, "account": None})
    return told.model_dump_json(exclude_none=True, exclude_defaults=True).encode()


def made_id(body: bytes) -> str:
    """An id for a post that names none: the same body is the same post."""
    return "body:" + blake2b(body, digest_size=16).hexdigest()
