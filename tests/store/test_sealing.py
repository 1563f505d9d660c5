"""Sealed secrets: opened by the key that sealed them, in their own place, unchanged; and by nothing else."""

import pytest

from feedhub.errors import CredentialRefused
from feedhub.store.sealing import Keyring

SECRET, PLACE = b"act.geheim-9f3c", "credential/x/*"


def test_what_was_sealed_opens_again_and_shows_nothing():
    ring = Keyring([b"key"])
    sealed = ring.seal(SECRET, place=PLACE)
    assert ring.open(sealed, place=PLACE) == SECRET
    assert SECRET not in sealed
    assert b"geheim" not in sealed


def test_the_same_secret_never_looks_the_same():
    ring = Keyring([b"key"])
    assert len({ring.seal(SECRET, place=PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize("place", ["credential/x/1", "credential/tiktok/*", "app/x/*", ""])
def test_moved_elsewhere_it_does_not_open(place):
    ring = Keyring([b"key"])
    with pytest.raises(CredentialRefused, match="changed or moved"):
        ring.open(ring.seal(SECRET, place=PLACE), place=place)


def test_any_changed_byte_is_noticed():
    ring = Keyring([b"key"])
    sealed = ring.seal(SECRET, place=PLACE)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(CredentialRefused):
            ring.open(changed, place=PLACE)


@pytest.mark.parametrize("sealed", [b"", b"abc", b"\x00" * 4, b"\x5a" * 60])
def test_what_was_never_sealed_is_refused_in_a_sentence(sealed):
    with pytest.raises(CredentialRefused) as refused:
        Keyring([b"key"]).open(sealed, place=PLACE)
    assert str(refused.value).endswith(".")


def test_a_cut_secret_is_refused():
    ring = Keyring([b"key"])
    sealed = ring.seal(SECRET, place=PLACE)
    for length in range(len(sealed)):
        with pytest.raises(CredentialRefused):
            ring.open(sealed[:length], place=PLACE)


def test_another_key_does_not_open_it_and_the_sentence_names_the_setting():
    sealed = Keyring([b"key"]).seal(SECRET, place=PLACE)
    with pytest.raises(CredentialRefused, match="FEEDHUB_CREDENTIALS_KEY"):
        Keyring([b"other"]).open(sealed, place=PLACE)


def test_keys_rotate_the_first_seals_and_every_one_opens():
    old, both = Keyring([b"old"]), Keyring([b"new", b"old"])
    sealed = old.seal(SECRET, place=PLACE)
    assert both.open(sealed, place=PLACE) == SECRET
    assert not both.is_newest(sealed)
    anew = both.seal(both.open(sealed, place=PLACE), place=PLACE)
    assert both.is_newest(anew)
    assert Keyring([b"new"]).open(anew, place=PLACE) == SECRET
    with pytest.raises(CredentialRefused):
        old.open(anew, place=PLACE)


def test_without_a_key_nothing_is_sealed():
    with pytest.raises(CredentialRefused, match="no key"):
        Keyring([])
