"""A client of a FeedHub: every post, and every change without a gap. Needs httpx and nothing else of FeedHub.

    with Client("https://kabar.example.go.id") as hub:
        for change in hub.changes(after=0, forever=True):
            print(change["state"], change["id"])

`python -m feedhub.client spool URL FOLDER` keeps a folder of ninjs files that newsroom systems read.
"""

from feedhub.client_asyncio import AsyncClient
from feedhub.client_following import ChangesPage
from feedhub.client_plain import Client
from feedhub.client_shapes import Change, Notice, Post
from feedhub.client_spool import main, spool
from feedhub.client_steps import HubError, Refused, Unreachable

__all__ = [
    "AsyncClient",
    "Change",
    "ChangesPage",
    "Client",
    "HubError",
    "Notice",
    "Post",
    "Refused",
    "Unreachable",
    "spool",
]

if __name__ == "__main__":
    raise SystemExit(main())
