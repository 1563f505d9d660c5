"""Scenes at the city's places: offices, yards, stations, streets with work going on."""

from feedhub_demo.scenes.canvas import Canvas, mixed
from feedhub_demo.scenes.light import NIGHT, Light, heaven
from feedhub_demo.scenes.nature import bush, mountains, palm, tree
from feedhub_demo.scenes.people import crowd, person
from feedhub_demo.scenes.town import awning, flag, house, lamp_post, office, road, street, tent, van


def _square(sheet: Canvas, light: Light, colour: str, to: str) -> None:
    """Sky, mountains, trees behind, and a ground in front."""
    heaven(sheet, light)
    mountains(sheet, light, foot=0.36)
    for _ in range(12):
        tree(
            sheet,
            sheet.chance.uniform(-sheet.side, sheet.side),
            0.27,
            sheet.chance.uniform(0.15, 0.25),
            mixed("#3f7d5a", light.far, 0.35),
        )
    sheet.ground(0.29, colour, to)


def clinic(sheet: Canvas, light: Light) -> None:
    _square(sheet, light, "#cfcfae", "#a7a888")
    office(sheet, 0.04, 0.24, 0.92, light, colour="#2f8f77", sign="cross")
    for x in (-0.6, 0.62):
        palm(sheet, x, 0.2, 0.44)
    crowd(sheet, 0.06, 0.26, 8, left=-0.6, right=0.2)
    for x in (0.38, 0.5, 0.6):
        bush(sheet, x, 0.16, 0.07)


def school(sheet: Canvas, light: Light) -> None:
    _square(sheet, light, "#d8bf93", "#b99a6c")
    office(sheet, 0, 0.25, 1.06, light, colour="#b5533c")
    flag(sheet, -0.36, 0.16, 0.6)
    colours = sheet.chance.choice((("#f6f2e8", "#c8453a"), ("#f6f2e8", "#3d5a80")))
    for place in range(9):
        x = -0.56 + place * 0.14 + sheet.chance.uniform(-0.03, 0.03)
        person(
            sheet,
            x,
            sheet.chance.uniform(0.03, 0.14),
            sheet.chance.uniform(0.17, 0.2),
            clothes=colours[place % 2],
            hat=("hair", "scarf")[place % 2],
        )
    tree(sheet, 0.6, 0.14, 0.42)


def city_hall(sheet: Canvas, light: Light) -> None:
    _square(sheet, light, "#9fb27a", "#6d8f5f")
    sheet.shape([(-0.07, 0.26), (0.07, 0.26), (0.24, 0), (-0.24, 0)], "#e6d9bd", "#c4b18e")
    office(sheet, 0, 0.26, 1.16, light, colour="#96603f")
    flag(sheet, 0.26, 0.14, 0.58)
    for x in (-0.5, -0.36, 0.4, 0.54):
        bush(sheet, x, 0.13, 0.08)
    crowd(sheet, 0.05, 0.22, 4, left=-0.28, right=0.2)


