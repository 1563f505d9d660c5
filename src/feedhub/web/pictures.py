"""Our copies of pictures: `/media/{id}/{width}.{jpg,webp}`."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.errors import NotKnown
from feedhub.posts.picture_copies import FORMATS, widths_of
from feedhub.store.pictures import served_picture
from feedhub.web.headers import CDN_CACHED
from feedhub.web.query import as_uuid
from feedhub.web.state import state

router = APIRouter()

_TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}
_NAMES = {f"{width}.{format}": width for format in FORMATS for width in range(1, 1281)}
_HEADERS = {
    # A picture never changes under its address, so a browser need not ask again. A cache in front of us must:
    # it asks within seconds and learns that a post was withdrawn, and no page names the picture any more.
    "Cache-Control": "public, max-age=31536000, immutable",
    "CDN-Cache-Control": CDN_CACHED,
    # Whatever it is taken for, and wherever it is opened, it is looked at and does nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@router.get("/media/{id}/{name}")
async def picture(request: Request, id: str, name: str) -> Response:
    here, wanted, width = state(request), as_uuid(id), _NAMES.get(name)
    found = await here.store.read(served_picture, wanted) if wanted and width and here.pictures else None
    if wanted is None or here.pictures is None or found is None or width not in widths_of(found.width):
        raise NotKnown("picture", f"{id}/{name}")
    if found.is_gone:
        return Response(status_code=410)
    content = await asyncio.to_thread(here.pictures.read, wanted, name)
    if content is None:
        raise NotKnown("picture", f"{id}/{name}")
    return Response(content, headers=_HEADERS, media_type=_TYPES[name.rpartition(".")[2]])
