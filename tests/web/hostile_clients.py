"""Two hundred clients that mean harm: `python hostile_clients.py PORT SECONDS named|unnamed`.

A process of its own, so that its work is not the measured clients'. Named ones come by a proxy
that says a public address for each; unnamed ones all seem to be this machine.
"""

import asyncio
import contextlib
import os
import random
import socket
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from time import monotonic

PATIENCE = 30.0  # seconds that a client waits for an answer before it comes anew
WORDS = ("warga", "air", "jadwal", "a", "di", "kota", "imunisasi", "puskesmas", "layanan", "gratis")
told: Counter[str] = Counter()
chance = random.Random(5)
numbers = count()


def length_in(head: bytes) -> int:
    return int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])


class Asker:
    """One connection of one client."""

    def __init__(self, port: int, address: str | None) -> None:
        self.port, self.address = port, address
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def open(self, *, small: bool = False) -> asyncio.StreamWriter:
        if self.writer is None or self.writer.is_closing():
            door = socket.socket()
            if small:
                door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            door.setblocking(False)
            await asyncio.get_running_loop().sock_connect(door, ("127.0.0.1", self.port))
            self.reader, self.writer = await asyncio.open_connection(sock=door, limit=4096 if small else 2**20)
        return self.writer

    def close(self) -> None:
        if self.writer is not None:
            self.writer.transport.abort()
        self.reader = self.writer = None

    def head(self, method: str, target: str, *more: str) -> bytes:
        named = [f"X-Forwarded-For: {self.address}"] if self.address else []
        return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: x", *named, *more, "", ""]).encode()

    async def ask(self, method: str, target: str, *more: str, body: bytes = b"") -> None:
        """Ask, and read the whole answer."""
        length = [f"Content-Length: {len(body)}"] if method == "POST" else []
        writer = await self.open()
        writer.write(self.head(method, target, *more, *length) + body)
        async with asyncio.timeout(PATIENCE):
            head = await self.reader.readuntil(b"\r\n\r\n")
            told[f"{target.split('?', maxsplit=1)[0]} {head[9:12].decode()}"] += 1
            lower = head.lower()
            if b"content-length: " in lower:
                await self.reader.readexactly(length_in(lower))
            if b"connection: close" in lower or b"content-length" not in lower:
                self.close()


async def bad_cursors(asker: Asker) -> None:
    name = chance.choice(("cursor", "before", "after"))
    path = chance.choice(("/api/v1/posts", "/search", "/api/v1/changes"))
    await asker.ask("GET", f"{path}?{name}={chance.randbytes(24).hex()}")


async def worst_searches(asker: Asker) -> None:
    words = "+".join([*chance.sample(WORDS, 4), f"{chance.choice(WORDS)}*", f"-{chance.getrandbits(32):x}"])
    path = chance.choice(("/api/v1/posts", "/search", "/feed.rss", "/feed.atom", "/api/v1/posts"))
    await asker.ask("GET", f"{path}?q={words}&limit=200")


async def unseen_lists(asker: Asker) -> None:
    path = chance.choice(("/api/v1/posts", "/", "/feed.json", "/departments/dinkes", "/posts/x"))
    await asker.ask(
        "GET", f"{path}?limit={chance.randint(1, 200)}&since=2026-{chance.randint(1, 9)}-{next(numbers) % 28}"
    )


async def bogus_subscriptions(asker: Asker) -> None:
    callback = f"https%3A%2F%2Fx{chance.getrandbits(24)}.example%2F"
    body = f"hub.mode=subscribe&hub.topic=http%3A%2F%2Fx%2Ffeed.rss&hub.callback={callback}".encode()
    await asker.ask("POST", "/hub", "Content-Type: application/x-www-form-urlencoded", body=body)


async def bogus_webhooks(asker: Asker) -> None:
    key = f"Authorization: Bearer fh_{chance.randbytes(24).hex()[:32]}"
    await asker.ask("POST", "/api/v1/webhooks", key, body=b'{"url": "https://x.example/"}')


async def huge_queries(asker: Asker) -> None:
    length = chance.choice((8_000, 20_000, 60_000))
    await asker.ask("GET", f"/api/v1/posts?tag={'x,' * (length // 2)}")


async def slow_readers(asker: Asker) -> None:
    """Asks for much, again and again, and takes hardly any of it."""
    writer = await asker.open(small=True)
    for _ in range(20):
        writer.write(asker.head("GET", "/feed.json?limit=200"))
    told["slow reader"] += 1
    async with asyncio.timeout(PATIENCE):
        for _ in range(1_000):
            if not await asker.reader.read(16):
                break
            await asyncio.sleep(0.5)
    asker.close()


async def slow_senders(asker: Asker) -> None:
    """Never comes to the end of its head or its body."""
    writer = await asker.open()
    told["slow sender"] += 1
    if chance.random() < 0.5:
        writer.write(asker.head("POST", chance.choice(("/api/v1/inbox", "/hub")), "Content-Length: 60000"))
    async with asyncio.timeout(PATIENCE):
        for _ in range(1_000):
            if writer.is_closing() or asker.reader.at_eof():
                break
            writer.write(b"G")
            await asyncio.sleep(0.2)
    asker.close()


async def open_streams(asker: Asker) -> None:
    writer = await asker.open()
    writer.write(asker.head("GET", "/api/v1/stream"))
    told["stream"] += 1
    async with asyncio.timeout(PATIENCE):
        while await asker.reader.read(1000):
            pass
    asker.close()


KINDS: tuple[tuple[int, Callable[[Asker], Awaitable[None]]], ...] = (
    (30, bad_cursors),
    (40, worst_searches),
    (20, unseen_lists),
    (20, bogus_subscriptions),
    (20, bogus_webhooks),
    (10, huge_queries),
    (25, slow_readers),
    (20, slow_senders),
    (15, open_streams),
)


async def client(port: int, address: str | None, act: Callable[[Asker], Awaitable[None]], end: float) -> None:
    asker = Asker(port, address)
    await asyncio.sleep(chance.random())
    while monotonic() < end:
        try:
            await act(asker)
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            told[f"{act.__name__} {type(error).__name__}"] += 1
            asker.close()
            await asyncio.sleep(0.05)
    asker.close()


async def main(port: int, seconds: float, *, named: bool) -> None:
    os.nice(5)  # it must not be this program's own hunger that slows the measured clients
    end, serial, clients = monotonic() + seconds, count(1), []
    for number, act in KINDS:
        for _ in range(number):
            address = f"198.18.{next(serial)}.7" if named else None
            clients.append(client(port, address, act, end))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds + 2):
            await asyncio.gather(*clients)
    for name, number in sorted(told.items()):
        sys.stdout.write(f"  {name:45} {number}\n")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), named=sys.argv[3] == "named"))
