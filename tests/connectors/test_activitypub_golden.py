"""Each pair of files in `activitypub/` is a claim: this page of an outbox holds these posts."""

from pathlib import Path

import pytest

from feedhub.connectors.activitypub import connector
from golden import documents_in, hold_against_partner

DOCUMENTS = documents_in(Path(__file__).parent / "activitypub")
ACTOR = "https://fediverse.tirtasari.example/users/dinkes"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_page_holds_these_posts(path):
    context = {"actor": ACTOR}
    if path.stem == "edits_and_deletions":  # what fetch found out about the other pages
        context["gone"] = f"{ACTOR}/notes/30 {ACTOR}/boosts/9"
    hold_against_partner(connector, path, url=f"{ACTOR}/outbox?page=1", form="outbox", context=context)
