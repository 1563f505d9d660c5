"""What is built in the city: houses, offices, streets, vehicles, tents, stalls."""

from feedhub_demo.scenes.canvas import Canvas, mixed
from feedhub_demo.scenes.light import Light

GLASS, LAMP = "#6d93a3", "#ffdf94"
ROOFS = ("#b5533c", "#a2442f", "#c4694a", "#8f4a3c")
WALLS = ("#f3e6cd", "#e7d3b1", "#dfe3d8", "#f0d9c0", "#d5dfdf")


def house(sheet: Canvas, x: float, y: float, wide: float, light: Light, *, roof: str | None = None) -> None:
    """A house of one floor with a hipped roof; (x, y) is the middle of its foot."""
    wall, roof, high = sheet.chance.choice(WALLS), roof or sheet.chance.choice(ROOFS), wide * 0.5
    sheet.spot(x + wide * 0.15, y, wide * 0.7, wide * 0.08, "#1b2c30", 0.5)
    sheet.wall(x - wide / 2, y, wide, high, wall, mixed(wall, "#5a4a3c", 0.25))
    sheet.box(x + wide * 0.18, y, wide * 0.32, high, mixed(wall, "#5a4a3c", 0.18))
    sheet.shape(
        [
            (x - wide * 0.6, y + high),
            (x + wide * 0.6, y + high),
            (x + wide * 0.36, y + high + wide * 0.3),
            (x - wide * 0.36, y + high + wide * 0.3),
        ],
        mixed(roof, "#ffd9a8", 0.15),
        mixed(roof, "#3a1d18", 0.25),
    )
    sheet.box(x - wide * 0.6, y + high - wide * 0.02, wide * 1.2, wide * 0.03, mixed(roof, "#3a1d18", 0.5))
    sheet.box(x - wide * 0.08, y, wide * 0.17, wide * 0.34, "#6b4a37")
    for away in (-0.38, 0.22):
        window(sheet, x + wide * away, y + wide * 0.16, wide * 0.18, wide * 0.18, light)


def window(sheet: Canvas, x: float, y: float, wide: float, high: float, light: Light) -> None:
    sheet.box(x - wide * 0.08, y - high * 0.06, wide * 1.16, high * 1.12, "#faf3e3")
    sheet.box(x, y, wide, high, LAMP if light.lit else GLASS)
    sheet.box(x + wide * 0.47, y, wide * 0.07, high, "#faf3e3")


def street(sheet: Canvas, light: Light, *, y: float = 0.3) -> None:
    """A row of houses behind the scene, fading, and trees between them."""
    x = -sheet.side - 0.05
    while x < sheet.side + 0.2:
        wide = sheet.chance.uniform(0.2, 0.3)
        house(sheet, x, y, wide, light)
        if sheet.chance.random() < 0.5:  # noqa: PLR2004  # every second gap is empty
            sheet.oval(x + wide * 0.72, y + 0.11, 0.06, 0.07, "#4f8262")
        x += wide * 1.5
    sheet.haze(y - 0.02, 0.3, light.far, 0.55)


def office(  # noqa: PLR0913  # a place, a size, a look
    sheet: Canvas, x: float, y: float, wide: float, light: Light, *, colour: str, sign: str = ""
) -> None:
    """A public building: broad roof, a row of windows, a door with steps and a porch."""
    high = wide * 0.3
    sheet.spot(x, y, wide * 0.62, 0.05, "#1b2c30", 0.55)
    sheet.wall(x - wide / 2, y, wide, high, "#f8efdc", "#dccbac")
    for place in range(8):
        if place not in {3, 4}:
            window(sheet, x - wide * 0.45 + place * wide * 0.118, y + high * 0.32, wide * 0.07, high * 0.4, light)
    sheet.shape(
        [
            (x - wide * 0.55, y + high),
            (x + wide * 0.55, y + high),
            (x + wide * 0.44, y + high * 1.55),
            (x - wide * 0.44, y + high * 1.55),
        ],
        mixed(colour, "#ffe9c0", 0.18),
        mixed(colour, "#17252b", 0.25),
    )
    sheet.box(x - wide * 0.55, y + high * 0.96, wide * 1.1, high * 0.05, mixed(colour, "#17252b", 0.55))
    sheet.wall(x - wide * 0.13, y, wide * 0.26, high * 1.06, "#fdf7e8", "#e4d6ba")
    sheet.shape(
        [(x - wide * 0.17, y + high * 1.06), (x + wide * 0.17, y + high * 1.06), (x, y + high * 1.62)],
        mixed(colour, "#ffe9c0", 0.1),
        mixed(colour, "#17252b", 0.2),
    )
    sheet.box(x - wide * 0.055, y, wide * 0.11, high * 0.62, LAMP if light.lit else mixed(GLASS, "#1c3440", 0.3))
    for way in (-0.11, 0.085):
        sheet.box(x + way * wide, y, wide * 0.025, high * 1.02, "#cbb995")
    sheet.box(x - wide * 0.09, y + high * 0.74, wide * 0.18, high * 0.16, colour, round=0.004)
    if sign == "cross":
        sheet.box(x - 0.008, y + high * 1.14, 0.016, 0.056, "#ffffff")
        sheet.box(x - 0.028, y + high * 1.14 + 0.02, 0.056, 0.016, "#ffffff")
    else:
        sheet.oval(x, y + high * 1.22, wide * 0.03, wide * 0.03, "#f3e2b4")
    _steps(sheet, x, y, wide)


def _steps(sheet: Canvas, x: float, y: float, wide: float) -> None:
    for step in range(3):
        sheet.box(
            x - wide * (0.15 + step * 0.015),
            y - 0.012 * (step + 1),
            wide * (0.3 + step * 0.03),
            0.013,
            mixed("#e4d6ba", "#8a7a62", step * 0.2),
        )


