"""`feedhub credentials`: tokens come in by files, standard input or a hidden prompt, and nothing of them comes out."""

import io
import json
import re
import sys

import pytest
from sqlalchemy import create_engine, text

from feedhub.store.engines import read_url
from standins import answer
from test_cli import NOBODY, feedhub, feedhub_on_sqlite, standing_in  # noqa: F401 - fixtures

TOKEN, REFRESH, SECRET = "act.geheim-9f3c", "rft.geheim-77aa", "app-geheim-0042"
REGISTER = """
[publisher]
name = "Kota Contoh"
language = "id"
time_zone = "Asia/Jakarta"
[[departments]]
slug = "dinkes"
name = "Dinas Kesehatan"
[[departments.accounts]]
platform = "tiktok"
handle = "dinkes"
[[departments.accounts]]
platform = "x"
handle = "dinkes_kota"
[[departments]]
slug = "dishub"
name = "Dinas Perhubungan"
[[departments.accounts]]
platform = "x"
handle = "dishub_kota"
[[departments.accounts]]
platform = "linkedin"
url = "https://www.linkedin.com/company/dishub-kota"
"""


def filled(line):
    (line.folder / "register.toml").write_text(REGISTER, encoding="utf-8")
    assert line("register", "import", "register.toml").code == 0
    for name, said in (("token", TOKEN), ("refresh", REFRESH), ("secret", SECRET)):
        (line.folder / name).write_text(f"  {said}\n", encoding="utf-8")
    return line


@pytest.fixture
def city(feedhub_on_sqlite):  # noqa: F811 - asked for by name
    return filled(feedhub_on_sqlite)


def accounts_of(line):
    return {one["handle"] or one["url"]: one for one in line("accounts", "list", "--json").json["accounts"]}


def listed(line):
    return line("credentials", "list", "--json").json["credentials"]


def test_a_credential_lives_from_add_to_remove_on_both_databases(feedhub):  # noqa: F811 - asked for by name
    line = filled(feedhub)
    known = accounts_of(line)
    added = line("credentials", "add", "x", "--token-file", "token", "--json").json
    assert (added["platform"], added["account"], added["shown"]) == ("x", None, "…9f3c")
    assert set(added["accounts"]) == {known["dinkes_kota"]["id"], known["dishub_kota"]["id"]}
    own = line(
        "credentials",
        "add",
        "@dinkes_kota",
        "--token-file",
        "token",
        "--expires",
        "60d",
        "--with",
        "user_id=7",
        "--json",
    ).json
    assert own["accounts"] == [known["dinkes_kota"]["id"]]
    assert own["expires_at"].endswith("Z")
    assert {one["id"]: len(one["accounts"]) for one in listed(line)} == {added["id"]: 1, own["id"]: 1}
    again = line("credentials", "add", "x", "--token-file", "refresh", "--json").json  # instead of the first
    assert again["id"] > own["id"]
    assert {one["id"]: one["shown"] for one in listed(line)} == {own["id"]: "…9f3c", again["id"]: "…77aa"}
    assert line("credentials", "remove", own["id"], "--json").json == {"removed": own["id"], "accounts": 1}
    assert [len(one["accounts"]) for one in listed(line)] == [2]
    line("credentials", "remove", own["id"]).refuses(1, "no credential")


def test_an_account_is_named_by_id_key_handle_or_address(city):
    known = accounts_of(city)
    tiktok, linkedin = known["dinkes"], known["https://www.linkedin.com/company/dishub-kota"]
    names = (tiktok["id"], tiktok["key"], "dinkes", "@Dinkes", "https://www.tiktok.com/@dinkes?lang=id")
    for named in names:
        added = city("credentials", "add", named, "--token-file", "token", "--json").json
        assert added["accounts"] == [tiktok["id"]], named
    added = city(
        "credentials", "add", "https://id.linkedin.com/company/dishub-kota/", "--token-file", "token", "--json"
    )
    assert added.json["accounts"] == [linkedin["id"]]
    assert len(listed(city)) == 2
    city("credentials", "add", "nobody", "--token-file", "token").refuses(1, "nobody")
    city("credentials", "add", NOBODY, "--token-file", "token").refuses(1, NOBODY)


def test_a_new_credential_makes_its_accounts_due_at_once(city):
    city("sync", "--once")
    assert city("sync", "--once", "--json").json["visited"] == 0
    told = city("credentials", "add", "x", "--token-file", "token")
    assert told.out.endswith("Visited at once: 2 accounts of dinkes, dishub.\n")
    with standing_in(answer(401, body=b'{"title":"Unauthorized","status":401}')) as base:
        walked = city("sync", "--once", "--json", fetch_detours=f"https://api.x.com={base}").json
    assert walked["visited"] == 2


