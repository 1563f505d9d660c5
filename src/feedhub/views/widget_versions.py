"""The element's releases: each is served for ever, byte for byte.

To release: raise the version, write `lean(source)` to `static/widget/{version}.js`, add its row below.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha384
from importlib.resources import files
from typing import Final

# The newest last. A row never changes, since pages pin it (Subresource Integrity).
RELEASED: Final = {
    "1.0.0": "sha384-QO5s/rqOGAWZKgrmLN4GhM5GLOVworRL6VdyhH7p5t1qv3yi0RDmqBVlsno3qvhQ",
}
NEWEST: Final = tuple(RELEASED)[-1]

_COMMENT_ABOVE = re.compile(r"^\s*//.*\n|^\s*/\*(?:[^*]|\*(?!/))*\*/\n", re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)


def lean(source: str) -> str:
    r"""The script as browsers get it: without the comments that stand on lines of their own, and without indents.

    >>> lean("/* Why. */\n{\n  // How.\n  go();\n}\n")
    '{\ngo();\n}\n'
    """
    return _INDENT.sub("", _COMMENT_ABOVE.sub("", source))


def integrity(script: bytes) -> str:
    """What a page writes into `integrity` to pin a script.

    >>> integrity(b"")[:20]
    'sha384-OLBgp1GsljhM2'
    """
    return f"sha384-{b64encode(sha384(script).digest()).decode()}"


@cache
def released_script(version: str) -> bytes | None:
    """A release, or None where there is none of that number."""
    if version not in RELEASED:
        return None
    return (files("feedhub.views") / "static" / "widget" / f"{version}.js").read_bytes()
