"""The address within what somebody pastes: often a whole message, sometimes a handle."""

import re

_URL = re.compile(r"https?://[^\s<>\"\u201c\u201d]+", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w@.])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>\"]*)?", re.IGNORECASE)
_AFTER = ".,;:!?)]}\u201d\u2019'*_~"  # ends a sentence, or WhatsApp's bold


def address_in(text: str) -> str:
    """The first address in a text; the text itself where there is none, or nothing else.

    >>> address_in("Apa benar? https://www.instagram.com/p/C0abc/. Tolong cek")
    'https://www.instagram.com/p/C0abc/'
    >>> address_in("Lihat *instagram.com/dinkes* ya"), address_in(" @dinkes@sosial.example "), address_in("akun dinkes")
    ('instagram.com/dinkes', '@dinkes@sosial.example', 'akun dinkes')
    """
    said = text.strip()
    found = _URL.search(said) or (_BARE.search(said) if len(said.split()) > 1 else None)
    return found[0].rstrip(_AFTER) if found else said
