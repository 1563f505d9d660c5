"""Each pair of files in `x/` is a claim: this document holds these posts."""

from pathlib import Path

import pytest

from feedhub.connectors.x import connector
from golden import documents_in, hold_against_partner

FOLDER = Path(__file__).parent / "x"
DOCUMENTS = documents_in(FOLDER)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_holds_these_posts(path):
    url, context = "https://api.x.com/2/users/77/tweets", {"handle": "dinkes"}
    hold_against_partner(connector, path, url=url, form="posts", context=context)
