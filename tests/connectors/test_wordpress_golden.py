"""Each pair of files in `wordpress/` is a claim: this document holds these posts."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub.connectors.wordpress import connector
from feedhub.payloads.payload import Document

PAIRS = Path(__file__).parent / "wordpress"
DOCUMENTS = sorted(path for path in PAIRS.iterdir() if not path.name.endswith(".posts.json"))


def plain(value):
    """As the expected file writes it: times in UTC, members that say nothing left out."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if inner not in (None, (), {})}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def test_every_document_has_its_partner():
    expected = {path.name.removesuffix(".posts.json") for path in PAIRS.glob("*.posts.json")}
    assert {path.stem for path in DOCUMENTS} == expected
    assert len(DOCUMENTS) > 5


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_holds_these_posts(path):
    document = Document(url="https://dinkes.example/x", body=path.read_bytes(), fetched_at=datetime.now(UTC))
    expected = json.loads(path.with_suffix(".posts.json").read_text())
    split = connector.split(document)
    assert list(split.notes) == expected.get("notes", [])
    posts = [asdict(connector.read(payload)) for payload in split.payloads]
    said = [{name: plain(post[name]) for name in names} for post, names in zip(posts, expected["posts"], strict=True)]
    assert said == expected["posts"]
    assert split == connector.split(document)


def test_bytes_of_an_old_charset_cost_no_post():
    body = (PAIRS / "alone.json").read_bytes().replace(b"Kabar 51", b"Caf\xe9 51")
    split = connector.split(Document(url="https://dinkes.example/x", body=body, fetched_at=datetime.now(UTC)))
    assert [connector.read(payload).title for payload in split.payloads] == ["Café 51"]