def flag(sheet: Canvas, x: float, y: float, high: float) -> None:
    sheet.line([(x, y), (x, y + high)], "#d8d2c4", 0.007)
    for colour, up in (("#c8372f", 0.0), ("#fbf7ee", 0.055)):
        top = y + high - up
        sheet.shape(
            [
                (x, top),
                (x + 0.08, top + 0.012),
                (x + 0.16, top - 0.004),
                (x + 0.16, top - 0.056),
                (x + 0.08, top - 0.042),
                (x, top - 0.055),
            ],
            colour,
        )


def road(sheet: Canvas, y: float, *, wet: bool = False) -> None:
    sheet.ground(y, "#6f7a7c" if wet else "#8b8b84", "#3c474c" if wet else "#5d605e")
    sheet.box(-sheet.side, y - 0.008, sheet.side * 2, 0.016, "#d8cdb4")
    x = -sheet.side + sheet.chance.uniform(0, 0.1)
    while x < sheet.side:
        sheet.shape(
            [(x, y * 0.5), (x + 0.11, y * 0.5), (x + 0.1, y * 0.5 - 0.014), (x - 0.012, y * 0.5 - 0.014)], "#efe3c4"
        )
        x += 0.24


def wheels(sheet: Canvas, places: tuple[float, ...], y: float, size: float) -> None:
    for x in places:
        sheet.oval(x, y, size, size, "#1f262b")
        sheet.oval(x, y, size * 0.55, size * 0.55, "#aab2b2")
        sheet.oval(x, y, size * 0.2, size * 0.2, "#4a5358")


def van(sheet: Canvas, x: float, y: float, long: float, colour: str, *, kind: str) -> None:
    """Something on wheels that drives to the right: a bus, a lorry, an ambulance, a fire engine."""
    high = long * (0.36 if kind == "bus" else 0.4)
    left, foot = x - long / 2, y + long * 0.05
    sheet.spot(x, y - 0.01, long * 0.62, 0.035, "#101a1e", 0.75)
    body, shade = mixed(colour, "#ffffff", 0.12), mixed(colour, "#1c2530", 0.25)
    if kind == "bus":
        sheet.wall(left, foot, long, high, body, shade)
        sheet.box(left + long * 0.03, foot + high * 0.48, long * 0.9, high * 0.36, "#2c424d", round=0.008)
        for place in range(1, 6):
            sheet.box(left + long * (0.03 + place * 0.15), foot + high * 0.48, long * 0.012, high * 0.36, shade)
    else:
        sheet.wall(left, foot, long * 0.7, high, body, shade)
        cabin = [(0.7, 0), (1, 0), (1, 0.36), (0.9, 0.84), (0.7, 0.84)]
        sheet.shape([(left + long * a, foot + high * b) for a, b in cabin], body, shade)
        pane = [(0.73, 0.44), (0.95, 0.44), (0.88, 0.76), (0.73, 0.76)]
        sheet.shape([(left + long * a, foot + high * b) for a, b in pane], "#8fb6c2", "#3b5b6b")
    sheet.box(left, foot + high * 0.2, long, high * 0.07, "#f7ead0")
    sheet.box(left + long * 0.96, foot + high * 0.1, long * 0.04, high * 0.08, "#ffe7a0")
    wheels(sheet, (left + long * 0.2, left + long * 0.8), foot, long * 0.075)


def tent(sheet: Canvas, x: float, y: float, wide: float, colour: str) -> None:
    sheet.spot(x, y, wide * 0.65, 0.03, "#1b2c30", 0.5)
    sheet.shape(
        [(x - wide / 2, y), (x + wide * 0.2, y), (x - wide * 0.1, y + wide * 0.5)],
        mixed(colour, "#fff2d0", 0.25),
        colour,
    )
    sheet.shape(
        [
            (x + wide * 0.2, y),
            (x + wide * 0.56, y),
            (x + wide * 0.3, y + wide * 0.48),
            (x - wide * 0.1, y + wide * 0.5),
        ],
        mixed(colour, "#5a2a18", 0.15),
        mixed(colour, "#5a2a18", 0.35),
    )
    sheet.shape([(x - wide * 0.24, y), (x + wide * 0.03, y), (x - wide * 0.1, y + wide * 0.34)], "#3a2c26")


def awning(sheet: Canvas, x: float, y: float, wide: float, colour: str) -> None:
    """A striped roof of a stall with scallops; y is its lower edge."""
    step = wide / 7
    for place in range(7):
        tone, left = (colour, "#f8eeda")[place % 2], x - wide / 2 + place * step
        middle = 1 - abs(place - 3) * 0.02
        sheet.shape(
            [
                (left, y),
                (left + step, y),
                (x + (left + step - x) * 0.88, y + 0.11 * middle),
                (x + (left - x) * 0.88, y + 0.11 * middle),
            ],
            mixed(tone, "#ffffff", 0.08),
            mixed(tone, "#4a3428", 0.2),
        )
        sheet.oval(left + step / 2, y, step / 2, 0.018, mixed(tone, "#4a3428", 0.14))


def lamp_post(sheet: Canvas, x: float, y: float, high: float, light: Light) -> None:
    sheet.line([(x, y), (x, y + high), (x + 0.06, y + high + 0.02)], "#39454b", 0.009)
    sheet.oval(x + 0.07, y + high + 0.014, 0.02, 0.01, LAMP if light.lit else "#e9e4d2")
    if light.lit:
        sheet.spot(x + 0.07, y + high, 0.16, 0.15, LAMP, 0.6)
        sheet.spot(x + 0.07, y, 0.18, 0.035, LAMP, 0.5)
