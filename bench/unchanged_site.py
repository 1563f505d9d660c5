"""2,000 hosts on loopback (127.x.y.z), each with one small feed that never changes: 200 once, then 304."""

import asyncio
import sys

FEED = (
    b"<rss version='2.0'><channel><title>Dinas</title><item><guid>a</guid><title>Kabar</title>"
    b"<description>Isi.</description><pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate></item></channel></rss>"
)
_TAG = b'"tidak-berubah"'
_WHOLE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %s\r\nContent-Length: %d\r\n\r\n"
    % (_TAG, len(FEED))
    + FEED
)
_SAME = b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\nContent-Length: 0\r\n\r\n" % _TAG


def addresses(count: int) -> list[str]:
    """Loopback addresses, one a host."""
    return [f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}" for number in range(count)]


class _Site(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._asked = b""

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            head, _, self._asked = self._asked.partition(b"\r\n\r\n")
            self._transport.write(_SAME if b"if-none-match" in head.lower() else _WHOLE)


async def _serve(count: int) -> None:
    loop = asyncio.get_running_loop()
    first = await loop.create_server(_Site, "127.0.0.1", 0)
    port = first.sockets[0].getsockname()[1]
    await loop.create_server(_Site, addresses(count), port, backlog=16)
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    sys.stdin.close()
    asyncio.run(_serve(int(sys.argv[1])))
