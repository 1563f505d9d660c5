"""What is left of an event whose post was taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenEvent:
    """An event whose post can no longer be shown: which one it was and when it would begin, never what."""

    id: UUID
    change: int
    starts_at: datetime
    all_day: bool
    hidden_at: datetime
