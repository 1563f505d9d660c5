"""Answers of Meta's Graph API without a network, and reading recorded ones."""

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx

from feedhub.connectors.api import Said
from feedhub.connectors.exchange import Answer
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
PAYLOADS = Path(__file__).parents[2] / "shared" / "payloads"


def said(value, *, status=400, **headers):
    """What the fetcher would have brought."""
    body = json.dumps(value).encode()
    fields = httpx.Headers({name.replace("_", "-"): text for name, text in headers.items()})
    return Said(
        answer=Answer(status=status, url="https://graph.facebook.com/v25.0/x", headers=fields, body=body), value=value
    )


def recorded(platform):
    """Every recorded file of a platform, by its path in the platform's folder."""
    folder = PAYLOADS / platform
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*.json"))}


def read_all(connector, body):
    """The posts of a document, read twice with the same end; none where it is none of ours."""
    document = Document(url="https://graph.facebook.com/v25.0/x", body=body, fetched_at=NOW)
    try:
        split = connector.split(document)
    except Unreadable:
        return []
    assert split == connector.split(document)
    posts = [connector.read(payload) for payload in split.payloads]
    assert posts == [connector.read(payload) for payload in split.payloads]
    return posts


def told(platform, files, read, refused, none, expected):
    """Say how many files were read, and fail where a file has no row or a row no file."""
    if not files:
        print(f"{platform}: {expected} recorded files are not here and were not read")  # noqa: T201 - the contract of shared payloads
        return
    rows = [*read, *refused, *none]
    assert len(rows) == len(set(rows))
    assert set(rows) == set(files)
    print(f"{platform}: {len(read)} read, {len(refused)} refused by name, {len(none)} hold no post")  # noqa: T201 - the same
