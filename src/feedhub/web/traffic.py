"""What was asked and answered, counted where every answer passes."""

from collections import Counter


class Traffic:
    """Counts of one process since it started."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()  # by route and status
        self.rendered = 0  # answers that were made; all others came from kept copies
        self.stale = 0  # answers from copies that could not be renewed
