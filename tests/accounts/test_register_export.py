"""An exported register is the register again."""

import tomllib
from dataclasses import replace

from hypothesis import given, settings

from feedhub.accounts.account import Account, AccountStatus, Department, Platform, Register
from feedhub.accounts.register_export import write_register
from feedhub.accounts.register_file import read_register
from registers_made import registers

ACCOUNT = Account(key="webfeed:a.example", platform=Platform.WEBFEED, department="a", url="https://a.example/")
REGISTER = Register(departments=(Department(slug="a", name="A", contacts=("Humas, 0335",)),), accounts=(ACCOUNT,))


@settings(max_examples=60)
@given(registers())
def test_exported_register_is_read_back_as_it_was(register):
    assert read_register(write_register(register), name="register.toml") == register


def test_every_account_is_written_with_its_key_and_every_department_with_its_contacts():
    written = tomllib.loads(write_register(REGISTER))
    assert written["departments"][0]["contacts"] == ["Humas, 0335"]
    assert written["departments"][0]["accounts"][0]["key"] == ACCOUNT.key


def test_retired_accounts_are_not_written():
    retired = replace(REGISTER, accounts=(replace(ACCOUNT, status=AccountStatus.RETIRED),))
    assert read_register(write_register(retired), name="register.toml").accounts == ()


def test_export_of_one_register_is_always_the_same_text():
    assert write_register(REGISTER) == write_register(replace(REGISTER))
