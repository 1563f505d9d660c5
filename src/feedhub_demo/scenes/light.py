"""The light of a scene: what the sky looks like, and the tint that falls on all else."""

from dataclasses import dataclass
from random import Random

from feedhub_demo.scenes.canvas import Canvas


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """Colours of one time of day. `far` is what the distance fades to; `lit`: lamps are on."""

    upper: str
    lower: str
    sun: str
    far: str
    cloud: str
    tint: str
    high: float = 0.72  # of the sun, in units
    lit: bool = False


MORNING = Light(
    upper="#8fc1c9", lower="#fbe7c3", sun="#fff3d0", far="#e9dcc0", cloud="#fdf3e0", tint="#fff8ec", high=0.6
)
DAY = Light(upper="#6fb1cf", lower="#e2f0ea", sun="#fffbe6", far="#cfe3e2", cloud="#ffffff", tint="#fffefa", high=0.8)
DUSK = Light(
    upper="#5a6c9c", lower="#f6a96c", sun="#ffe2a0", far="#e7a587", cloud="#e9b39c", tint="#ffe6d4", high=0.42, lit=True
)
GREY = Light(upper="#7e929c", lower="#cdd6d4", sun="#eef2ee", far="#b6c3c4", cloud="#9fb0b5", tint="#e9eff0")
NIGHT = Light(
    upper="#1b2b52", lower="#6a5f94", sun="#fbf3cf", far="#565a8c", cloud="#4a5486", tint="#cdd2f2", high=0.8, lit=True
)
OUTDOORS = (MORNING, DAY, DAY, DUSK)


def heaven(sheet: Canvas, light: Light, *, horizon: float = 0.35) -> None:
    """Sky, sun or moon with its glow, a few clouds."""
    chance: Random = sheet.chance
    sheet.sky(light.upper, light.lower, horizon=horizon)
    if light is NIGHT:
        for _ in range(70):
            size = chance.uniform(0.0006, 0.0018)
            sheet.oval(chance.uniform(-sheet.side, sheet.side), chance.uniform(0.45, sheet.top), size, size, "#d9dcf2")
    if light is not GREY:
        x = chance.choice((-1, 1)) * chance.uniform(0.22, 0.5)
        sheet.spot(x, light.high, 0.75, 0.6, light.sun, 0.55)
        sheet.oval(x, light.high, 0.055, 0.055, light.sun)
    for _ in range(7 if light is GREY else 4):
        cloud(sheet, chance.uniform(-sheet.side, sheet.side), chance.uniform(0.62, sheet.top), light.cloud)


def cloud(sheet: Canvas, x: float, y: float, colour: str) -> None:
    """A long flat cloud of soft spots."""
    long = sheet.chance.uniform(0.12, 0.3)
    for _ in range(5):
        away = sheet.chance.uniform(-long, long)
        sheet.spot(x + away, y + sheet.chance.uniform(0, 0.02), long * 0.7, 0.034, colour, 0.55)


def rain(sheet: Canvas, colour: str = "#e3ecef", drops: int = 150) -> None:
    for _ in range(drops):
        x, y = sheet.chance.uniform(-sheet.side, sheet.side + 0.1), sheet.chance.uniform(0, sheet.top)
        long = sheet.chance.uniform(0.02, 0.05)
        sheet.line([(x, y), (x - long * 0.22, y - long)], colour, 0.0014)
