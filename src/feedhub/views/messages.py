"""Every sentence that the pages say by themselves, read from the gettext catalogues in `locale/`."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

# The first is spoken where a publisher's own language has no catalogue.
LANGUAGES: Final = ("id", "en")


@cache
def catalog(language: str) -> Catalog:
    """The catalogue of one of LANGUAGES; its message ids are keys, the same in all of them."""
    text = (files("feedhub.views") / "locale" / f"{language}.po").read_bytes()
    return read_po(BytesIO(text), locale=language, abort_invalid=True)


def language_of_pages(language: str) -> str:
    """The language that the pages speak for a publisher: English where asked, else Indonesian.

    >>> language_of_pages("en-GB"), language_of_pages("id"), language_of_pages("jv")
    ('en', 'id', 'id')
    """
    first = language.lower().split("-")[0]
    return first if first in LANGUAGES else LANGUAGES[0]


@cache
def speaker(language: str) -> Callable[..., str]:
    """A function that says a message in one of LANGUAGES, in the plural form that `n` asks for.

    Raises, when it is called:
        KeyError: there is no such message.

    >>> speaker("id")("version_short", n=2)
    'Versi 2'
    """
    known = catalog(language)
    keys = {str(message.id if isinstance(message.id, str) else message.id[0]) for message in known if message.id}
    plurals = {message.id[0] for message in known if message.id and not isinstance(message.id, str)}
    compiled = BytesIO()
    write_mo(compiled, known)
    compiled.seek(0)
    spoken = Translations(compiled)

    def say(key: str, **values: object) -> str:
        if key not in keys:
            raise KeyError(key)
        number = values.get("n")
        if key in plurals and isinstance(number, int):
            return spoken.ungettext(key, key, number).format(**values)
        return spoken.ugettext(key).format(**values)

    return say


def is_said(key: str) -> bool:
    """Whether the catalogues have a message of this key."""
    return catalog(LANGUAGES[0]).get(key) is not None
