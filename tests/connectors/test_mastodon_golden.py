"""Each pair of files in `mastodon/` is a claim: this document holds these posts."""

from pathlib import Path

import pytest

from feedhub.connectors.mastodon import connector
from golden import documents_in, hold_against_partner

DOCUMENTS = documents_in(Path(__file__).parent / "mastodon")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_holds_these_posts(path):
    hold_against_partner(connector, path, url="https://sosial.tirtasari.example/api/v1/accounts/109001/statuses")
