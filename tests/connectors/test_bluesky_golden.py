"""Each pair of files in `bluesky/` is a claim: this document holds these posts."""

from pathlib import Path

import pytest

from feedhub.connectors.bluesky import connector
from feedhub.payloads.payload import Document
from golden import documents_in, hold_against_partner

DOCUMENTS = documents_in(Path(__file__).parent / "bluesky")
CONTEXT = {"did": "did:plc:dinkesdinkesdinkesdinkes"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_holds_these_posts(path):
    hold_against_partner(connector, path, url="https://public.api.bsky.app/xrpc/x", context=CONTEXT)


def test_what_others_said_is_not_kept():
    path = next(path for path in DOCUMENTS if path.stem == "relations")
    document = Document(url="https://x.example", body=path.read_bytes(), fetched_at=None, context=CONTEXT)
    assert b"Nama Warga" in document.body
    assert all(
        word not in payload.body
        for payload in connector.split(document).payloads
        for word in (b"Nama Warga", b"keluhan", b"kata orang lain")
    )