def market(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    street(sheet, light, y=0.34)
    sheet.ground(0.32, "#d9c39a", "#a98a62")
    crowd(sheet, 0.24, 0.22, 6)
    for x, colour in ((-0.44, "#c8453a"), (0.0, "#2f7d73"), (0.44, "#dd9a34")):
        for way in (-0.17, 0.17):
            sheet.line([(x + way, 0.12), (x + way, 0.5)], "#6b4a37", 0.01)
        person(sheet, x + 0.03, 0.2, 0.27)
        awning(sheet, x, 0.48, 0.42, colour)
        sheet.wall(x - 0.19, 0.1, 0.38, 0.13, "#9a6f46", "#6b4a30")
        for row in range(3):
            _fruit(sheet, x, 0.235 + row * 0.022, 9 - row)
    crowd(sheet, 0.015, 0.3, 4, left=-0.6, right=0.5)


def _fruit(sheet: Canvas, x: float, y: float, many: int) -> None:
    tones = ("#e0a531", "#c8453a", "#7aa04a", "#6b3f7a", "#e8c65a")
    for place in range(many):
        tone = tones[(place // 2) % len(tones)]
        sheet.oval(x + (place - (many - 1) / 2) * 0.039, y, 0.021, 0.02, mixed(tone, "#3a2418", 0.15))
        sheet.oval(x + (place - (many - 1) / 2) * 0.039 - 0.004, y + 0.004, 0.015, 0.014, tone)


def road_works(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    street(sheet, light, y=0.31)
    road(sheet, 0.27)
    sheet.shape([(-0.1, 0.2), (0.5, 0.2), (0.62, 0.06), (-0.2, 0.06)], "#2f3336", "#1f2326")
    van(sheet, -0.32, 0.15, 0.5, "#e0a03a", kind="lorry")
    for x in (-0.05, 0.16, 0.36, 0.54):
        sheet.shape([(x - 0.03, 0.03), (x + 0.03, 0.03), (x, 0.13)], "#ef7d2d", "#c4551b")
        sheet.box(x - 0.017, 0.065, 0.034, 0.018, "#fdf3e0")
    for x in (0.12, 0.34, 0.48):
        person(sheet, x, sheet.chance.uniform(0.1, 0.14), 0.25, clothes="#e8902f", hat="helmet")
    sheet.line([(0.17, 0.25), (0.27, 0.08)], "#5c4433", 0.01)


def waste(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    street(sheet, light, y=0.31)
    road(sheet, 0.27)
    van(sheet, 0.1, 0.12, 0.66, "#4a8a5a", kind="lorry")
    for x, colour in ((-0.52, "#3b8a5a"), (-0.43, "#e0a03a"), (-0.34, "#2f6f9a")):
        sheet.wall(x - 0.035, 0.1, 0.07, 0.12, colour, mixed(colour, "#1c2530", 0.4))
        sheet.box(x - 0.042, 0.22, 0.084, 0.02, mixed(colour, "#1c2530", 0.4), round=0.006)
    person(sheet, -0.25, 0.07, 0.27, clothes="#e8902f", hat="caping")
    person(sheet, 0.5, 0.05, 0.28, clothes="#4a8a5a", hat="hair")


def football(sheet: Canvas, light: Light) -> None:
    _square(sheet, light, "#8fb85c", "#4c8a4c")
    for place in range(4):
        y = 0.26 - place * 0.07
        sheet.box(-sheet.side, y - 0.035, sheet.side * 2, 0.035, mixed("#8fb85c", "#3f7d46", 0.25 + place * 0.2))
    sheet.line([(-sheet.side, 0.26), (sheet.side, 0.26)], "#f1f3e2", 0.005)
    sheet.line([(0.3, 0.22), (0.3, 0.4), (0.6, 0.4), (0.6, 0.22)], "#f6f4ea", 0.012)
    for place in range(7):
        x, y = -0.5 + place * 0.15, sheet.chance.uniform(0.03, 0.18)
        person(sheet, x, y, 0.25 - y * 0.35, clothes=("#c8453a", "#2f6f9a")[place % 2], hat="hair")
    sheet.oval(0.12, 0.045, 0.017, 0.017, "#fbf8ef")
    for x in (-0.62, 0.68):
        palm(sheet, x, 0.24, 0.42)


def station(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    mountains(sheet, light, foot=0.4)
    sheet.ground(0.36, "#bca98a", "#8f7a60")
    for x in (-0.6, -0.3, 0.3, 0.6):
        sheet.box(x, 0.3, 0.014, 0.4, "#3f4d52")
    sheet.shape(
        [(-sheet.side, 0.66), (sheet.side, 0.66), (sheet.side, 0.73), (-sheet.side, 0.76)], "#a24a3a", "#6f2f28"
    )
    sheet.shape([(-sheet.side, 0.22), (0.5, 0.22), (0.58, 0.3), (0.5, 0.5), (-sheet.side, 0.5)], "#f4efe2", "#c9c4b6")
    sheet.box(-sheet.side, 0.29, sheet.side + 0.55, 0.05, "#d5642f")
    for place in range(7):
        sheet.box(-0.72 + place * 0.16, 0.37, 0.12, 0.09, "#3d5a68", round=0.01)
    sheet.shape([(0.42, 0.37), (0.54, 0.37), (0.5, 0.47), (0.42, 0.47)], "#7fa3b0", "#3d5a68")
    sheet.ground(0.2, "#dccfb4", "#b5a284")
    sheet.box(-sheet.side, 0.19, sheet.side * 2, 0.014, "#e6b73c")
    crowd(sheet, 0.03, 0.28, 6)


def bus_stop(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    street(sheet, light, y=0.32)
    road(sheet, 0.27)
    van(sheet, -0.12, 0.1, 0.8, sheet.chance.choice(("#2f6f9a", "#2f8f77", "#c8553d")), kind="bus")
    sheet.line([(0.4, 0.05), (0.4, 0.5)], "#39454b", 0.012)
    sheet.box(0.36, 0.44, 0.08, 0.09, "#2f6f9a", round=0.012)
    crowd(sheet, 0.02, 0.27, 3, left=0.34, right=0.64)


def ambulance(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    mountains(sheet, light, foot=0.36)
    street(sheet, light, y=0.28)
    road(sheet, 0.25)
    van(sheet, 0, 0.1, 0.72, "#f4f1e8", kind="van")
    sheet.box(-0.36, 0.205, 0.72, 0.03, "#c8453a")
    sheet.box(-0.165, 0.27, 0.03, 0.1, "#c8453a")
    sheet.box(-0.2, 0.305, 0.1, 0.03, "#c8453a")
    sheet.box(0.02, 0.424, 0.1, 0.03, "#3d7fc4", round=0.01)
    sheet.spot(0.07, 0.44, 0.2, 0.12, "#8fc4ff", 0.6)


def fire_engine(sheet: Canvas, light: Light) -> None:
    heaven(sheet, light)
    street(sheet, light, y=0.3)
    road(sheet, 0.26)
    sheet.spot(0.42, 0.5, 0.5, 0.4, "#ffb469", 0.5)
    van(sheet, -0.04, 0.1, 0.8, "#c8372f", kind="lorry")
    for place in range(3):
        sheet.box(-0.4 + place * 0.17, 0.24, 0.13, 0.1, "#e6e2d8", round=0.006)
        sheet.box(-0.39 + place * 0.17, 0.25, 0.11, 0.08, "#9aa5a8", round=0.004)
    for way in (0, 0.045):
        sheet.line([(-0.42, 0.48 + way), (0.3, 0.6 + way)], "#e9e4d4", 0.009)
    for place in range(12):
        x = -0.4 + place * 0.058
        sheet.line([(x, 0.483 + place * 0.0097), (x, 0.528 + place * 0.0097)], "#e9e4d4", 0.005)
    sheet.spot(0.22, 0.42, 0.16, 0.12, "#7fb4ff", 0.75)
    for x in (-0.52, 0.44, 0.55):
        person(sheet, x, 0.04, 0.3, clothes="#2e3b4e", hat="helmet")


def camp(sheet: Canvas, light: Light) -> None:
    _square(sheet, light, "#a9b878", "#6d8f5f")
    for x, y, wide in (
        (-0.3, 0.26, 0.24),
        (0.34, 0.26, 0.24),
        (-0.46, 0.15, 0.36),
        (0.4, 0.15, 0.36),
        (-0.02, 0.17, 0.44),
    ):
        tent(sheet, x, y, wide, "#e8832f")
    for x in (-0.5, -0.42, -0.46):
        sheet.wall(x, 0.04 + (0.06 if x == -0.46 else 0), 0.075, 0.055, "#c9a06a", "#8f6b42")  # noqa: PLR2004  # the box on top
    crowd(sheet, 0.03, 0.25, 6, left=-0.36, right=0.56)


def houses(sheet: Canvas, light: Light) -> None:
    _square(sheet, light, "#c4bd8c", "#8f9a6a")
    for x, y, wide in ((-0.46, 0.26, 0.26), (0.48, 0.25, 0.28), (0.02, 0.2, 0.44)):
        house(sheet, x, y, wide, light)
    sheet.line([(0.2, 0.12), (0.3, 0.5)], "#b98f4e", 0.012)
    sheet.line([(0.26, 0.12), (0.35, 0.5)], "#b98f4e", 0.012)
    for place in range(6):
        sheet.line(
            [(0.212 + place * 0.016, 0.17 + place * 0.055), (0.27 + place * 0.014, 0.17 + place * 0.055)],
            "#b98f4e",
            0.008,
        )
    for place in range(9):
        sheet.box(-0.42 + place % 3 * 0.05, 0.05 + place // 3 * 0.026, 0.047, 0.023, "#a8503a")
    for x, hat in ((-0.22, "helmet"), (0.12, "caping"), (0.42, "scarf")):
        person(sheet, x, 0.05, 0.27, hat=hat)
    bush(sheet, 0.56, 0.12, 0.09)


def park(sheet: Canvas, light: Light) -> None:
    _square(sheet, light, "#b2c57a", "#6d9a5a")
    sheet.shape([(-0.1, 0.29), (0.06, 0.29), (0.5, 0), (-0.4, 0)], "#e8d9b6", "#cdb488")
    tree(sheet, -0.44, 0.16, 0.62, "#4b8a52")
    tree(sheet, 0.5, 0.18, 0.5, "#5f9550")
    lamp_post(sheet, 0.26, 0.16, 0.34, light)
    crowd(sheet, 0.1, 0.21, 4, left=-0.1, right=0.4)
    sheet.box(-0.42, 0.13, 0.3, 0.02, "#8a5a3a")
    sheet.box(-0.42, 0.18, 0.3, 0.02, "#8a5a3a")
    for x in (-0.4, -0.15):
        sheet.box(x, 0.05, 0.014, 0.15, "#3f3a36")
    for x in (-0.33, -0.21):
        person(sheet, x, 0.05, 0.24, hat=("peci", "scarf")[x > -0.3])  # noqa: PLR2004  # an old couple
    for _ in range(30):
        x, y = sheet.chance.uniform(-sheet.side, sheet.side), sheet.chance.uniform(0.01, 0.12)
        sheet.oval(x, y, 0.006, 0.006, sheet.chance.choice(("#e9b94a", "#d9667a", "#f6efe0")))


def stage(sheet: Canvas, light: Light) -> None:
    """Evening, whatever the light: lanterns over a stage, heads in front of it."""
    heaven(sheet, NIGHT)
    mountains(sheet, NIGHT, foot=0.34)
    sheet.ground(0.3, "#3a3350", "#1c1a30")
    sheet.spot(0, 0.4, 0.6, 0.36, "#ffb45e", 0.8)
    sheet.wall(-0.36, 0.22, 0.72, 0.34, "#7a2f38", "#a2443a")
    sheet.shape([(-0.44, 0.56), (0.44, 0.56), (0.3, 0.68), (-0.3, 0.68)], "#d98a3a", "#9a4a2a")
    sheet.wall(-0.42, 0.16, 0.84, 0.07, "#c79a5a", "#7a5230")
    for x in (-0.4, 0.38):
        sheet.box(x, 0.22, 0.02, 0.35, "#e6bd74")
    crowd(sheet, 0.22, 0.24, 5, left=-0.3, right=0.3)
    for row, drop in ((0, 0.74), (1, 0.84)):
        for place in range(8):
            x = -sheet.side + 2 * sheet.side * (place + 0.5 * row) / 7
            y, colour = (
                drop - 0.05 * (1 - ((x / sheet.side) ** 2)),
                ("#ffb347", "#ff7f6b", "#ffd96b", "#7fd1b9")[(place + row) % 4],
            )
            sheet.spot(x, y, 0.11, 0.11, colour, 0.75)
            sheet.oval(x, y, 0.028, 0.034, mixed(colour, "#ffffff", 0.35))
    for _ in range(34):
        x, y = sheet.chance.uniform(-sheet.side, sheet.side), sheet.chance.uniform(-0.02, 0.08)
        sheet.oval(x, y + 0.06, 0.027, 0.032, "#151427")
        sheet.oval(x, y - 0.03, 0.05, 0.07, "#151427")
    sheet.spot(0, 0.1, 0.5, 0.08, light.sun, 0.12)
