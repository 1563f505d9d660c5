"""The first files of a city are files that FeedHub reads."""

import io

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from feedhub.accounts.first_register import first_register, first_settings, slug_of
from feedhub.accounts.register_file import read_register
from feedhub.errors import RegisterRefused, SettingRefused
from registers_made import texts

CITY = {"name": "Kota Contoh", "language": "id", "time_zone": "Asia/Jakarta"}


@given(texts, st.none() | st.just("https://dinas.example/"), st.none() | st.just("https://dinas.example/feed/"))
def test_first_register_is_read_as_it_was_answered(department, site_url, feed_url):
    text = first_register(**CITY, department=department, site_url=site_url, feed_url=feed_url)
    register = read_register(text, name="register.toml")
    assert (register.publisher.name, register.publisher.language) == ("Kota Contoh", "id")
    assert [(each.name, each.url) for each in register.departments] == [(department, site_url)]
    assert [each.url for each in register.accounts] == ([feed_url] if feed_url else [])


def test_wrong_answer_is_refused_by_reading_it():
    with pytest.raises(RegisterRefused, match="Asia/Jakarto"):
        read_register(first_register(**CITY | {"time_zone": "Asia/Jakarto"}, department="D"), name="register.toml")


@given(st.text(max_size=100))
def test_every_name_has_a_slug(name):
    text = f'[[departments]]\nslug = "{slug_of(name)}"\nname = "x"'
    assert read_register(text, name="register.toml").departments[0].slug == slug_of(name)


@given(st.text(st.sampled_from("aé '\"\\#$=}%"), max_size=12).map(str.strip))
def test_settings_are_read_back_as_they_were_answered(contact):
    contact = " ".join(contact.split())
    text = first_settings(database_url="sqlite:///feedhub.sqlite", public_url="https://a.example/?b=c", contact=contact)
    assert dotenv_values(stream=io.StringIO(text), interpolate=True) == {
        "FEEDHUB_DATABASE_URL": "sqlite:///feedhub.sqlite",
        "FEEDHUB_PUBLIC_URL": "https://a.example/?b=c",
        "FEEDHUB_CONTACT": contact,
    }


def test_setting_that_its_file_would_replace_is_refused():
    with pytest.raises(SettingRefused, match="%24"):
        first_settings(database_url="postgresql://a:${b}@c/d", public_url="", contact="")
