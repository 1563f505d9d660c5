"""Scenes under a roof: library, counter, vaccination, kitchen, rice."""

from feedhub_demo.scenes.canvas import Canvas, mixed
from feedhub_demo.scenes.light import DAY, Light
from feedhub_demo.scenes.people import crowd, person


def _room(sheet: Canvas, wall: str, floor: str) -> None:
    """A wall with a window's light on it, and a floor."""
    sheet.sky(mixed(wall, "#ffffff", 0.25), wall, horizon=0.2)
    sheet.ground(0.22, floor, mixed(floor, "#2a2420", 0.3))
    sheet.box(-sheet.side, 0.215, sheet.side * 2, 0.018, mixed(wall, "#5a4a3c", 0.35))
    sheet.shape(
        [(-0.5, 0.22), (-0.1, 0.22), (-0.32, 0.0), (-0.78, 0.0)],
        mixed(floor, "#fff3d0", 0.35),
        mixed(floor, "#fff3d0", 0.15),
    )


def _big_window(sheet: Canvas, x: float, y: float, wide: float, high: float) -> None:
    sheet.box(x - 0.012, y - 0.012, wide + 0.024, high + 0.024, "#fdf6e6")
    sheet.wall(x, y, wide, high, DAY.upper, "#e9f1de")
    for place in range(6):
        sheet.oval(x + wide * (0.1 + place * 0.16), y + high * 0.12, wide * 0.12, high * 0.14, "#7fa873")
    sheet.box(x + wide / 2 - 0.006, y, 0.012, high, "#fdf6e6")
    sheet.box(x, y + high * 0.6, wide, 0.012, "#fdf6e6")


def library(sheet: Canvas, light: Light) -> None:
    _room(sheet, mixed("#d9b68a", light.tint, 0.2), "#9a6b45")
    for shelf in range(4):
        y = 0.26 + shelf * 0.16
        for x in (-0.68, 0.14):
            sheet.box(x - 0.012, y - 0.016, 0.544, 0.17, "#6b432a")
            sheet.box(x, y, 0.52, 0.138, "#4a2d1e")
            _books(sheet, x, y, 0.52)
    sheet.box(-0.17, 0.22, 0.3, 0.66, "#e9d2ab")
    _big_window(sheet, -0.14, 0.34, 0.24, 0.44)
    sheet.spot(0, 0.5, 0.5, 0.5, "#fff0c4", 0.35)
    crowd(sheet, 0.1, 0.32, 3, left=-0.6, right=0.6)
    sheet.box(-0.34, 0.2, 0.66, 0.022, "#8a5a38", round=0.006)
    for x in (-0.3, 0.27):
        sheet.box(x, 0.02, 0.022, 0.18, "#6b432a")
    for x in (-0.2, 0.02, 0.16):
        sheet.shape([(x - 0.05, 0.222), (x, 0.23), (x, 0.25), (x - 0.055, 0.245)], "#fbf5e6")
        sheet.shape([(x + 0.05, 0.222), (x, 0.23), (x, 0.25), (x + 0.055, 0.245)], "#e6dcc4")


def _books(sheet: Canvas, x: float, y: float, wide: float) -> None:
    end = x + wide
    while x < end - 0.02:
        thick, high = sheet.chance.uniform(0.01, 0.024), sheet.chance.uniform(0.09, 0.13)
        tone = sheet.chance.choice(
            ("#b5533c", "#2f6f73", "#e0b060", "#3d5a80", "#8a5a83", "#e9dcc0", "#5b7f5a", "#7a3a35")
        )
        sheet.box(x, y, thick, high, tone)
        sheet.box(x + thick * 0.2, y + high * 0.7, thick * 0.6, 0.006, mixed(tone, "#ffffff", 0.5))
        x += thick + 0.0015


def counter(sheet: Canvas, light: Light) -> None:
    _room(sheet, mixed("#cfdcd4", light.tint, 0.2), "#b9ab92")
    _big_window(sheet, -0.62, 0.42, 0.36, 0.34)
    sheet.box(0.02, 0.5, 0.56, 0.26, "#2f6f73", round=0.012)
    for place in range(3):
        sheet.box(0.06 + place * 0.18, 0.54, 0.13, 0.14, "#f6efdd", round=0.008)
        sheet.box(0.075 + place * 0.18, 0.63, 0.1, 0.014, "#7f9a94")
        sheet.box(0.075 + place * 0.18, 0.59, 0.07, 0.014, "#c8b48c")
    for x in (-0.1, 0.2, 0.5):
        person(sheet, x, 0.16, 0.36, clothes="#8a7a5a")
    sheet.wall(-0.3, 0.14, 1.1, 0.2, "#f3e7cd", "#b99f74")
    sheet.box(-0.32, 0.33, 1.14, 0.024, "#8a6340", round=0.006)
    for x in (-0.02, 0.28):
        sheet.wall(x, 0.354, 0.1, 0.08, "#2c3a42", "#46565e")
    crowd(sheet, 0.02, 0.36, 4, left=-0.66, right=0.3)


