"""Each pair of files in `tiktok/` is a claim: this document holds these posts."""

from pathlib import Path

import pytest

from feedhub.connectors.tiktok import connector
from golden import documents_in, hold_against_partner

DOCUMENTS = documents_in(Path(__file__).parent / "tiktok")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_holds_these_posts(path):
    hold_against_partner(connector, path, url="https://open.tiktokapis.com/v2/video/list/")
