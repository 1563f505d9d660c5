"""A walker that a test kills: `python killed_walker.py DATABASE_URL`; says `walking` when it does."""

import asyncio
import sys
from dataclasses import replace

from walked import OPTIONS

from feedhub.store.session import open_store
from feedhub.sync.serving import walking

# Due again at once, and free for the next walker soon after a kill.
EAGER = replace(OPTIONS, min_interval=0.05, max_interval=0.05)
LEASE = 0.4


async def main() -> None:
    store = open_store(sys.argv[1])
    async with walking(store, EAGER, lease=LEASE) as walk:
        print("walking", flush=True)  # noqa: T201  # the test waits for it
        await walk.run(asyncio.Event())


asyncio.run(main())
