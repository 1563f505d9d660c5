"""Sealing anew what the wires sign with: subscriptions' secrets, and the installation's pairs of keys."""

from uuid import UUID

from sqlalchemy import select, update

from feedhub.store.sealing import Keyring
from feedhub.store.session import WriteSession
from feedhub.store.tables_wires import signing_keys, subscriptions


def subscription_place(id: UUID) -> str:
    """Where a subscription's secret is sealed for."""
    return f"subscription/{id}"


def seal_wires_anew(session: WriteSession, keyring: Keyring) -> int:
    """Seal with the newest key what an older one sealed; how many there were."""
    places = {subscriptions: subscription_place, signing_keys: "signing_key/{}".format}
    count = 0
    for table, place_of in places.items():
        sealed = session.rows(select(table.c.id, table.c.sealed).where(table.c.sealed.is_not(None)))
        # A retired pair has lost what was sealed of it.
        for row in (row for row in sealed if row.sealed and not keyring.is_newest(row.sealed)):
            place = place_of(row.id)
            anew = keyring.seal(keyring.open(row.sealed, place=place), place=place)
            session.run(update(table).where(table.c.id == row.id).values(sealed=anew))
            count += 1
    return count
