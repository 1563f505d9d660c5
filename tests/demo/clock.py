"""The demo city's only clock in tests, moved by hand."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Stands at a Monday noon of the city, or where it is set, until somebody moves it."""

    def __init__(self, moment: datetime = datetime(2026, 11, 23, 5, tzinfo=UTC)) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)
