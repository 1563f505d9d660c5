"""The forms in which posts are listed, over a socket: the same posts, cursors and refusals in each."""

import csv
import json
from io import StringIO

import pytest

from feedhub.posts.post import Media, MediaType, Place
from feedhub.views.post_forms import FIELDS
from newsroom_systems import ninjs_faults
from web.newsroom import PUBLIC_URL, numbered

FORMULAS = ("=1+1", "+62 812", "-7 derajat", "@dinkes", "\t=1")


def ids(answer) -> list[str]:
    """The posts of an answer, whatever its form."""
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type == "text/csv":
        return [row["id"] for row in rows(answer)]
    told = (
        [json.loads(line) for line in answer.text.splitlines()]
        if media_type == "application/x-ndjson"
        else answer.json()["posts"]
    )
    return [one["uri"].removeprefix("urn:uuid:") if "uri" in one else one["id"] for one in told]


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.text, newline=""), strict=True))


@pytest.mark.parametrize(
    ("path", "also"),
    [
        ("/api/v1/posts", ""),
        ("/api/v1/posts", "&fields=title"),
        ("/api/v1/posts", "&format=ninjs"),
        ("/api/v1/posts.ndjson", ""),
        ("/api/v1/posts.ndjson", "&fields=title,url"),
        ("/api/v1/posts.ndjson", "&format=ninjs"),
        ("/api/v1/posts.csv", ""),
        ("/api/v1/posts.csv", "&fields=title,url"),
    ],
)
async def test_every_form_is_walked_by_the_same_links_and_kept_by_its_etag(room, path, also):
    every = ids(await room.get("/api/v1/posts?kind=news"))
    met, target = [], f"{path}?kind=news&limit=2{also}"
    while target:
        answer = await room.get(target)
        assert answer.status_code == 200
        met += ids(answer)
        again = await room.get(target, if_none_match=answer.headers["etag"])
        assert (again.status_code, again.headers.get("link")) == (304, answer.headers.get("link"))
        following = answer.links["next"]["url"] if "next" in answer.links else None
        if answer.headers["content-type"] == "application/json":
            assert answer.json()["next"] == following
        target = following and following.removeprefix(PUBLIC_URL)
    assert met == every
    assert len(met) == 5


async def test_a_cursor_is_good_in_another_form(room):
    following = (await room.get("/api/v1/posts?limit=2&tag=imunisasi")).json()["next"].removeprefix(PUBLIC_URL)
    other = await room.get(following.replace("/api/v1/posts?", "/api/v1/posts.csv?"))
    assert ids(other) == ids(await room.get(following))


async def test_fields_leave_only_what_was_asked_for_and_the_id(room):
    whole = (await room.get("/api/v1/posts?limit=1")).json()["posts"][0]
    assert tuple(whole) == FIELDS
    some = (await room.get("/api/v1/posts?limit=1&fields=title,media&fields=published_at")).json()["posts"][0]
    assert list(some) == ["id", "title", "published_at", "media"]
    assert some == {name: whole[name] for name in some}
    assert (await room.get(f"/api/v1/posts/{whole['id']}?fields=title")).json() == {
        "id": whole["id"],
        "title": whole["title"],
    }


@pytest.mark.parametrize(
    ("target", "parameter", "named"),
    [
        ("/api/v1/posts?fields=title,headline", "fields", "headline"),
        ("/api/v1/posts/{id}?fields=headline", "fields", "headline"),
        ("/api/v1/posts.csv?fields=content_html", "fields", "content_html"),
        ("/api/v1/posts?fields=title&format=ninjs", "fields", "ninjs"),
        ("/api/v1/posts?format=xml", "format", "xml"),
        ("/api/v1/posts/{id}?format=csv", "format", "csv"),
        ("/api/v1/posts.csv?format=ninjs", "format", "format"),
        ("/api/v1/posts.ndjson?department=nobody", "department", "nobody"),
        ("/api/v1/posts.csv?limit=201", "limit", "201"),
        ("/api/v1/posts.csv?cursor=AAAA", "cursor", "cursor"),
    ],
)
async def test_what_no_form_knows_is_refused_by_name(room, target, parameter, named):
    first = (await room.get("/api/v1/posts?limit=1")).json()["posts"][0]["id"]
    answer = await room.get(target.format(id=first))
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert told["parameter"] == parameter
    assert named in told["detail"]


async def test_a_table_runs_no_formula_and_keeps_numbers_numbers(room):
    place = Place(name="Alun-alun", latitude=-7.75, longitude=113.2)
    for number, text in enumerate(FORMULAS):
        await room.publish(numbered(-1 - number, title=text.strip() or "x", content_text=text, place=place))
    table = rows(await room.get(f"/api/v1/posts.csv?limit={len(FORMULAS)}"))
    assert [row["content_text"] for row in reversed(table)] == [f"'{text}" for text in FORMULAS]
    assert {(row["place_latitude"], row["place_longitude"]) for row in table} == {("-7.75", "113.2")}
    for row in table:
        assert None not in row
        assert None not in row.values()
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "@", "\t"))]


async def test_a_table_has_a_column_for_every_field_but_markup(room):
    answer = await room.get("/api/v1/posts.csv?limit=1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.text.endswith("\r\n")
    (row,) = rows(answer)
    shown = {name for name in FIELDS if any(column == name or column.startswith(f"{name}_") for column in row)}
    assert shown == set(FIELDS) - {"content_html"}
    assert (row["department_slug"], row["tags"], row["backfill"], row["notice_reason"]) == ("dinkes", "", "false", "")
    assert (await room.get("/api/v1/posts.csv?tag=nobody-used-this")).text == answer.text.partition("\r\n")[0] + "\r\n"


async def test_lists_and_hostile_text_survive_a_table(room):
    hostile = 'a "b"; c,\r\nd | é 👍'
    media = tuple(
        Media(type=MediaType.IMAGE, url=f"https://dinkes.example/{each}.jpg", alt=alt)
        for each, alt in (("a", None), ("b", "Seorang perawat"))
    )
    await room.publish(numbered(-1, title="Dua", content_text=hostile.replace("\r\n", "\n"), media=media))
    (row,) = rows(await room.get("/api/v1/posts.csv?limit=1"))
    assert row["content_text"] == hostile.replace("\r\n", "\n")
    assert row["media_url"] == "https://dinkes.example/a.jpg | https://dinkes.example/b.jpg"
    assert row["media_alt"] == " | Seorang perawat"


async def test_each_line_is_the_post_as_it_stands_alone(room):
    lines = (await room.get("/api/v1/posts.ndjson?limit=3")).text.splitlines()
    assert len(lines) == 3
    for line in lines:
        assert (await room.get(f"/api/v1/posts/{json.loads(line)['id']}")).text == line


async def test_ninjs_of_a_withdrawn_post_cancels_it_and_still_says_gone(room):
    live = (await room.get("/api/v1/posts?limit=1&format=ninjs")).json()["posts"][0]
    assert ninjs_faults(live) == []
    gone = await room.withdraw(numbered(0), reason="Tanggalnya keliru.")
    answer = await room.until(f"/api/v1/posts/{gone}?format=ninjs", lambda answer: answer.status_code == 410)
    told = answer.json()
    assert ninjs_faults(told) == []
    assert (told["uri"], told["pubstatus"], told["ednote"]) == (
        live["uri"],
        "canceled",
        "Penarikan: Tanggalnya keliru.",
    )
    assert "Kabar 0" not in answer.text
    for target in ("/api/v1/posts.csv", "/api/v1/posts.ndjson?format=ninjs"):
        assert gone not in (await room.get(target)).text
