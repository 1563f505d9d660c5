"""Each pair of files in `instagram/`, `facebook/` and `threads/` is a claim: this document holds these posts."""

from pathlib import Path

import pytest

from feedhub.connectors import facebook, instagram, threads
from golden import documents_in, hold_against_partner

HERE = Path(__file__).parent
PAIRS = [
    pytest.param(one.connector, path, id=f"{path.parent.name}-{path.stem}")
    for one in (instagram, facebook, threads)
    for path in documents_in(HERE / one.connector.platform.value)
]


@pytest.mark.parametrize(("connector", "path"), PAIRS)
def test_document_holds_these_posts(connector, path):
    hold_against_partner(connector, path, url="https://graph.facebook.com/v25.0/x")
