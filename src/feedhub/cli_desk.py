"""Commands of the desk: what it does to posts in public, what waits for a second person, and the log of it."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape

from feedhub.cli_options import AsJson, Database, Reason, acted, opened_store, read_id, read_settings, say_what_waits
from feedhub.errors import FeedHubError
from feedhub.posts.acts import ActName, ActWanted
from feedhub.posts.chain import LoggedAct
from feedhub.settings import Settings, pictures_store
from feedhub.store.acting import Acted, Proposal, confirm, open_proposals, proposal_named, reject
from feedhub.store.erasing import leaves_traces, scrub
from feedhub.store.log import log_fault, log_head, newest_acts, number_of
from feedhub.store.picture_files import PictureFiles
from feedhub.store.pictures import forget_pictures
from feedhub.store.session import Store
from feedhub.store.times import iso
from feedhub.sync.serving import now

log_app = typer.Typer(invoke_without_command=True)
proposals_app = typer.Typer(no_args_is_help=True, help="Acts that two people must want (FEEDHUB_FOUR_EYES).")

PostId = Annotated[UUID, typer.Argument(metavar="ID", parser=read_id, help="of the post")]
ProposalId = Annotated[int, typer.Argument(metavar="ID", help="as `feedhub proposals list` prints it")]


def withdraw(post: PostId, reason: Reason, as_json: AsJson = False, database: Database = None) -> None:
    """Take a post back, with a public reason."""
    _act(ActWanted(name=ActName.WITHDRAW, id=post, reason=reason), database, as_json=as_json, done="is withdrawn")


def correct(
    post: PostId,
    reason: Reason,
    redact: Annotated[bool, typer.Option("--redact", help="show what it said earlier nowhere any more")] = False,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Let a public notice stand beside a post, in the text that its department gave it by now."""
    wanted = ActWanted(name=ActName.CORRECT, id=post, reason=reason, redact=redact)
    _act(wanted, database, as_json=as_json, done="carries its correction")


def reinstate(post: PostId, reason: Reason, as_json: AsJson = False, database: Database = None) -> None:
    """Show a withdrawn post again, with a public reason."""
    _act(ActWanted(name=ActName.REINSTATE, id=post, reason=reason), database, as_json=as_json, done="lives again")


def erase(post: PostId, reason: Reason, as_json: AsJson = False, database: Database = None) -> None:
    """Forget everything that a post said, for good, as a law demands; its tombstone stays."""
    _act(ActWanted(name=ActName.ERASE, id=post, reason=reason), database, as_json=as_json, done="is erased")


@log_app.callback()
def log(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="how many, the newest first")] = 20,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Print the public log, newest first."""
    if context.invoked_subcommand is not None:
        return
    with opened_store(read_settings(database)) as store:
        acts, head = store.read_now(newest_acts, before=None, most=limit), store.read_now(log_head)
    if as_json:
        told = {"entries": [act.as_json() for act in acts], "head": {"number": head.number, "hash": head.hash}}
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    _print_log(acts)


@log_app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(metavar="HASH", help="a hash that you kept: it must be in the log still")
    ] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Check the whole chain of the log; name the first entry that was changed, removed or moved."""
    with opened_store(read_settings(database)) as store:
        fault, newest = store.read_now(log_fault), store.read_now(log_head)
        is_there = head is None or store.read_now(number_of, head.strip().lower()) is not None
    if fault is not None:
        raise FeedHubError(f"The log is broken: entry {fault.number} {fault.fault}. Compare with a backup.")
    if not is_there:
        raise FeedHubError("The log does not hold that hash: entries at its end were removed, or it is another log.")
    if as_json:
        print(json.dumps({"head": {"number": newest.number, "hash": newest.hash}}))
        return
    print(f"The log is whole: {newest.number} entries, newest hash {newest.hash}.")


@proposals_app.command("list")
def list_(as_json: AsJson = False, database: Database = None) -> None:
    """Show which acts wait for a second person."""
    with opened_store(read_settings(database)) as store:
        found = store.read_now(open_proposals)
    if as_json:
        print(json.dumps({"proposals": [_told(one) for one in found]}, indent=2, ensure_ascii=False))
        return
    for one in found:
        print(f"{one.id}  {one.wanted.name}  {one.wanted.id}  by {one.actor}  {one.wanted.reason}")
    if not found:
        print("Nothing waits for a second person.")


@proposals_app.command("confirm")
def confirm_(proposal: ProposalId, as_json: AsJson = False, database: Database = None) -> None:
    """Carry out what somebody else proposed by a key."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        wanted = store.read_now(proposal_named, proposal).wanted
        done = store.write_now(confirm, proposal, by_key=None, at=_moment())
        _finish(store, settings, wanted, done)
    print(json.dumps(done.told(), ensure_ascii=False) if as_json else f"Done: {wanted.name} {wanted.id}.")


@proposals_app.command("reject")
def reject_(proposal: ProposalId, as_json: AsJson = False, database: Database = None) -> None:
    """Let a proposal go; nothing is done."""
    with opened_store(read_settings(database)) as store:
        store.write_now(reject, proposal, at=_moment())
    told = {"state": "rejected", "entry": None, "proposal": proposal}
    print(json.dumps(told) if as_json else f"Proposal {proposal} is rejected.")


def _act(wanted: ActWanted, database: str | None, *, as_json: bool, done: str) -> None:
    settings = read_settings(database)
    with opened_store(settings) as store:
        result = acted(store, settings, wanted, at=_moment())
        _finish(store, settings, wanted, result)
    if result.proposal is not None:
        say_what_waits(result, as_json=as_json)
    elif as_json:
        print(json.dumps(result.told(), indent=2, ensure_ascii=False))
    else:
        entry = f"entry {result.entry.number} of the log" if result.entry else "it was so already"
        print(f"Post {wanted.id} {done} ({entry}).")


def _finish(store: Store, settings: Settings, wanted: ActWanted, done: Acted) -> None:
    """What no transaction can do: drop files, and let the index forget words."""
    files = PictureFiles(pictures_store(settings))
    for picture in done.pictures:
        files.drop(picture)
    if done.pictures:
        store.write_now(forget_pictures, done.pictures)
    if done.entry and leaves_traces(wanted):
        scrub(store)


def _moment() -> datetime:
    return now().replace(microsecond=0)


def _print_log(acts: tuple[LoggedAct, ...]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for act in acts:
        one = act.entry
        console.print(f"{one.number}  [bold]{one.kind}[/]  {iso(one.at)}  {one.department}  by {one.actor}")
        console.print(f"  {escape(one.reason)}\n  [dim]{one.subject}  {act.hash}[/]")
        if act.told:
            console.print(f"  told {act.told}, acknowledged {act.acknowledged}")
    if not acts:
        console.print("The log is empty.")


def _told(one: Proposal) -> dict[str, object]:
    return {
        "id": one.id,
        "act": one.wanted.name.value,
        "subject": str(one.wanted.id),
        "department": one.department,
        "reason": one.wanted.reason,
        "redact": one.wanted.redact,
        "since": iso(one.wanted.since),
        "actor": one.actor,
        "at": iso(one.at),
    }
