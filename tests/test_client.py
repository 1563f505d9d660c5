"""The client ends with what the server has, whatever the line and the server do meanwhile."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from feedhub import client_shapes
from feedhub.client import AsyncClient, Client, HubError, Refused, Unreachable, spool
from feedhub.client_following import changes, posts, stream
from feedhub.client_steps import Answer, Ask, Give, Listen, NextLine, Pause, next_step, pace_of
from feedhub.store.session import open_store
from feedhub.views import api_changes, api_shapes
from newsroom_systems import ninjs_faults, read_by_superdesk
from posts_made import made_post
from web.newsroom import RESCUE, Newsroom, numbered, open_newsroom, serving
from writers import truth

ODD = "satu\u2028dua\u0085tigaempat"  # what Python, and no event stream, takes for ends of lines


@pytest_asyncio.fixture
async def room(sqlite_url) -> AsyncIterator[Newsroom]:
    store = open_store(sqlite_url)
    await open_newsroom(store)
    async with serving(sqlite_url) as http:
        room = Newsroom(store, http)
        await room.publish(*(numbered(number) for number in range(10)))
        await room.withdraw(numbered(3), reason="Salah tanggal.")
        await told(room)
        yield room
    await store.close()


async def told(room: Newsroom) -> None:
    """Until the server knows what was done."""
    newest = (await room.store.read(truth)).latest
    await room.until("/api/v1/changes?limit=1", lambda answer: answer.json()["latest"] == newest)


def address(room: Newsroom) -> str:
    return str(room.client.base_url)


async def in_thread(act, *args, **more):
    return await asyncio.to_thread(partial(act, *args, **more))


# What the types say


@pytest.mark.parametrize(
    ("ours", "contract"),
    [
        (client_shapes.Post, api_shapes.PostJson),
        (client_shapes.Change, api_changes.ChangeJson),
        (client_shapes.Notice, api_shapes.NoticeJson),
        (client_shapes.Media, api_shapes.MediaJson),
        (client_shapes.Event, api_shapes.EventJson),
        (client_shapes.Place, api_shapes.PlaceJson),
        (client_shapes.Poll, api_shapes.PollJson),
        (client_shapes.Account, api_shapes.AccountBrief),
        (client_shapes.Department, api_shapes.DepartmentBrief),
    ],
)
def test_the_clients_types_have_the_keys_of_the_contract(ours, contract):
    assert ours.__required_keys__ == contract.__required_keys__


# Against a real server


async def test_posts_come_page_by_page_each_once(room):
    def read() -> list[str]:
        with Client(address(room)) as hub:
            return [post["title"] for post in hub.posts(limit=4, department=["dinkes", "bpbd"])]

    expected = [f"Kabar {number}" for number in range(10) if number != 3]
    assert await in_thread(read) == expected
    async with AsyncClient(address(room)) as hub:
        assert [post["title"] async for post in hub.posts(limit=3)] == expected


async def test_changes_end_at_the_newest_and_go_on_from_a_number(room):
    true = await room.store.read(truth)

    def read(after: int = 0) -> list:
        with Client(address(room)) as hub:
            return list(hub.changes(after, limit="4"))

    every = await in_thread(read)
    assert {change["id"]: (change["change"], change["state"], change["version"]) for change in every} == true.posts
    assert await in_thread(read, every[5]["change"]) == every[6:]
    async with AsyncClient(address(room)) as hub:
        assert [change async for change in hub.changes()] == every


async def test_following_for_ever_waits_for_what_is_to_come(room):
    newest = (await room.store.read(truth)).latest

    def first() -> dict:
        with Client(address(room)) as hub:
            return next(hub.changes(newest, forever=True))

    waiting = asyncio.create_task(in_thread(first))
    await asyncio.sleep(0.2)
    await room.publish(numbered(90))
    assert (await waiting)["post"]["title"] == "Kabar 90"


async def test_the_stream_tells_the_same_in_both_clients(room):
    await room.publish(made_post(native_id="odd", title="Aneh", content_text=ODD))
    await told(room)

    def read() -> list:
        with Client(address(room)) as hub:
            every = list(hub.changes())
            assert list(islice(hub.stream(after=0), len(every))) == every
            return every

    every = await in_thread(read)
    assert every[-1]["post"]["content_text"] == ODD
    async with AsyncClient(address(room)) as hub:
        lines = hub.stream(after=0)
        assert [await anext(lines) for _ in every] == every
        await lines.aclose()


async def test_what_the_server_refuses_names_what_to_change(room):
    def read() -> None:
        with Client(address(room)) as hub:
            list(hub.changes(department="nobody"))

    with pytest.raises(Refused, match="There is no department 'nobody'") as refused:
        await in_thread(read)
    assert (refused.value.status, refused.value.parameter) == (422, "department")


def test_an_address_without_its_scheme_is_refused_at_once():
    with pytest.raises(HubError, match="https://"):
        Client("kabar.example")


# Against everything that can come, without a network


def carried_out(steps, answers: list) -> tuple[list, list]:
    """What the steps gave and did when these came in turn; each Ask, Listen and NextLine takes one."""
    given, done, came, rest = [], [], None, iter(answers)
    while (step := next_step(steps, came)) is not None:
        came = None
        match step:
            case Give(found=found):
                given.append(found)
            case Pause():
                done.append(step)
            case Ask() | NextLine():
                done.append(step)
                try:
                    came = next(rest)
                except StopIteration:
                    break
    return given, done


def page(*numbers: int, after: int, latest: int = 9, seconds: float = 0.0) -> Answer:
    told = {
        "changes": [{"change": number} for number in numbers],
        "next": f"https://else.where/api/v1/changes?after={after}&limit=500",
        "latest": latest,
    }
    return Answer(200, {}, json.dumps(told).encode(), seconds)


def asked(done: list) -> list[str]:
    return [step.query["after"] for step in done if isinstance(step, Ask)]


def pauses(done: list) -> list[float]:
    return [step.seconds for step in done if isinstance(step, Pause)]


CALM = pace_of(Random(1))
PATIENT = pace_of(Random(1), forever=True)


@pytest.mark.parametrize(
    ("fault", "least"),
    [
        (None, 0.5),
        (Answer(503, {"retry-after": "30"}), 30),
        (Answer(429, {"retry-after": "7"}), 7),
        (Answer(500, {}), 0),
    ],
)
def test_what_passes_is_asked_again_after_a_pause(fault, least):
    given, done = carried_out(changes({"after": "3"}, CALM, forever=False), [fault, page(4, after=9), page(after=9)])
    assert [found.changes for found in given] == [({"change": 4},)]
    assert asked(done)[:2] == ["3", "3"]
    assert pauses(done)[0] >= least


def test_pauses_grow_until_the_client_gives_up():
    with pytest.raises(Unreachable, match="8 tries"):
        carried_out(changes({"after": "0"}, CALM, forever=False), [None] * 8)
    _, done = carried_out(changes({"after": "0"}, PATIENT, forever=True), [None] * 30)
    assert len(pauses(done)) == 30
    assert max(pauses(done)) <= 60
    assert sum(pauses(done)[-5:]) > 5 * 29


def test_a_number_of_another_database_begins_again_from_nothing():
    given, done = carried_out(
        changes({"after": "5000"}, CALM, forever=False),
        [Answer(410, {}, b'{"detail": "start again from 0"}'), page(1, 2, after=9)],
    )
    assert asked(done)[:2] == ["5000", "0"]
    assert [found.after for found in given] == [9]


def test_an_empty_answer_that_was_not_waited_for_is_not_asked_for_at_once():
    _, done = carried_out(
        changes({"after": "9"}, PATIENT, forever=True), [page(after=9), page(after=9, seconds=25.0), page(after=9)]
    )
    assert pauses(done) == [1.0, 1.0]
    assert {step.query.get("wait") for step in done[:1]} == {"25"}


def test_an_answer_that_is_not_ours_is_refused():
    with pytest.raises(Refused, match="is this a FeedHub"):
        carried_out(posts({}, CALM), [Answer(200, {}, b"<html>Welcome to this hotel</html>")])


LINES = """\
retry: 5000
id: 7

