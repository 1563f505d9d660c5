"""What grows and rises around the city: mountains, trees, fields, water, boats."""

from math import cos, pi, sin

from feedhub_demo.scenes.canvas import Canvas, mixed
from feedhub_demo.scenes.light import Light


def mountains(sheet: Canvas, light: Light, *, foot: float = 0.35) -> None:
    """A volcano with a cut top, a cone beside it, and ridges that fade with distance."""
    x = sheet.chance.uniform(-0.35, 0.35)
    rock = mixed("#5b7f8c", light.far, 0.55)
    volcano(sheet, x, foot, (0.58, 0.27), (rock, light.far))
    volcano(sheet, x - 0.42, foot, (0.4, 0.19), (mixed(rock, light.far, 0.3), light.far))
    for _ in range(3):
        sheet.spot(x + 0.03 + sheet.chance.uniform(-0.02, 0.06), foot + 0.3, 0.07, 0.035, light.cloud, 0.7)
    for place, (high, share) in enumerate(((0.14, 0.5), (0.11, 0.28))):
        sheet.ridge(
            foot - 0.02 - place * 0.03, high, mixed("#4d7f74", light.far, share), light.far, rough=0.7, down=foot - 0.15
        )
    sheet.haze(foot - 0.06, 0.2, light.far, 0.6)


def volcano(sheet: Canvas, x: float, foot: float, size: tuple[float, float], colours: tuple[str, str]) -> None:
    """Steep at the top and wide below, with folds on its flank. `colours` at the top and at the foot."""
    (wide, high), (colour, to) = size, colours
    flank = [(share * wide * 0.5, high * (1 - share) ** 1.9) for share in (0.12, 0.2, 0.3, 0.42, 0.56, 0.72, 0.88, 1)]
    rim = flank[0][1]
    left, right = [(x - away, foot + up) for away, up in reversed(flank)], [(x + away, foot + up) for away, up in flank]
    sheet.shape([*left, (x - 0.01, foot + rim * 0.95), *right], colour, to)
    for place in range(5):
        begin = x + (place - 1.4) * wide * 0.045
        end = begin + (place - 1.2) * wide * 0.06
        fold = [
            (begin, foot + rim * 0.92),
            (end + wide * 0.03, foot + high * 0.25),
            (end - wide * 0.015, foot + high * 0.27),
        ]
        sheet.shape(fold, mixed(colour, "#25414d", 0.22), to)


def tree(sheet: Canvas, x: float, y: float, high: float, colour: str = "#3f7d5a") -> None:
    """A round crown of leaves in three tones, lit from the left."""
    crown = high * 0.34
    sheet.spot(x + high * 0.08, y, high * 0.4, high * 0.06, "#1e3a34", 0.5)
    sheet.shape(
        [
            (x - high * 0.035, y),
            (x + high * 0.035, y),
            (x + high * 0.02, y + high * 0.6),
            (x - high * 0.02, y + high * 0.6),
        ],
        "#6b4a37",
    )
    dark, bright = mixed(colour, "#14342e", 0.35), mixed(colour, "#e8d98a", 0.35)
    for tone, away, size in ((dark, 0.12, 1.0), (colour, 0.0, 0.95), (bright, -0.3, 0.5)):
        for _ in range(5):
            dx, dy = sheet.chance.uniform(-0.55, 0.55) + away, sheet.chance.uniform(-0.35, 0.4) - away
            size_now = crown * size * sheet.chance.uniform(0.45, 0.62)
            sheet.oval(x + dx * crown, y + high * 0.7 + dy * crown, size_now, size_now * 0.9, tone)


def palm(sheet: Canvas, x: float, y: float, high: float, colour: str = "#2f6b52") -> None:
    lean = sheet.chance.uniform(-0.18, 0.18) * high
    trunk = [(x + lean * share**2, y + high * share) for share in (0, 0.25, 0.5, 0.75, 1)]
    sheet.line(trunk, "#7a5a43", high * 0.045)
    top_x, top_y = trunk[-1]
    for place in range(9):
        angle = pi * (place / 8) * 1.16 - 0.25
        reach, rise = cos(angle) * high * 0.42, sin(angle) * high * 0.2
        tip = (top_x + reach, top_y + rise - abs(reach) * 0.42)
        middle = (top_x + reach * 0.55, top_y + rise + high * 0.05)
        under = (middle[0], middle[1] - high * 0.075)
        sheet.shape([(top_x, top_y), middle, tip, under], mixed(colour, "#c9c36b", 0.28 * (place % 2)))


