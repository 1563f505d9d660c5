"""The departments' own systems, which post to FeedHub's inbox by HTTP as anybody's would."""

import asyncio
from collections import deque
from urllib.parse import quote

import httpx

from feedhub_demo.voices import Letter

_PAUSE = 0.2  # seconds between two looks for letters
_RATE_PAUSE = 0.6  # between two letters: an inbox takes 120 a minute
_SPARE = 60  # letters that may go at once


async def post_letters(letters: deque[Letter], *, public_url: str, key: str) -> None:
    """Post what waits, then end. What can't be posted stays first in line."""
    async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {key}"}) as client:
        for sent, letter in enumerate(list(letters)):
            if sent >= _SPARE:
                await asyncio.sleep(_RATE_PAUSE)
            address = f"{public_url}/api/v1/inbox"
            if letter.post is None:
                query = {"account": letter.account}
                answer = await client.delete(f"{address}/posts/{quote(letter.id, safe='')}", params=query)
            else:
                answer = await client.post(address, json=_told(letter.post))
            answer.raise_for_status()
            letters.popleft()


async def post_on(letters: deque[Letter], *, public_url: str, key: str) -> None:
    """Post whatever waits, for ever; what the inbox refuses now is tried again."""
    while True:
        if letters:
            try:
                await post_letters(letters, public_url=public_url, key=key)
            except httpx.HTTPError:
                await asyncio.sleep(1)
        await asyncio.sleep(_PAUSE)


def _told(post: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in post.items() if value is not None}
