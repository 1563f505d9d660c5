"""Importing a register adds and updates, and retires only when told so."""

from dataclasses import replace

from hypothesis import given, settings

from feedhub.accounts.account import Account, AccountStatus, Department, Platform, Publisher, Register
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.accounts.register_changes import RegisterChanges, register_changes
from feedhub.accounts.register_export import write_register
from feedhub.accounts.register_file import read_register
from registers_made import kept_registers, registers

SOME = settings(max_examples=60)  # a register is slow to make up
RETIRED, PAUSED, ACTIVE = AccountStatus.RETIRED, AccountStatus.PAUSED, AccountStatus.ACTIVE


def feed(key, *, department="dinkes", url=None, status=ACTIVE, **more):
    url = url or f"https://{key}.example/feed"
    return Account(key=key, platform=Platform.WEBFEED, department=department, url=url, status=status, **more)


def register(*departments, accounts=(), **more):
    listed = tuple(each if isinstance(each, Department) else Department(slug=each, name=each) for each in departments)
    return Register(departments=listed, accounts=tuple(accounts), **more)


def keyless(account):
    """As a file without keys says it."""
    text = write_register(register(account.department, accounts=[account]))
    (read,) = read_register(
        "".join(line for line in text.splitlines(True) if not line.startswith("key")), name="x"
    ).accounts
    return read


def applied(kept: Register, changes: RegisterChanges) -> Register:
    """What a store does with changes."""
    renamed = dict(changes.renamed)
    departments = {
        slug: replace(each, slug=slug) for each in kept.departments for slug in [renamed.get(each.slug, each.slug)]
    }
    accounts = {
        each.key: replace(each, department=renamed.get(each.department, each.department)) for each in kept.accounts
    }
    departments |= {each.slug: each for each in changes.departments}
    accounts |= {each.key: each for each in changes.accounts}
    for old, _ in changes.merged:
        del departments[old]
    retired = set(changes.retired_ids)
    return Register(
        publisher=changes.publisher or kept.publisher,
        kinds=kept.kinds if changes.kinds is None else changes.kinds,
        departments=tuple(departments.values()),
        accounts=tuple(replace(each, status=RETIRED) if each.id in retired else each for each in accounts.values()),
    )


@SOME
@given(kept_registers(), registers())
def test_importing_twice_changes_nothing(kept, new):
    for retire_missing in (False, True):
        once = applied(kept, register_changes(kept, new, retire_missing=retire_missing))
        assert not register_changes(once, new, retire_missing=retire_missing)


@SOME
@given(kept_registers(), registers())
def test_import_loses_no_account_and_leaves_none_without_department_and_no_slug_with_two(kept, new):
    changes = register_changes(kept, new, retire_missing=False)
    assert changes.retired == ()
    after = applied(kept, changes)
    slugs = [slug for each in after.departments for slug in (each.slug, *each.formerly)]
    assert len(slugs) == len(set(slugs))
    assert {each.department for each in after.accounts} <= {each.slug for each in after.departments}
    assert {each.key for each in kept.accounts} <= {each.key for each in after.accounts}


@SOME
@given(kept_registers(), registers())
def test_old_links_go_on_working(kept, new):
    after = applied(kept, register_changes(kept, new, retire_missing=True))
    known = {slug for each in after.departments for slug in (each.slug, *each.formerly)}
    assert {slug for each in kept.departments for slug in (each.slug, *each.formerly)} <= known


@SOME
@given(registers())
def test_importing_an_export_changes_nothing(kept):
    exported = read_register(write_register(kept), name="register.toml")
    assert not register_changes(kept, exported, retire_missing=True)


def test_new_departments_and_accounts_are_added():
    changes = register_changes(Register(), register("dinkes", accounts=[feed("a")]), retire_missing=False)
    assert changes.departments == (Department(slug="dinkes", name="dinkes"),)
    assert changes.accounts == (feed("a"),)
    assert changes.added_departments == ("dinkes",)
    assert changes.added_accounts == (feed("a").id,)


def test_what_is_not_listed_stays():
    kept = register("dinkes", "dlh", accounts=[feed("a"), feed("b")], kinds=(KindRule(kind=Kind.NEWS),))
    assert not register_changes(kept, register("dinkes", accounts=[feed("a")]), retire_missing=False)


def test_missing_accounts_are_retired_when_told_so():
    kept = register("dinkes", accounts=[feed("a"), feed("b"), feed("c", status=RETIRED)])
    changes = register_changes(kept, register("dinkes", accounts=[feed("a")]), retire_missing=True)
    assert changes.retired_ids == (feed("b").id,)
    assert changes.accounts == ()


def test_retired_account_that_is_listed_again_is_revived():
    kept = register("dinkes", accounts=[feed("a", status=RETIRED)])
    changes = register_changes(kept, register("dinkes", accounts=[feed("a")]), retire_missing=False)
    assert changes.accounts == (feed("a"),)
    assert changes.revived_accounts == (feed("a").id,)


