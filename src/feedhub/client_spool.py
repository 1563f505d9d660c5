"""A folder with one ninjs 1.6 file for each change, kills included, as Superdesk's file ingest reads them.

A file stands under its name whole or not at all. The number to go on from is kept after the files
of its page: killed at any moment, the same files are written again, and none is left out.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from feedhub.client_plain import Client
from feedhub.client_steps import Filter, HubError

# Newsroom systems take every file of the folder, but look into no folder below it.
_OURS = ".feedhub"
_PLACE = "place.json"


def spool(client: Client, folder: Path, *, forever: bool = False, **filters: Filter) -> Iterator[Path]:
    """Write what changed since the last time, up to the newest change or `forever`; each file as it stands.

    Files sort by name, and by the time of their making, in the order of the changes. Raises HubError.
    """
    ours = folder / _OURS
    ours.mkdir(parents=True, exist_ok=True)
    of = {"url": client.url, "filters": {name: filters[name] for name in sorted(filters)}}
    for page in client.pages(_kept_place(ours / _PLACE, of), forever=forever, **{**filters, "format": "ninjs"}):
        for change in page.changes:
            path = folder / f"{change['change']:012d}-{change['id']}.json"
            _write(path, change["post"], ours)
            yield path
        _sync(folder)
        _write(ours / _PLACE, of | {"after": page.after}, ours)


def _kept_place(path: Path, of: Mapping[str, object]) -> int:
    """Where the last run ended; 0 for a new folder. Raises HubError."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return 0
    except ValueError:
        raise HubError(f"{path} can't be read; delete it to begin anew.") from None
    after = kept.pop("after")
    if kept != json.loads(json.dumps(of)):
        raise HubError(f"{path.parent.parent} follows {kept['url']} with other filters; take another folder.")
    return int(after)


def _write(path: Path, document: object, beside: Path) -> None:
    """The whole file or nothing, even where the power goes."""
    new = beside / "new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _sync(folder: Path) -> None:
    """Let the names of the files outlast a power cut before the number says that they are there."""
    with suppress(OSError):  # not every system opens folders
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def main(said: Sequence[str] | None = None) -> int:
    """`python -m feedhub.client spool URL FOLDER`; 0 when done, 1 when refused."""
    asked = _parser().parse_args(said)
    filters = {name: value for name in ("department", "account", "platform") if (value := getattr(asked, name))}
    try:
        with Client(asked.url, key=os.environ.get("FEEDHUB_KEY")) as client:
            for path in spool(client, asked.folder, forever=not asked.once, **filters):
                print(path.name, flush=True)  # a command prints
    except KeyboardInterrupt:
        return 0
    except (HubError, OSError) as error:
        print(error, file=sys.stderr)  # a command prints
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m feedhub.client", description="A client of a FeedHub.")
    commands = parser.add_subparsers(required=True)
    spooling = commands.add_parser("spool", help="keep a folder with one ninjs 1.6 file for each change")
    spooling.add_argument("url", help="address of the FeedHub")
    spooling.add_argument("folder", type=Path, help="where the files go; it remembers where it was")
    spooling.add_argument("--once", action="store_true", help="end when there is nothing new")
    for name in ("department", "account", "platform"):
        spooling.add_argument(f"--{name}", action="append", default=[], help=f"only this {name}; may be repeated")
    return parser
