"""A walker that a test kills: `python killed_walker.py DATABASE_URL`; says `walking` when it does."""

import asyncio
import os
import sys
from dataclasses import replace

from feedhub.payloads.payload import Document
from feedhub.store.session import open_store
from feedhub.sync.serving import now, walking
from walked import OPTIONS, rss, webfeed

# Due again at once, and free for the next walker soon after a kill.
EAGER = replace(
    OPTIONS, min_interval=0.05, max_interval=0.05, contact=os.environ.get("FEEDHUB_TEST_CONTACT", OPTIONS.contact)
)
LEASE = 0.4
FEED = rss(("a", "Kabar", "Isi."))


async def main() -> None:
    store = open_store(sys.argv[1])
    async with walking(store, EAGER, lease=LEASE) as walk:
        # Starting a reading child takes as long as many visits; the kills are meant for the visits.
        await walk.means.reading.split(webfeed("http://a.example/feed"), Document(url="", body=FEED, fetched_at=now()))
        print("walking", flush=True)  # noqa: T201  # the test waits for it
        await walk.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main())