id: 8
event: change
data: {
data: }

:
id: 12

event: end
id: 12
data: {}

""".splitlines()


def test_a_broken_stream_goes_on_after_the_last_whole_event():
    broken = ["id: 13", "event: change", "data: {}"]  # its end never came
    answers = [Answer(200, {}), *LINES, *broken, None, None, Answer(200, {})]
    given, done = carried_out(stream({"after": "7"}, PATIENT), answers)
    assert given == [{}]
    listened = [step for step in done if isinstance(step, Listen)]
    assert [step.headers.get("Last-Event-ID") for step in listened] == [None, "12", "12"]
    assert pauses(done)[0] == 5.0


def test_a_stream_whose_number_is_unknown_begins_again_from_nothing():
    _, done = carried_out(stream({"after": "9"}, PATIENT), [Answer(410, {}), Answer(200, {})])
    assert asked(done) == ["9", "0"]


# The folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.json"))


def kept(folder: Path) -> dict[str, tuple[int, str]]:
    """What stands in the folder, as a newsroom that takes every file in order ends with."""
    read = [json.loads((folder / name).read_text(encoding="utf-8")) for name in names(folder)]
    return {one["uri"]: (int(one["altids"]["change"]), one["pubstatus"]) for one in read}


def meant(true) -> dict[str, tuple[int, str]]:
    said = {"updated": "usable", "deleted": "canceled"}
    return {f"urn:uuid:{id}": (change, said[state]) for id, (change, state, _) in true.posts.items()}


def spooled(url: str, folder: Path, **filters) -> list[Path]:
    with Client(url) as hub:
        return list(spool(hub, folder, **filters))


async def test_the_folder_holds_one_file_for_each_change_kills_included(room, tmp_path):
    written = await in_thread(spooled, address(room), tmp_path)
    assert [path.name for path in written] == names(tmp_path)
    assert all(one.stat().st_ctime_ns <= other.stat().st_ctime_ns for one, other in pairwise(written))
    assert kept(tmp_path) == meant(await room.store.read(truth))
    for path in written:
        assert ninjs_faults(path.read_bytes()) == []
        assert read_by_superdesk(path.read_bytes())[0]["pubstatus"] in {"usable", "canceled"}
    killed = json.loads(written[-1].read_text(encoding="utf-8"))
    assert (killed["pubstatus"], "Salah tanggal." in killed["ednote"]) == ("canceled", True)
    assert await in_thread(spooled, address(room), tmp_path) == []
    await room.publish(numbered(90))
    await told(room)
    assert len(await in_thread(spooled, address(room), tmp_path)) == 1


async def test_a_folder_belongs_to_one_address_and_its_filters(room, tmp_path):
    await room.publish(numbered(1), account=RESCUE)
    await told(room)
    assert len(await in_thread(spooled, address(room), tmp_path, department=["bpbd"])) == 1
    with pytest.raises(HubError, match="take another folder"):
        await in_thread(spooled, address(room), tmp_path)


async def test_a_spool_killed_at_any_moment_leaves_nothing_out(room, tmp_path):
    await room.publish(*(numbered(number) for number in range(10, 150)))
    await told(room)
    command = [sys.executable, "-m", "feedhub.client", "spool", address(room), str(tmp_path), "--once"]
    for files in (1, 90):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: ASYNC220  # its waits are in threads
            for _ in range(files):
                await in_thread(process.stdout.readline)
            process.send_signal(signal.SIGKILL)
        for name in names(tmp_path):
            assert json.loads((tmp_path / name).read_text(encoding="utf-8"))["uri"]
    done = await in_thread(subprocess.run, command, capture_output=True, check=True)
    assert kept(tmp_path) == meant(await room.store.read(truth))
    assert done.stdout.decode().split() == names(tmp_path)


async def test_the_command_says_what_is_wrong_in_one_sentence(room, tmp_path):
    command = [sys.executable, "-m", "feedhub.client", "spool", address(room), str(tmp_path), "--platform", "orkut"]
    done = await in_thread(subprocess.run, command, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (1, "422: There is no platform 'orkut'.\n")
