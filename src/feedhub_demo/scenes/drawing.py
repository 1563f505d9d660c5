"""Every scene by its name, and how a picture's name says which one, in which light and shape."""

import re
from collections.abc import Callable
from functools import lru_cache
from random import Random

from PIL import Image

from feedhub_demo.scenes import indoors, outdoors, places
from feedhub_demo.scenes.canvas import Canvas, as_jpeg
from feedhub_demo.scenes.lettering import card, poster
from feedhub_demo.scenes.light import DAY, DUSK, GREY, MORNING, NIGHT, OUTDOORS, Light

SCENES: dict[str, tuple[Callable[[Canvas, Light], None], tuple[Light, ...]]] = {
    "ambulans": (places.ambulance, (DAY, MORNING, DUSK)),
    "balai-kota": (places.city_hall, (MORNING, DAY, DUSK)),
    "banjir": (outdoors.flood, (GREY,)),
    "beras": (indoors.rice, (DAY, MORNING)),
    "bukit": (outdoors.hills, OUTDOORS),
    "bus": (places.bus_stop, OUTDOORS),
    "damkar": (places.fire_engine, (DUSK, NIGHT)),
    "dapur-umum": (indoors.kitchen, (DAY, MORNING)),
    "festival": (places.stage, (NIGHT,)),
    "hujan": (outdoors.downpour, (GREY,)),
    "jalan": (places.road_works, (DAY, MORNING)),
    "kereta": (places.station, OUTDOORS),
    "klinik": (places.clinic, (DAY, MORNING)),
    "lapangan": (places.football, OUTDOORS),
    "loket": (indoors.counter, (DAY, MORNING)),
    "malam": (outdoors.at_night, (NIGHT,)),
    "mangga": (outdoors.orchard, (DAY, MORNING, DUSK)),
    "ombak": (outdoors.waves, (GREY, DUSK)),
    "pasar": (places.market, (DAY, MORNING)),
    "pelabuhan": (outdoors.harbour, OUTDOORS),
    "perpustakaan": (indoors.library, (DAY, MORNING)),
    "posko": (places.camp, (DAY, MORNING, GREY)),
    "rumah": (places.houses, (DAY, MORNING)),
    "sampah": (places.waste, (DAY, MORNING)),
    "sawah": (outdoors.fields, OUTDOORS),
    "sekolah": (places.school, (DAY, MORNING)),
    "taman": (places.park, OUTDOORS),
    "tanam": (outdoors.planting, OUTDOORS),
    "vaksinasi": (indoors.vaccination, (DAY, MORNING)),
}
SHAPES = {
    "1280x853": (1280, 853),
    "1080x1080": (1080, 1080),
    "1080x1350": (1080, 1350),
    "1280x720": (1280, 720),
    "720x1280": (720, 1280),
}
_NAME = re.compile(r"(kartu-)?([a-z-]+)-(\d{1,6})-(\d+x\d+)")
_KEPT = 96  # pictures


@lru_cache(maxsize=_KEPT)
def drawn(name: str, *, title: str = "", speaker: str = "", department: str = "") -> bytes | None:
    """The JPEG of a name such as `pasar-3-1280x853`, or with `kartu-` before it as a card; None = no such picture."""
    said = _NAME.fullmatch(name)
    if said is None or said[2] not in SCENES or said[4] not in SHAPES:
        return None
    picture = scene(said[2], int(said[3]), SHAPES[said[4]])
    if said[1]:
        picture = card(picture, title, speaker, department=department)
    elif title:
        picture = poster(picture, title, speaker, department=department)
    return as_jpeg(picture)


def scene(name: str, number: int, size: tuple[int, int]) -> Image.Image:
    """A scene; the same number is the same picture."""
    draw, lights = SCENES[name]
    light = lights[number % len(lights)]
    sheet = Canvas(*size, chance=Random(f"{name}-{number}"))
    draw(sheet, light)
    return sheet.finished(light.tint)