def vaccination(sheet: Canvas, light: Light) -> None:
    _room(sheet, mixed("#d3e4dd", light.tint, 0.2), "#bdb79d")
    _big_window(sheet, 0.2, 0.42, 0.4, 0.34)
    sheet.box(-0.56, 0.44, 0.34, 0.3, "#fdf8ea", round=0.01)
    sheet.box(-0.41, 0.5, 0.04, 0.16, "#2f8f77")
    sheet.box(-0.47, 0.56, 0.16, 0.04, "#2f8f77")
    crowd(sheet, 0.17, 0.32, 3, left=0.22, right=0.66)
    person(sheet, -0.14, 0.08, 0.46, clothes="#f4f4ee", hat="scarf")
    person(sheet, 0.1, 0.08, 0.4, hat="peci")
    sheet.line([(-0.05, 0.33), (0.0, 0.345), (0.045, 0.34)], "#f4f4ee", 0.026)
    sheet.line([(0.03, 0.345), (0.075, 0.345)], "#3d5a68", 0.008)
    sheet.wall(-0.64, 0.06, 0.4, 0.2, "#e9dcc0", "#b9a27a")
    sheet.wall(-0.6, 0.26, 0.15, 0.11, "#3b82a8", "#28607e")
    sheet.box(-0.61, 0.36, 0.17, 0.026, "#f6f2e8", round=0.006)
    for place in range(4):
        sheet.box(-0.41 + place * 0.036, 0.26, 0.022, 0.045, "#dfeef0")
        sheet.box(-0.41 + place * 0.036, 0.303, 0.022, 0.014, "#c8553d")


def kitchen(sheet: Canvas, light: Light) -> None:
    _room(sheet, mixed("#e6cba0", light.tint, 0.3), "#a98a62")
    sheet.shape([(-sheet.side, 0.72), (sheet.side, 0.72), (0.5, 0.9), (-0.5, 0.9)], "#d9772f", "#a84f22")
    for x in (-0.64, 0.62):
        sheet.box(x, 0.1, 0.022, 0.64, "#6b4a37")
    crowd(sheet, 0.2, 0.36, 5)
    for x in (-0.38, 0.04, 0.42):
        sheet.spot(x, 0.1, 0.2, 0.1, "#ff9a3c", 0.8)
        sheet.wall(x - 0.15, 0.14, 0.3, 0.17, "#c3c9c8", "#6f7a7c")
        sheet.oval(x, 0.31, 0.15, 0.028, "#8f999a")
        sheet.oval(x, 0.312, 0.135, 0.022, sheet.chance.choice(("#f6efdd", "#d9a24a", "#8aa84a")))
        for _ in range(5):
            sheet.spot(
                x + sheet.chance.uniform(-0.08, 0.08), sheet.chance.uniform(0.4, 0.62), 0.06, 0.1, "#fff8ea", 0.4
            )
        for place in range(5):
            sheet.shape(
                [(x - 0.1 + place * 0.04, 0.08), (x - 0.07 + place * 0.04, 0.08), (x - 0.085 + place * 0.04, 0.14)],
                ("#f7c04a", "#ef7d2d")[place % 2],
            )


def rice(sheet: Canvas, light: Light) -> None:
    _room(sheet, mixed("#d8d2b8", light.tint, 0.3), "#b39b74")
    _big_window(sheet, -0.6, 0.46, 0.3, 0.3)
    crowd(sheet, 0.18, 0.36, 3, left=0.1, right=0.64)
    for row, many in enumerate((6, 5, 3)):
        for place in range(many):
            x, y = -0.6 + row * 0.06 + place * 0.145, 0.06 + row * 0.12
            sheet.box(x, y, 0.138, 0.116, mixed("#f4ead2", "#8a6f48", 0.25), round=0.03)
            sheet.box(x, y + 0.008, 0.13, 0.108, "#f4ead2", round=0.03)
            sheet.oval(x + 0.066, y + 0.06, 0.026, 0.032, ("#3b8a5a", "#c8553d")[row % 2])
    person(sheet, 0.36, 0.03, 0.4, hat="scarf")
    person(sheet, 0.52, 0.02, 0.42, hat="peci")
