"""Each pair of files in `youtube/` is a claim: this document holds these posts."""

from pathlib import Path

import pytest

from feedhub.connectors.youtube import connector
from golden import documents_in, hold_against_partner

FOLDER = Path(__file__).parent / "youtube"
DOCUMENTS = documents_in(FOLDER)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_holds_these_posts(path):
    hold_against_partner(connector, path, url="https://www.googleapis.com/youtube/v3/videos", form="videos")


def test_feed_holds_these_posts():
    url = "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"
    hold_against_partner(connector, FOLDER / "feed" / "feed.xml", url=url, form="feed")
