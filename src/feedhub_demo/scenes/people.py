"""People of the city, small and without faces: what they wear says who they are."""

from feedhub_demo.scenes.canvas import Canvas, mixed

CLOTHES = ("#c8553d", "#e0a458", "#2f6f73", "#3d5a80", "#8a5a83", "#5b8a5a", "#d7c4a1", "#b5485d")
SKINS = ("#a86f4e", "#8d5a3c", "#bb8460")
HATS = ("hair", "scarf", "scarf", "peci", "hair")


def person(
    sheet: Canvas, x: float, y: float, high: float, *, clothes: str | None = None, hat: str | None = None
) -> None:
    """Somebody who stands at (x, y)."""
    chance = sheet.chance
    clothes, hat = clothes or chance.choice(CLOTHES), hat or chance.choice(HATS)
    skin, legs = chance.choice(SKINS), chance.choice(("#2e3b4e", "#4a4038", "#39424a"))
    sheet.spot(x + high * 0.06, y, high * 0.3, high * 0.05, "#182a2c", 0.55)
    if hat == "scarf":
        robe = [
            (x - high * 0.15, y + 0.02 * high),
            (x + high * 0.15, y + 0.02 * high),
            (x + high * 0.1, y + high * 0.6),
            (x - high * 0.1, y + high * 0.6),
        ]
        sheet.shape(robe, clothes, mixed(clothes, "#1c2530", 0.3))
    else:
        sheet.box(x - high * 0.09, y, high * 0.075, high * 0.42, legs, round=high * 0.03)
        sheet.box(x + high * 0.015, y, high * 0.075, high * 0.42, legs, round=high * 0.03)
    chest = [
        (x - high * 0.12, y + high * 0.36),
        (x + high * 0.12, y + high * 0.36),
        (x + high * 0.13, y + high * 0.72),
        (x + high * 0.07, y + high * 0.79),
        (x - high * 0.07, y + high * 0.79),
        (x - high * 0.13, y + high * 0.72),
    ]
    sheet.shape(chest, clothes, mixed(clothes, "#1c2530", 0.18))
    _arms(sheet, x, y, high, mixed(clothes, "#1c2530", 0.22), skin)
    sheet.box(x - high * 0.03, y + high * 0.76, high * 0.06, high * 0.08, mixed(skin, "#3a2418", 0.2))
    sheet.oval(x, y + high * 0.89, high * 0.072, high * 0.085, skin)
    _head(sheet, x, y + high * 0.89, high, hat)


def _arms(sheet: Canvas, x: float, y: float, high: float, sleeve: str, skin: str) -> None:
    for way in (-1, 1):
        bend, down = sheet.chance.uniform(0.14, 0.2) * way, sheet.chance.uniform(0.4, 0.5)
        sheet.line(
            [
                (x + way * high * 0.1, y + high * 0.73),
                (x + bend * high, y + high * 0.58),
                (x + bend * high * 0.9, y + down * high),
            ],
            sleeve,
            high * 0.055,
        )
        sheet.oval(x + bend * high * 0.9, y + down * high, high * 0.03, high * 0.03, skin)


def _head(sheet: Canvas, x: float, y: float, high: float, hat: str) -> None:
    if hat == "scarf":
        tone = sheet.chance.choice(("#e9d8b6", "#7f9aa8", "#b5788a", "#5f7f73", "#d9a066"))
        sheet.oval(x, y + high * 0.012, high * 0.092, high * 0.1, tone)
        sheet.shape(
            [
                (x - high * 0.09, y),
                (x + high * 0.09, y),
                (x + high * 0.13, y - high * 0.19),
                (x - high * 0.13, y - high * 0.19),
            ],
            tone,
            mixed(tone, "#1c2530", 0.2),
        )
        sheet.oval(x + high * 0.014, y - high * 0.004, high * 0.055, high * 0.066, sheet.chance.choice(SKINS))
    elif hat == "peci":
        sheet.box(x - high * 0.074, y + high * 0.03, high * 0.148, high * 0.075, "#1d2229", round=high * 0.015)
    elif hat == "caping":
        sheet.shape(
            [(x - high * 0.2, y + high * 0.02), (x + high * 0.2, y + high * 0.02), (x, y + high * 0.17)],
            "#e3c27c",
            "#b98f4e",
        )
    elif hat == "helmet":
        sheet.oval(x, y + high * 0.05, high * 0.09, high * 0.075, "#f0b93a")
        sheet.box(x - high * 0.11, y + high * 0.03, high * 0.22, high * 0.02, "#d99a22", round=high * 0.01)
    else:
        sheet.oval(x - high * 0.005, y + high * 0.045, high * 0.076, high * 0.058, "#221a17")


def crowd(  # noqa: PLR0913  # a place, a size, a look
    sheet: Canvas, y: float, high: float, many: int, *, left: float = -0.55, right: float = 0.55, hat: str | None = None
) -> None:
    """Several people in a loose row, the farther ones first."""
    places = sorted(((sheet.chance.uniform(0, high * 0.22), place) for place in range(many)), reverse=True)
    for back, place in places:
        x = left + (right - left) * (place + 0.5) / many + sheet.chance.uniform(-0.2, 0.2) * (right - left) / many
        person(sheet, x, y + back, high * sheet.chance.uniform(0.9, 1.06) * (1 - back), hat=hat)
