"""How a visit can end, for people: why an account does not deliver, and what to do."""

from typing import NamedTuple

from feedhub.views.messages import is_said, speaker


class Outcome(NamedTuple):
    """One outcome in one language. `remedy` is empty where nothing needs to be done."""

    why: str
    remedy: str


def outcome_words(outcome: str, language: str) -> Outcome | None:
    """What the pages say of an outcome; None where they have no words for it.

    >>> outcome_words("ok", "en")
    Outcome(why='The last visit succeeded.', remedy='')
    """
    key = f"outcome_{outcome}"
    if not is_said(key):
        return None
    say, remedy = speaker(language), f"{key}_remedy"
    return Outcome(say(key), say(remedy) if is_said(remedy) else "")
