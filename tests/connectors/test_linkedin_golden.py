"""Each pair of files in `linkedin/` is a claim: this document holds these posts."""

import json
from pathlib import Path

import pytest

from feedhub.connectors.linkedin import connector
from golden import documents_in, hold_against_partner

DOCUMENTS = documents_in(Path(__file__).parent / "linkedin")
# What LinkedIn said of the media that these posts name.
MEDIA = {
    "urn:li:image:A1": {"downloadUrl": "https://media.licdn.com/dms/image/v2/A1/0?e=1794000000&v=beta&t=a"},
    "urn:li:image:A2": {"downloadUrl": "https://media.licdn.com/dms/image/v2/A2/0?e=1794000000&v=beta&t=b"},
    "urn:li:image:A3": {"downloadUrl": "https://media.licdn.com/dms/image/v2/A3/0?e=1794000000&v=beta&t=c"},
    "urn:li:video:V1": {
        "downloadUrl": "https://dms.licdn.com/playlist/vid/V1/mp4-720p/0?e=1794000000",
        "duration": 42_500,
        "thumbnail": "https://media.licdn.com/dms/image/v2/V1/thumb?e=1794000000",
    },
    "urn:li:document:D1": {"downloadUrl": "https://dms.licdn.com/document/D1/laporan.pdf?e=1794000000"},
}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_holds_these_posts(path):
    url = "https://api.linkedin.com/rest/posts"
    hold_against_partner(connector, path, url=url, context={"media": json.dumps(MEDIA)})
