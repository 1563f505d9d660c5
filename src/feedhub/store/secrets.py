"""The key that this installation signs with, where no setting gives one."""

import secrets

from sqlalchemy import text

from feedhub.store.session import ReadSession, WriteSession

_BYTES = 32
_READ = text("SELECT secret FROM secret WHERE name = 'signing_key'")
_MAKE = text("INSERT INTO secret (name, secret) VALUES ('signing_key', :secret) ON CONFLICT (name) DO NOTHING")


def kept_signing_key(session: ReadSession) -> bytes | None:
    """The key, if it was made."""
    row = session.row(_READ)
    return None if row is None else bytes.fromhex(row.secret)


def made_signing_key(session: WriteSession) -> bytes:
    """The key, made now unless another process was faster. Nothing public changes, so no clock."""
    session.run(_MAKE, {"secret": secrets.token_hex(_BYTES)})
    key = kept_signing_key(session)
    if key is None:
        raise AssertionError("a row that was just made is there")
    return key
