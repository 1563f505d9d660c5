"""Keys and tables on the command line: what people who run the inbox type."""

import json
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from feedhub.accounts.account import Account, AccountStatus, Platform
from feedhub.accounts.account_keys import default_key
from feedhub.cli import app
from feedhub.cli_inbox import read_table
from feedhub.errors import FeedHubError
from feedhub.store.register_keeping import set_account_status
from feedhub.store.session import open_store
from feedhub.store.signing import proof_keys
from walked import keep, posts_in, register_of, walk

DESK = Account(
    key=default_key(Platform.INBOX, None, "dinkes"), platform=Platform.INBOX, department="dinkes", handle="dinkes"
)
TABLE = """id;published_at;title;text;url;kinds;tags;image;alt
wa-1;20 November 2026 08.00 WIB;Pasar murah;Di halaman kantor.;;agenda;pasar, sembako;https://dinkes.example/a.jpg;Antrean
wa-2;21/11/2026;;Posyandu buka.;;;;;
"""


@pytest.fixture
async def desk(sqlite_url):
    store = open_store(sqlite_url)
    await keep(store, register_of([DESK]))
    yield store, sqlite_url
    await store.close()


def run(*words: str):
    return CliRunner().invoke(app, list(words))


async def test_a_key_is_shown_once_and_never_again(desk):
    _, url = desk
    made = json.loads(
        run("keys", "add", "Sistem", "--department", "dinkes", "--signed", "--json", "--database", url).stdout
    )
    assert made["key"].startswith("fh_")
    assert made["signing_secret"].startswith("whsec_")
    listed = run("keys", "list", "--database", url).stdout
    assert "Sistem" in listed
    assert made["key"] not in listed
    assert made["key"][-4:] in listed
    assert run("keys", "revoke", str(made["id"]), "--database", url).exit_code == 0
    assert json.loads(run("keys", "list", "--json", "--database", url).stdout)["keys"][0]["revoked_at"]


async def test_proofs_are_signed_by_a_new_pair_of_keys(desk):
    store, url = desk
    first = json.loads(run("keys", "rotate-proof", "--json", "--database", url).stdout)["key"]
    said = run("keys", "rotate-proof", "--database", url).stdout
    second, old = await store.read(proof_keys)
    assert (old.id, old.retired_at is None) == (first, False)
    assert second.id in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["keys", "add", "X", "--scope", "everything"], "no scope 'everything'"),
        (["keys", "add", "X", "--department", "nobody"], "no department 'nobody'"),
        (["keys", "revoke", "99"], "no key '99'"),
    ],
)
async def test_a_wrong_word_is_named(desk, words, says):
    _, url = desk
    refused = run(*words, "--database", url)
    assert isinstance(refused.exception, FeedHubError)
    assert says in str(refused.exception)


async def test_a_table_becomes_posts_and_twice_changes_nothing(desk, tmp_path):
    store, url = desk
    table = tmp_path / "whatsapp.csv"
    table.write_text("\ufeff" + TABLE, encoding="utf-8")
    for _ in range(2):
        taken = run("inbox", "import", str(table), "--account", str(DESK.id), "--json", "--database", url)
        assert json.loads(taken.stdout) == {"rows": 2, "taken": 2}
        await walk(store, DESK)
    found = await posts_in(store)
    assert [(kept.post.native_id, kept.version) for kept in found] == [("wa-2", 1), ("wa-1", 1)]
    first = found[1].post
    assert (first.title, first.tags, first.media[0].alt) == ("Pasar murah", ("pasar", "sembako"), "Antrean")
    table.write_text(TABLE.replace("Posyandu buka", "Posyandu tutup"), encoding="utf-8")
    run("inbox", "import", str(table), "--account", str(DESK.id), "--database", url)
    await walk(store, DESK)
    newest, _ = await posts_in(store)
    assert (newest.post.content_text, newest.version) == ("Posyandu tutup.", 2)


async def test_every_faulty_row_is_named_and_nothing_is_taken(desk, tmp_path):
    store, url = desk
    table = tmp_path / "faulty.csv"
    table.write_text("id,published_at,text,kinds\na,besok lusa,x,\nb,,,\nc,,y,gosip\n", encoding="utf-8")
    refused = run("inbox", "import", str(table), "--account", str(DESK.id), "--database", url)
    assert [line.split(":")[1] for line in str(refused.exception).splitlines()] == ["2", "3", "4"]
    await walk(store, DESK)
    assert await posts_in(store) == ()


async def test_a_table_that_is_none_is_named_and_a_long_text_is_taken(desk, tmp_path):
    _, url = desk
    table = tmp_path / "posts.csv"
    table.write_text("id,title,text\nx,Panjang," + "a" * 150_000 + "\n")
    assert run("inbox", "import", str(table), "--account", str(DESK.id), "--database", url).exit_code == 0
    table.write_text("id,title\nx,y" + "z" * 1_100_000 + "\n")
    with pytest.raises(FeedHubError, match="is no row of a table"):
        read_table(table, ZoneInfo("Asia/Jakarta"))


async def test_nothing_is_taken_in_for_an_account_that_left(desk, tmp_path):
    store, url = desk
    await store.write(set_account_status, [DESK.id], AccountStatus.RETIRED, at=0)
    table = tmp_path / "posts.csv"
    table.write_text(TABLE)
    said = run("inbox", "import", str(table), "--account", str(DESK.id), "--database", url)
    assert said.exit_code != 0
    assert "left the register" in str(said.exception)
