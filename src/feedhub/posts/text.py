"""Text that is legal in XML, in one Unicode form, and readable by screen readers."""

import re
from unicodedata import is_normalized

# XML 1.0 (fifth edition) section 2.2: everything else in a document is a fatal error.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_legal_text(text: str) -> bool:
    """Whether `text` may stand in XML and is NFC."""
    return _ILLEGAL.search(text) is None and is_normalized("NFC", text)
