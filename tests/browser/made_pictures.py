"""Copies of the made city's pictures, drawn here instead of fetched; of one that all its posts name there is none."""

import colorsys
import io
from datetime import datetime
from functools import cache
from zlib import crc32

from PIL import Image

from feedhub.posts.picture_copies import MadePicture, Thumbnails
from feedhub.store.picture_files import PictureFiles
from feedhub.store.pictures import claim_picture, keep_ready, refuse_picture, show_pictures, want_pictures
from feedhub.store.session import Store
from feedhub.views.thumbnails import thumbnails

MISSING = "bus"
_SIZE = (1200, 800)


async def keep_pictures(store: Store, files: PictureFiles, now: datetime) -> None:
    """Do what the copier of pictures does, without a network."""
    while await store.write(want_pictures):
        pass
    while wanted := await store.write(claim_picture, now=now, resting=()):
        name = wanted.source.rpartition("/")[2].partition(".")[0]
        if name == MISSING:
            await store.write(refuse_picture, wanted.id, why="There is no such picture.")
            continue
        made = _drawn(name)
        contents = [(f"{one.width}.{one.format}", one.content) for one in made.renditions]
        files.write(wanted.id, contents)
        copy = MadePicture(id=wanted.id, width=made.width, height=made.height, color=made.color)
        await store.write(keep_ready, copy, bytes=sum(len(one) for _, one in contents), at=now)
    while await store.write(show_pictures, at=now):
        pass


@cache
def _drawn(name: str) -> Thumbnails:
    """A picture that is no other's."""
    shade = crc32(name.encode()) / 2**32
    dark, light = ([int(255 * part) for part in colorsys.hsv_to_rgb(shade, 0.5, value)] for value in (0.3, 0.9))
    drawn = Image.linear_gradient("L").resize(_SIZE)
    blended = Image.composite(Image.new("RGB", _SIZE, tuple(light)), Image.new("RGB", _SIZE, tuple(dark)), drawn)
    written = io.BytesIO()
    blended.save(written, "JPEG")
    made = thumbnails(written.getvalue())
    assert isinstance(made, Thumbnails)
    return made
