"""Keys by which departments' systems post and newsrooms read. Only their digests are kept."""

import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, insert, select, text, update

from feedhub.errors import CredentialRefused, NotKnown
from feedhub.store.register import register_copy
from feedhub.store.sealing import Keyring
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables_desk import api_keys
from feedhub.store.times import from_ms, to_ms

# What a key may open: more questions a minute; posting; webhooks of one's own; the desk's acts.
READ, INBOX, WEBHOOKS, DESK = SCOPES = ("read", "inbox", "webhooks", "desk")
OVERLAP = timedelta(days=7)  # that a key works on beside the one which replaces it

_PREFIX, _SECRET_PREFIX = "fh_", "whsec_"  # keys of old begin with fhk_
_BYTES = 24
_SHOWN = 4
_USED_EVERY = 60_000  # ms between two notes that a key is used

_LINES = select(api_keys.c.id, api_keys.c.follows)
_EVERY = select(api_keys).order_by(api_keys.c.id)
_BY_DIGEST = select(api_keys).where(api_keys.c.digest == bindparam("of"), api_keys.c.revoked_at.is_(None))
_USED = text("UPDATE api_key SET used_at = :at WHERE id = :id AND (used_at IS NULL OR used_at < :before)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key without itself. `department` is the slug of the one that may use it, None = the city's own."""

    id: int
    name: str
    department: str | None
    scopes: tuple[str, ...]
    shown: str
    is_signed: bool
    added_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    contact: str | None = None  # the mail address that is told of withdrawals
    expires_at: datetime | None = None
    follows: int | None = None  # the key that it replaces

    def is_open(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key as it is shown once, to the person who made it."""

    id: int
    key: str
    signing_secret: str | None


def kept_keys(session: ReadSession) -> tuple[ApiKey, ...]:
    """Every key, revoked ones too, oldest first."""
    return tuple(_kept(session, row) for row in session.rows(_EVERY))


def add_key(  # noqa: PLR0913  # what a key is
    session: WriteSession,
    *,
    name: str,
    department: str | None,
    scopes: tuple[str, ...],
    keyring: Keyring | None,
    at: datetime,
    contact: str | None = None,
    expires_at: datetime | None = None,
    follows: int | None = None,
) -> NewKey:
    """Make a key; with a keyring also a secret by which its holder signs what it posts.

    Raises:
        NotKnown: there is no such department.
    """
    ids = register_copy(session).department_ids
    if department is not None and department not in ids:
        raise NotKnown("department", department)
    key = _PREFIX + secrets.token_urlsafe(_BYTES)
    secret = secrets.token_bytes(_BYTES) if keyring is not None else None
    row = {
        "name": name,
        "department_id": None if department is None else ids[department],
        "scopes": msgspec.json.encode(scopes).decode(),
        "digest": digest_of(key),
        "shown": "…" + key[-_SHOWN:],
        "sealed": keyring.seal(secret, place=_place(key)) if keyring is not None and secret is not None else None,
        "added_at": to_ms(at),
        "contact": contact,
        "expires_at": None if expires_at is None else to_ms(expires_at),
        "follows": follows,
    }
    kept = session.run(insert(api_keys).returning(api_keys.c.id), row).scalar_one()
    signing = None if secret is None else _SECRET_PREFIX + b64encode(secret).decode()
    return NewKey(id=int(kept), key=key, signing_secret=signing)


def rotate_key(  # what replaces what, and when
    session: WriteSession,
    id: int,
    *,
    overlap: timedelta,
    keyring: Keyring,
    at: datetime,
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key like this one, which takes its place; this one opens nothing when the overlap is over.

    A key made for some time has a successor for as long a time, unless `expires_at` says otherwise.

    Raises:
        NotKnown: there is no such key.
        CredentialRefused: it is over, or was replaced already.
    """
    keys = kept_keys(session)
    old = next((key for key in keys if key.id == id), None)
    if old is None:
        raise NotKnown("key", str(id))
    if not old.is_open(at):
        raise CredentialRefused(f"Key {id} opens nothing any more; make a new one with `feedhub keys add`.")
    if (newer := next((key for key in keys if key.follows == id and key.revoked_at is None), None)) is not None:
        raise CredentialRefused(f"Key {id} was replaced by key {newer.id} already; rotate that one.")
    ends = at + overlap if old.expires_at is None else min(at + overlap, old.expires_at)
    session.run(update(api_keys).where(api_keys.c.id == id).values(expires_at=to_ms(ends)))
    return add_key(
        session,
        name=old.name,
        department=old.department,
        scopes=old.scopes,
        keyring=keyring if old.is_signed else None,
        at=at,
        contact=old.contact,
        expires_at=expires_at or (old.expires_at and at + (old.expires_at - old.added_at)),
        follows=id,
    )


def key_line(session: ReadSession, id: int) -> frozenset[int]:
    """This key, those that it replaced and those that replaced it: what one of them made is the others' too."""
    followed = {row.id: row.follows for row in session.rows(_LINES)}
    line = {id}
    while more := {a for a, b in followed.items() if b in line} | {b for a, b in followed.items() if a in line and b}:
        if more <= line:
            break
        line |= more
    return frozenset(line)


def revoke_key(session: WriteSession, id: int, *, at: datetime) -> None:
    """Let a key open nothing any more; twice changes nothing.

    Raises:
        NotKnown: there is no such key.
    """
    revoked = update(api_keys).where(api_keys.c.id == id, api_keys.c.revoked_at.is_(None))
    if session.row(select(api_keys.c.id).where(api_keys.c.id == id)) is None:
        raise NotKnown("key", str(id))
    session.run(revoked.values(revoked_at=to_ms(at)))


def key_named(session: ReadSession, key: str) -> ApiKey | None:
    """The key that somebody shows, unless it is unknown or revoked. It may be over: see `is_open`."""
    row = session.row(_BY_DIGEST, {"of": digest_of(key)})
    return None if row is None else _kept(session, row)


def signing_secret(session: ReadSession, key: str, keyring: Keyring) -> bytes | None:
    """The secret by which the holder of a key signs; None where it need not."""
    row = session.row(_BY_DIGEST, {"of": digest_of(key)})
    return None if row is None or row.sealed is None else keyring.open(row.sealed, place=_place(key))


def seal_signing_secrets_anew(session: WriteSession, keyring: Keyring) -> int:
    """Seal with the newest key what an older one sealed; how many there were."""
    old = [row for row in session.rows(_EVERY, {}) if row.sealed is not None and not keyring.is_newest(row.sealed)]
    for row in old:
        place = f"key/{row.digest}"
        sealed = keyring.seal(keyring.open(row.sealed, place=place), place=place)
        session.run(update(api_keys).where(api_keys.c.id == row.id).values(sealed=sealed))
    return len(old)


def note_use(session: WriteSession, id: int, *, at: datetime) -> None:
    """Remember when a key was last used, to the minute."""
    session.run(_USED, {"id": id, "at": to_ms(at), "before": to_ms(at) - _USED_EVERY})


def digest_of(key: str) -> str:
    """What is kept of a key. It is long and random, so a fast digest is enough."""
    return sha256(key.encode()).hexdigest()


def _place(key: str) -> str:
    return f"key/{digest_of(key)}"


def _kept(session: ReadSession, row: Row[Any]) -> ApiKey:
    slugs = {number: slug for slug, number in register_copy(session).department_ids.items()}
    return ApiKey(
        id=row.id,
        name=row.name,
        department=slugs.get(row.department_id),
        scopes=msgspec.json.decode(row.scopes, type=tuple[str, ...]),
        shown=row.shown,
        is_signed=row.sealed is not None,
        added_at=from_ms(row.added_at),
        used_at=None if row.used_at is None else from_ms(row.used_at),
        revoked_at=None if row.revoked_at is None else from_ms(row.revoked_at),
        contact=row.contact,
        expires_at=None if row.expires_at is None else from_ms(row.expires_at),
        follows=row.follows,
    )
