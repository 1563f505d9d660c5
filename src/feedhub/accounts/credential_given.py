"""What people give when they add a credential, made sure of: tokens, ends, names and values."""

import re
from datetime import UTC, datetime, timedelta

from feedhub.accounts.account import Account, Platform, Register
from feedhub.accounts.account_keys import default_key, keys_of
from feedhub.errors import CredentialRefused, NotKnown

_MOST_CHARACTERS = 8_192
_SPAN = re.compile(r"(\d{1,6})([dh])")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
# Whoever reads a shell's history or a list of processes must not find these there.
_SECRET_WORDS = ("secret", "token", "password")


def read_secret(text: str, *, what: str = "token") -> str:
    """A token as it was pasted, without the white space around it.

    Raises:
        CredentialRefused: it is none; the message holds nothing of it.
    """
    secret = text.strip()
    if not secret:
        raise CredentialRefused(f"The {what} is empty; nothing was kept.")
    if len(secret) > _MOST_CHARACTERS or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise CredentialRefused(f"That is no {what}: give one line without spaces, exactly as the platform shows it.")
    return secret


def read_end(text: str, *, now: datetime) -> datetime:
    """When a credential ends: a day, a time, or a span from now.

    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> read_end("60d", now=now).isoformat(), read_end("2026-03-01", now=now).isoformat()
    ('2026-03-02T00:00:00+00:00', '2026-03-01T00:00:00+00:00')

    Raises:
        CredentialRefused: it is no time, or one that is over.
    """
    said = text.strip()
    try:
        if span := _SPAN.fullmatch(said):
            end = now + timedelta(**{"days" if span[2] == "d" else "hours": int(span[1])})
        else:
            end = datetime.fromisoformat(said)
    except (ValueError, OverflowError):
        raise CredentialRefused(
            f"{said!r} is no time; write a date such as 2026-12-31, or a span such as 60d."
        ) from None
    end = end if end.tzinfo else end.replace(tzinfo=UTC)
    if end <= now:
        raise CredentialRefused(f"{said} is over already, so the credential would be of no use.")
    return end


def read_pair(text: str) -> tuple[str, str]:
    """NAME=VALUE, or NAME=@FILE for the name and `@FILE`.

    Raises:
        CredentialRefused: it is no pair, or a secret that stands in the command itself.
    """
    name, sign, value = text.partition("=")
    if not (sign and value and _NAME.fullmatch(name)):
        raise CredentialRefused("--with takes NAME=VALUE, the name as the platform writes it, such as client_key=….")
    if not value.startswith("@") and any(word in name for word in _SECRET_WORDS):
        raise CredentialRefused(
            f"{name} is a secret; put it into a file and say --with {name}=@FILE, or use --ask {name}."
        )
    return name, value


def bound_to(register: Register, word: str) -> tuple[Platform, Account | None]:
    """What a credential is for: a platform by its name, or an account by its id, key, handle or url.

    Raises:
        NotKnown: nothing is called so.
        CredentialRefused: several accounts are.
    """
    named = word.strip()
    if named.lower() in set(Platform):
        return Platform(named.lower()), None
    found = [account for account in register.accounts if _is_meant(account, named)]
    if not found:
        raise NotKnown("platform or account", named)
    if len(found) > 1:
        names = ", ".join(f"{account.platform.proper} {account.id}" for account in found)
        raise CredentialRefused(f"{len(found)} accounts are called {named}: {names}; say which by its id.")
    return found[0].platform, found[0]


def _is_meant(account: Account, named: str) -> bool:
    if named in {str(account.id), account.key, account.url}:
        return True
    if "://" in named:
        return default_key(account.platform, named, None) in keys_of(account)
    handle = named.lower().removeprefix("@")
    return bool(account.handle) and handle == (account.handle or "").lower().removeprefix("@")
