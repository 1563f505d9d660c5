"""Pairs of files that are claims: NAME.json holds the posts of NAME.posts.json, in the fields that the latter names."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from feedhub.payloads.payload import Document


def documents_in(folder: Path) -> list[Path]:
    """The documents of a folder of pairs, each of which has its partner."""
    found = sorted(path for path in folder.glob("*.json") if not path.name.endswith(".posts.json"))
    partners = {path.name.removesuffix(".posts.json") for path in folder.glob("*.posts.json")}
    assert {path.stem for path in found} == partners
    return found


def hold_against_partner(connector, path: Path, *, url: str, **how) -> None:
    """What `connector` reads from a document is what its partner says, notes too."""
    document = Document(url=url, body=path.read_bytes(), fetched_at=datetime.now(UTC), **how)
    expected = json.loads(path.with_suffix(".posts.json").read_text())
    split = connector.split(document)
    assert split == connector.split(document)
    assert list(split.notes) == expected.get("notes", [])
    posts = [asdict(connector.read(payload)) for payload in split.payloads]
    said = [{name: plain(post[name]) for name in names} for post, names in zip(posts, expected["posts"], strict=True)]
    assert said == expected["posts"]


def plain(value):
    """As the expected file writes it: times in UTC, members that say nothing left out."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if inner not in (None, (), {})}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value
