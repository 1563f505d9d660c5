"""Scenes under the open sky: coast, fields, weather, streets."""

from math import cos, pi

from feedhub_demo.scenes.canvas import Canvas, mixed
from feedhub_demo.scenes.light import GREY, NIGHT, Light, heaven, rain
from feedhub_demo.scenes.nature import boat, bush, mountains, palm, sea, terraces, tree, volcano
from feedhub_demo.scenes.people import person
from feedhub_demo.scenes.town import house, lamp_post, road, street, van

_BOATS = ("#c8453a", "#2f6f9a", "#3b8a6a", "#e0a03a", "#7a4a86")


def harbour(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    mountains(sheet, light, foot=0.36)
    sea(sheet, light)
    colours = sheet.chance.sample(_BOATS, 4)
    for place, (x, y, size) in enumerate(
        ((-0.5, 0.32, 0.15), (0.5, 0.29, 0.19), (-0.2, 0.21, 0.34), (0.26, 0.1, 0.56))
    ):
        boat(sheet, x + sheet.chance.uniform(-0.06, 0.06), y, size, colours[place])
    for x in (-0.62, -0.5, -0.38):
        sheet.box(x, 0, 0.022, 0.14, "#4a3a30")
    sheet.shape([(-sheet.side, 0.13), (-0.34, 0.13), (-0.3, 0.1), (-sheet.side, 0.08)], "#a98a66", "#6b5340")


def waves(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    sheet.ridge(0.35, 0.05, mixed("#567", light.far, 0.5), light.far)
    sea(sheet, light, horizon=0.38, colour="#2a6577")
    x = sheet.chance.choice((-0.38, 0.38))
    sheet.shape([(x - 0.3, 0.2), (x - 0.12, 0.38), (x + 0.1, 0.39), (x + 0.34, 0.2)], "#5e625e", "#2f3a3e")
    sheet.shape([(x - 0.045, 0.38), (x + 0.045, 0.38), (x + 0.03, 0.68), (x - 0.03, 0.68)], "#f4ead5", "#cdbb9c")
    for y in (0.44, 0.54):
        sheet.shape([(x - 0.042, y), (x + 0.042, y), (x + 0.038, y + 0.05), (x - 0.038, y + 0.05)], "#c0392f")
    sheet.box(x - 0.026, 0.68, 0.052, 0.05, "#ffe6a3")
    sheet.spot(x, 0.705, 0.3, 0.14, "#fff0c0", 0.7)
    sheet.shape([(x - 0.036, 0.73), (x + 0.036, 0.73), (x, 0.77)], "#8f2f28")
    for place, y in enumerate((0.26, 0.17, 0.07)):
        tone = mixed("#3d8796", "#123c4d", place * 0.35)
        phase, high = sheet.chance.uniform(0, 6), 0.05 + place * 0.02
        line = [
            (-sheet.side + 2 * sheet.side * n / 60, y + high * abs(cos(n / 60 * pi * (4 - place) + phase)) ** 2.2)
            for n in range(61)
        ]
        sheet.shape([(-sheet.side, 0), *line, (sheet.side, 0)], tone, mixed(tone, "#0a2836", 0.5))
        sheet.line(line, mixed(tone, "#eef6f3", 0.5), 0.003)
        for px, py in line:
            for _ in range(3 if py > y + high * 0.7 else 0):
                sheet.spot(
                    px + sheet.chance.uniform(-0.02, 0.02),
                    py + sheet.chance.uniform(-0.01, 0.025),
                    0.02,
                    0.016,
                    "#ffffff",
                    0.7,
                )


def hills(sheet: Canvas, light: Light) -> None:
    """The volcano's country at sunrise: ridge behind ridge, mist between them."""
    heaven(sheet, light, horizon=0.3)
    x = sheet.chance.uniform(-0.2, 0.2)
    volcano(sheet, x, 0.38, (0.9, 0.36), (mixed("#5b7f8c", light.far, 0.5), light.far))
    for place in range(5):
        y, tone = 0.36 - place * 0.075, mixed(light.far, "#2d5d52", 0.25 + place * 0.17)
        sheet.ridge(y, 0.15 - place * 0.012, tone, mixed(tone, light.far, 0.4), rough=0.6)
        sheet.haze(y - 0.05, 0.14, light.far, 0.5 - place * 0.08)
    for x in (-0.5, -0.42, 0.38, 0.5, 0.56):
        tree(sheet, x + sheet.chance.uniform(-0.03, 0.03), 0.04, sheet.chance.uniform(0.14, 0.24), "#2f6650")


def fields(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    mountains(sheet, light, foot=0.36)
    terraces(sheet)
    house(sheet, sheet.chance.uniform(-0.4, -0.25), 0.24, 0.13, light, roof="#8a6b45")
    for x in (-0.56, -0.5, 0.5):
        palm(sheet, x, 0.16, sheet.chance.uniform(0.26, 0.36))
    for _ in range(4):
        person(sheet, sheet.chance.uniform(-0.3, 0.45), sheet.chance.uniform(0.06, 0.15), 0.15, hat="caping")


def orchard(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    mountains(sheet, light, foot=0.34)
    sheet.ground(0.26, "#b9c77a", "#5b8450")
    for row, y in enumerate((0.24, 0.17, 0.06)):
        for x in (-0.55, -0.2, 0.16, 0.5):
            size, place = 0.22 + row * 0.1, x + sheet.chance.uniform(-0.06, 0.06) + row * 0.08
            tree(sheet, place, y, size, "#3f7d4a")
            for _ in range(7):
                fx, fy = sheet.chance.uniform(-0.28, 0.28) * size, sheet.chance.uniform(0.5, 0.9) * size
                sheet.oval(
                    place + fx,
                    y + fy,
                    size * 0.026,
                    size * 0.035,
                    sheet.chance.choice(("#f0a531", "#e7b94a", "#d97b2e")),
                )
    for x in (-0.3, 0.02, 0.3):
        sheet.wall(x - 0.06, 0.02, 0.12, 0.06, "#c19763", "#8a6540")
        for place in range(6):
            sheet.oval(x - 0.045 + place * 0.018, 0.085, 0.014, 0.016, ("#f0a531", "#e7c04a")[place % 2])
    person(sheet, 0.14, 0.03, 0.27, hat="caping")
    person(sheet, -0.14, 0.03, 0.26, hat="scarf")


def flood(sheet: Canvas, light: Light) -> None:
    heaven(sheet, GREY)
    street(sheet, GREY, y=0.32)
    for x in (-0.42, 0.02, 0.44):
        house(sheet, x, 0.2, 0.36, light, roof=None)
    sea(sheet, GREY, horizon=0.28, colour="#8a7f66")
    sheet.haze(0.24, 0.1, "#c4bda6", 0.5)
    for x in (-0.25, 0.22):
        sheet.line([(x, 0.15), (x, 0.62)], "#4a4038", 0.012)
        sheet.line([(x - 0.05, 0.58), (x + 0.05, 0.58)], "#4a4038", 0.008)
    x = sheet.chance.uniform(-0.14, 0.1)
    sheet.spot(x, 0.085, 0.3, 0.035, "#33362f", 0.6)
    for place, away in enumerate((-0.15, -0.04, 0.07)):
        person(
            sheet,
            x + away,
            0.09,
            0.22,
            clothes=("#e87b2a", "#3d5a80", "#b5485d")[place],
            hat=("helmet", "scarf", "hair")[place],
        )
    person(sheet, x + 0.17, 0.1, 0.25, clothes="#e87b2a", hat="helmet")
    sheet.line([(x + 0.2, 0.2), (x + 0.3, 0.03)], "#5c4433", 0.01)
    sheet.shape([(x - 0.27, 0.15), (x - 0.22, 0.06), (x + 0.22, 0.06), (x + 0.29, 0.16)], "#ef7d2d", "#b54a18")
    sheet.line([(x - 0.265, 0.145), (x + 0.285, 0.155)], "#ffd9ad", 0.012)
    rain(sheet)


def downpour(sheet: Canvas, light: Light) -> None:
    heaven(sheet, GREY)
    street(sheet, light, y=0.3)
    road(sheet, 0.26, wet=True)
    for _ in range(26):
        x, y = sheet.chance.uniform(-sheet.side, sheet.side), sheet.chance.uniform(0.01, 0.22)
        sheet.oval(x, y, sheet.chance.uniform(0.02, 0.09), 0.004 + y * 0.01, "#9fb0b5")
    for x in (-0.42, -0.1, 0.16, 0.45):
        _umbrella(sheet, x + sheet.chance.uniform(-0.05, 0.05), sheet.chance.uniform(0.05, 0.14))
    rain(sheet, drops=230)


def _umbrella(sheet: Canvas, x: float, y: float) -> None:
    colour = sheet.chance.choice(("#c8453a", "#e0a03a", "#2f6f73", "#3d5a80"))
    person(sheet, x, y, 0.27)
    sheet.line([(x + 0.05, y + 0.14), (x + 0.05, y + 0.33)], "#3a3330", 0.006)
    dome = [(x + 0.05 + 0.13 * cos(pi * n / 12), y + 0.27 + 0.1 * (1 - abs(n / 6 - 1) ** 2.2)) for n in range(13)]
    sheet.shape(dome, mixed(colour, "#ffffff", 0.25), mixed(colour, "#1c2530", 0.2))


def at_night(sheet: Canvas, light: Light) -> None:
    heaven(sheet, NIGHT)
    street(sheet, NIGHT, y=0.3)
    road(sheet, 0.24)
    for x in (-0.5, -0.1, 0.3):
        lamp_post(sheet, x, 0.22, 0.4, NIGHT)
    van(sheet, sheet.chance.uniform(-0.1, 0.2), 0.09, 0.46, "#2f6f9a", kind="bus")
    person(sheet, -0.44, 0.1, 0.24, hat="hair")
    sheet.spot(0.42, 0.09, 0.24, 0.05, light.sun, 0.4)


def planting(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    mountains(sheet, light, foot=0.36)
    sea(sheet, light, horizon=0.34, colour="#6b8f86")
    sheet.shape(
        [(-sheet.side, 0), (sheet.side, 0), (sheet.side, 0.2), (0.2, 0.25), (-0.3, 0.2), (-sheet.side, 0.24)],
        "#9a8f6d",
        "#5f5843",
    )
    for _ in range(34):
        x, y = sheet.chance.uniform(-sheet.side, sheet.side), sheet.chance.uniform(0.02, 0.2)
        size = 0.09 - y * 0.22
        sheet.line([(x, y), (x, y + size)], "#5b4a34", 0.005)
        bush(sheet, x, y + size * 0.75, size * 0.36, "#5c9a5a")
    for x in (-0.38, -0.05, 0.2, 0.46):
        person(sheet, x + sheet.chance.uniform(-0.04, 0.04), sheet.chance.uniform(0.07, 0.13), 0.25)