def test_paused_account_stays_paused():
    kept = register("dinkes", accounts=[feed("a", status=PAUSED)])
    assert not register_changes(kept, register("dinkes", accounts=[feed("a")]), retire_missing=False)
    changes = register_changes(kept, register("dinkes", accounts=[feed("a", kind=Kind.NEWS)]), retire_missing=False)
    assert [each.status for each in changes.accounts] == [PAUSED]


def test_account_without_key_is_the_kept_one_of_its_address():
    held = feed("lasting-key", url="https://www.dinkes.example/feed/")
    again = keyless(replace(held, url="http://dinkes.example/feed"))
    changes = register_changes(
        register("dinkes", accounts=[held]), register("dinkes", accounts=[again]), retire_missing=True
    )
    assert changes.accounts == (replace(held, url="http://dinkes.example/feed"),)
    assert changes.retired == changes.added_accounts == ()


def test_key_survives_a_new_address_and_the_old_address_then_belongs_to_another():
    held = keyless(feed("x", url="https://dinkes.example/feed"))
    moved = replace(held, url="https://dinkes.example/rss")
    kept = register("dinkes", accounts=[moved])
    newcomer = keyless(feed("x", url="https://dinkes.example/feed"))
    changes = register_changes(kept, register("dinkes", accounts=[newcomer, keyless(moved)]), retire_missing=True)
    assert [(each.url, each.key) for each in changes.accounts if each.id in changes.added_accounts] == [
        (newcomer.url, "webfeed:dinkes.example/feed#2")
    ]
    assert changes.retired == ()
    assert not register_changes(applied(kept, changes), register("dinkes", accounts=[newcomer]), retire_missing=False)


def test_renamed_department_keeps_its_accounts_and_its_old_links():
    kept = register(Department(slug="b", name="B", formerly=("a",)), accounts=[feed("x", department="b")])
    new = register(Department(slug="c", name="C", formerly=("b",)))
    changes = register_changes(kept, new, retire_missing=False)
    assert changes.renamed == (("b", "c"),)
    assert changes.departments == (Department(slug="c", name="C", formerly=("a", "b")),)
    assert changes.added_departments == ()
    assert applied(kept, changes).accounts == (feed("x", department="c"),)


def test_two_departments_that_become_one_keep_their_accounts():
    accounts = [feed("x", department="a"), feed("y", department="b", status=RETIRED)]
    kept = register("a", "b", accounts=accounts)
    new = register(Department(slug="c", name="C", formerly=("a", "b")))
    changes = register_changes(kept, new, retire_missing=False)
    assert (changes.renamed, changes.merged) == ((("a", "c"),), (("b", "c"),))
    after = applied(kept, changes)
    assert {each.department for each in after.accounts} == {"c"}
    assert [each.slug for each in after.departments] == ["c"]


def test_old_slug_that_another_department_takes_is_given_up():
    kept = register(Department(slug="b", name="b", formerly=("a",)))
    changes = register_changes(kept, register("a"), retire_missing=False)
    assert set(changes.departments) == {Department(slug="a", name="a"), Department(slug="b", name="b")}


def test_publisher_and_kinds_change_only_where_the_file_says_them():
    city, rules = Publisher(name="Kota"), (KindRule(kind=Kind.NEWS, words=("kabar",)),)
    kept = register(publisher=city, kinds=rules)
    assert not register_changes(kept, Register(), retire_missing=False)
    assert register_changes(kept, Register(), retire_missing=True).kinds == ()
    assert register_changes(kept, register(publisher=Publisher(name="B")), retire_missing=False).publisher.name == "B"
    assert register_changes(Register(), kept, retire_missing=False).kinds == rules


def test_changes_are_told_to_people_and_machines():
    kept = register("a", "z", accounts=[feed("x", department="a"), feed("y", department="z")])
    new = register(
        Department(slug="b", name="B", formerly=("a",)),
        "n",
        accounts=[feed("x", department="b"), feed("w", department="n")],
        publisher=Publisher(name="Kota"),
    )
    changes = register_changes(kept, new, retire_missing=True)
    assert changes.summary() == (
        "The publisher becomes Kota.",
        "Department a becomes b; old links go on working.",
        "Department b (B) is updated.",
        "Department n (n) is added.",
        "Account webfeed https://w.example/feed of n is added.",
        "Account webfeed https://x.example/feed of b is updated.",
        "Account webfeed https://y.example/feed of z is retired.",
        (
            "In all departments added: 1, departments updated: 1, departments renamed: 1,"
            " accounts added: 1, accounts updated: 1, accounts retired: 1."
        ),
    )
    told = changes.as_json()
    assert told["publisher"]
    assert not told["kinds"]
    assert told["departments"] == {"added": ["n"], "updated": ["b"], "renamed": ["a"], "merged": []}
    assert [each["key"] for each in told["accounts"]["retired"]] == ["y"]
    assert RegisterChanges().summary() == ("Departments and accounts stay as they are.",)