def test_tokens_come_by_standard_input_too_and_are_never_arguments(city, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{TOKEN}\n"))
    assert city("credentials", "add", "x", "--token-file", "-").code == 0
    city("credentials", "add", "x").refuses(1, "as a file")  # nobody is there to be asked
    used = city("credentials", "add", "x", TOKEN)
    assert (used.code, used.out) == (2, "")
    city("credentials", "add", "dinkes", "--token-file", "token", "--with", f"client_secret={SECRET}").refuses(
        1, "client_secret is a secret"
    )
    assert SECRET not in city("credentials", "add", "dinkes", "--with", f"client_secret={SECRET}").errors


def test_a_hidden_prompt_asks_where_somebody_sits(city, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("typer.prompt", lambda _words, *, hide_input: TOKEN if hide_input else "seen by everybody")
    assert city("credentials", "add", "x").code == 0
    assert listed(city)[0]["shown"] == "…9f3c"


BAD = [
    (("x", "--token-file", "nowhere"), "nowhere"),
    (("x", "--token-file", "empty"), "empty"),
    (("x", "--token-file", "two words"), "no token"),
    (("x", "--token-file", "binary"), "not text"),
    (("x", "--token-file", "token", "--expires", "soon"), "'soon' is no time"),
    (("x", "--token-file", "token", "--expires", "2020-01-01"), "over already"),
    (("x", "--token-file", "token", "--expires", "99999999d"), "no time"),
    (("x", "--token-file", "token", "--with", "novalue"), "NAME=VALUE"),
    (("mastodon", "--token-file", "token"), "none is needed"),
    (("tiktok", "--token-file", "token"), "name the account"),
    (("x", "--app"), "--app is for"),
    (("instagram", "--app", "--with", "client_id=1"), "as a file"),
]


@pytest.mark.parametrize(("words", "said"), BAD)
def test_what_can_not_be_kept_is_refused_in_one_sentence(city, words, said):
    (city.folder / "empty").write_text(" \n")
    (city.folder / "two words").write_text(f"{TOKEN} {SECRET}")
    (city.folder / "binary").write_bytes(b"\xff\xfe\x00")
    ended = city("credentials", "add", *words)
    ended.refuses(1, said)
    assert TOKEN not in ended.errors
    assert listed(city) == []


def test_handles_of_several_accounts_are_told_apart(city):
    more = REGISTER + '[[departments.accounts]]\nplatform = "threads"\nhandle = "dinkes"\n'
    (city.folder / "more.toml").write_text(more, encoding="utf-8")
    city("register", "import", "more.toml")
    city("credentials", "add", "dinkes", "--token-file", "token").refuses(1, "2 accounts are called dinkes", "TikTok")


def test_our_app_is_kept_and_joins_the_credentials_of_its_accounts(city):
    app = city(
        "credentials", "add", "tiktok", "--app", "--with", "client_key=aw-123456", "--with", "client_secret=@secret"
    )
    assert "app at TikTok, …3456" in app.out
    linked = city("credentials", "link", "dinkes", "--json", public_url="https://kabar.example/x/").json
    assert re.fullmatch(r"https://kabar\.example/x/connect/tiktok\?link=[\w-]+", linked["url"])
    assert linked["days"] == 7
    city("credentials", "add", "dinkes", "--token-file", "token", "--refresh-token-file", "refresh")
    assert [(one["app"], one["shown"]) for one in listed(city)] == [(True, "…3456"), (False, "…9f3c")]
    city("credentials", "link", "tiktok").refuses(1, "Name one TikTok account")
    city("credentials", "link", "dinkes_kota").refuses(1, "not connected this way")
    city("credentials", "link", "https://www.linkedin.com/company/dishub-kota").refuses(1, "linkedin --app")


def test_a_credential_is_tried_through_one_of_its_accounts(city):
    city("credentials", "add", "x", "--token-file", "token")
    user = {"data": {"id": "77", "name": "Dinkes", "username": "dinkes_kota"}}
    good = {"/2/users/by/username/dinkes_kota": answer(body=json.dumps(user).encode())}

    def anything(asked):
        path = asked.path.partition("?")[0]
        return good.get(path) or answer(body=json.dumps({"meta": {"result_count": 0}}).encode())

    with standing_in(anything) as base:
        detours = f"https://api.x.com={base}"
        works = city("credentials", "test", fetch_detours=detours)
        assert (works.code, works.out) == (0, "1  The X credential …9f3c works: dinkes_kota answered.\n")
    with standing_in(answer(401, body=b'{"title":"Unauthorized","status":401,"type":"about:blank"}')) as base:
        fails = city("credentials", "test", "1", "--json", fetch_detours=f"https://api.x.com={base}")
        asked = len(base.asked)
        assert asked
        again = city("credentials", "test", fetch_detours=f"https://api.x.com={base}")
        assert len(base.asked) > asked  # a person asks: no hour's rest
    assert (fails.code, again.code) == (3, 3)
    (row,) = fails.json["credentials"]
    assert (row["works"], TOKEN in row["sentence"]) == (False, False)
    assert "refused" in city("credentials", "list").out
    assert city("credentials", "test", "9").code == 1


def test_status_says_how_much_one_act_unlocks(city):
    city("sync", "--once")
    shown = city("accounts", "status", "--json").json
    waiting = {one["platform"]: (one["shared"], one["count"], one["sentence"]) for one in shown["waiting"]}
    assert waiting == {
        "x": (True, 2, "One X token: 2 accounts wait for it."),
        "tiktok": (False, 1, "A TikTok token each: 1 account waits for its own."),
        "linkedin": (False, 1, "A LinkedIn token each: 1 account waits for its own."),
    }
    assert shown["waiting"][0]["platform"] == "x"
    assert "One X token: 2 accounts wait for it.\n" in city("accounts", "status").out


def test_keys_rotate_and_a_lost_key_is_said(city):
    old, new = {"credentials_key": "old"}, {"credentials_key": "new, old"}
    city("credentials", "add", "x", "--token-file", "token", **old)
    assert city("credentials", "rotate", "--json", **new).json == {"sealed": 1}
    assert city("credentials", "rotate", "--json", **new).json == {"sealed": 0}
    assert city("credentials", "list", credentials_key="new").code == 0
    city("credentials", "rotate", credentials_key="other").refuses(1, "FEEDHUB_CREDENTIALS_KEY")


def test_the_first_key_of_the_settings_takes_over_what_the_installations_own_sealed(city):
    city("credentials", "add", "x", "--token-file", "token")
    city("keys", "add", "Sistem", "--signed")
    assert city("credentials", "rotate", "--json", credentials_key="new").json == {"sealed": 2}
    assert city("credentials", "rotate", "--json", credentials_key="new").json == {"sealed": 0}


def test_nothing_of_a_secret_is_in_the_database_or_in_what_commands_say(feedhub):  # noqa: F811 - asked for by name
    line = filled(feedhub)
    told = [
        line("credentials", "add", "tiktok", "--app", "--with", "client_key=aw-1", "--with", "client_secret=@secret"),
        line("credentials", "add", "dinkes", "--token-file", "token", "--refresh-token-file", "refresh", "--json"),
        line("credentials", "add", "x", "--token-file", "token"),
        line("credentials", "list"),
        line("credentials", "list", "--json"),
        line(
            "credentials",
            "test",
            fetch_detours="https://api.x.com=http://127.0.0.1:9,https://open.tiktokapis.com=http://127.0.0.1:9",
        ),
        line("credentials", "rotate"),
        line("accounts", "status", "--json"),
    ]
    engine = create_engine(read_url(line.settings["database_url"]))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM credential")).all()
    engine.dispose()
    held = repr(rows) + "".join(
        bytes(cell).hex() for row in rows for cell in row if isinstance(cell, bytes | memoryview)
    )
    files = b"".join(path.read_bytes() for path in line.folder.rglob("*.sqlite*"))
    said = "".join(one.out + one.errors for one in told)
    for secret in (TOKEN, REFRESH, SECRET):
        assert secret not in said
        assert secret not in held
        assert secret.encode().hex() not in held
        assert secret.encode() not in files


def test_keys_come_from_a_file_too_and_a_file_without_keys_is_said(city):
    (city.folder / "keys").write_text("new\nold\n")
    city("credentials", "add", "x", "--token-file", "token", credentials_key="old")
    assert city("credentials", "rotate", "--json", credentials_key_file="keys").json == {"sealed": 1}
    city("credentials", "rotate", credentials_key_file="empty").refuses(1, "FEEDHUB_CREDENTIALS_KEY_FILE")
    (city.folder / "empty").write_text("\n")
    city("credentials", "rotate", credentials_key_file="empty").refuses(1, "holds no key")
