"""Commands for what is held: look, release, drop."""

import json
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape

from feedhub.cli_options import AsJson, Database, known_ids, opened_store, read_id, read_settings
from feedhub.running import release_named, run
from feedhub.store.held import HeldAccount, HeldPost, drop_held, held_accounts, held_list, named_posts

held_app = typer.Typer(no_args_is_help=True, help="What the hold rules keep from the public.")

Named = Annotated[
    list[UUID],
    typer.Argument(metavar="ID", parser=read_id, help="of a post, or of an account for all that is held of it"),
]


@held_app.command("list")
def list_(
    account: Annotated[UUID | None, typer.Option(metavar="ID", parser=read_id, help="only of this one")] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Say of each post, edit or deletion that is held why it is."""
    with opened_store(read_settings(database)) as store:
        known_ids(store, [account] if account else None)
        posts = store.read_now(held_list, account=account)
        accounts = [one for one in store.read_now(held_accounts) if account in {None, one.account.id}]
    if as_json:
        told = {"accounts": [one.as_json() for one in accounts], "posts": [post.as_json() for post in posts]}
        print(json.dumps(told, indent=2))
    else:
        _print_held(accounts, posts)


@held_app.command()
def release(named: Named, as_json: AsJson = False, database: Database = None) -> None:
    """Show what was held; an account's id approves its profile too."""
    with opened_store(read_settings(database)) as store:
        released = run(release_named(store, named))
    if as_json:
        print(json.dumps({"posts": released.posts, "edits": released.edits, "deletions": released.deletions}))
    else:
        print(f"Released {released.posts} posts, {released.edits} edits and {released.deletions} deletions.")


@held_app.command()
def drop(named: Named, as_json: AsJson = False, database: Database = None) -> None:
    """Never show what was held."""
    with opened_store(read_settings(database)) as store:
        _, meant = store.read_now(named_posts, named)
        dropped = store.write_now(drop_held, [post for posts in meant.values() for post in posts])
    print(json.dumps({"dropped": dropped}) if as_json else f"Dropped {dropped} posts, edits and deletions.")


def _print_held(accounts: Sequence[HeldAccount], posts: Sequence[HeldPost]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for one in accounts:
        console.print(f"[bold]{one.account.department}[/]  every new post of the account is held")
        console.print(f"  {escape(one.reason)}\n  [dim]{one.account.id}[/]")
    for post in posts:
        console.print(f"[bold]{post.account.department}[/]  {post.what}  {escape(post.title)}")
        console.print(f"  {escape(post.reason)} ({post.rule})\n  [dim]{post.id}[/]")
    if not (accounts or posts):
        console.print("Nothing is held.")