def bush(sheet: Canvas, x: float, y: float, size: float, colour: str = "#4c8560") -> None:
    for tone, away in ((mixed(colour, "#14342e", 0.3), 0.2), (colour, -0.15)):
        for place in (-0.6, 0, 0.6):
            sheet.oval(x + (place + away) * size * 0.8, y + size * 0.35, size * 0.55, size * 0.45, tone)


def sea(sheet: Canvas, light: Light, *, horizon: float = 0.36, colour: str = "#2f7d8c") -> None:
    """Water to the horizon with strokes of light."""
    sheet.ground(horizon, mixed(colour, light.lower, 0.55), mixed(colour, "#12384a", 0.35))
    for _ in range(90):
        share = sheet.chance.random() ** 1.6
        y, long = horizon * (1 - share) + 0.002, 0.01 + 0.1 * share * sheet.chance.random()
        x = sheet.chance.uniform(-sheet.side, sheet.side)
        sheet.oval(x, y, long, 0.0012 + 0.0028 * share, mixed(colour, light.sun, 0.3 + 0.4 * sheet.chance.random()))


def boat(sheet: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """A wooden boat with high ends, a mast and outriggers, as fishermen of the coast paint them."""
    half = size / 2
    sheet.spot(x, y - size * 0.02, half * 1.2, size * 0.07, "#0e2c3a", 0.6)
    hull = [
        (-1, 0.5),
        (-0.84, 0.18),
        (-0.6, -0.04),
        (0.6, -0.04),
        (0.86, 0.2),
        (1.06, 0.58),
        (0.74, 0.3),
        (0.3, 0.22),
        (-0.3, 0.22),
        (-0.76, 0.3),
    ]
    sheet.shape(
        [(x + dx * half, y + dy * half) for dx, dy in hull],
        mixed(colour, "#ffffff", 0.12),
        mixed(colour, "#1c2530", 0.35),
    )
    sheet.line([(x - half * 0.8, y + half * 0.13), (x + half * 0.8, y + half * 0.13)], "#f6ead0", size * 0.022)
    sheet.line([(x - half * 0.1, y + half * 0.2), (x - half * 0.1, y + half * 1.3)], "#5c4433", size * 0.016)
    sheet.line(
        [(x - half * 0.95, y + half * 0.3), (x - half * 0.1, y + half * 1.28), (x + half, y + half * 0.38)],
        "#5c4433",
        size * 0.005,
    )
    sheet.box(x + half * 0.1, y + half * 0.2, half * 0.42, half * 0.3, "#f3e4c5", round=size * 0.01)
    sheet.box(x + half * 0.18, y + half * 0.3, half * 0.1, half * 0.12, "#3b5b6d")
    sheet.shape(
        [(x - half * 0.1, y + half * 1.3), (x + half * 0.16, y + half * 1.22), (x - half * 0.1, y + half * 1.12)],
        "#c8453a",
    )


def terraces(sheet: Canvas, *, top: float = 0.34) -> None:
    """Rice fields in steps, brighter far away, with water between the rows."""
    tones = ("#a9c46c", "#8fb65e", "#76a455", "#5f9150", "#4c7f4b", "#3c6b44")
    for place, tone in enumerate(tones):
        y = top * (1 - (place / len(tones)) ** 1.15)
        bend = sheet.chance.uniform(0.6, 1.6)
        phase = sheet.chance.uniform(0, 6)
        line = [(-sheet.side + 2 * sheet.side * n / 24, y + 0.018 * sin(n / 24 * 5 * bend + phase)) for n in range(25)]
        sheet.shape([(-sheet.side, 0), *line, (sheet.side, 0)], tone, mixed(tone, "#274d3a", 0.4))
        sheet.line([(x, y - 0.004) for x, y in line], "#d9e3b0", 0.004)
        for _ in range(60):
            x = sheet.chance.uniform(-sheet.side, sheet.side)
            away = y - sheet.chance.uniform(0.02, 0.06)
            size = 0.004 + 0.004 * place
            sheet.line([(x, away), (x + size * 0.4, away + size * 1.6)], mixed(tone, "#e4e08a", 0.3), 0.0018)
