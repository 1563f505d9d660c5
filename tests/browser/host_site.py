"""Another site, on a loopback port of its own: the pages that somebody pastes a snippet into."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPage:
    """A page as its server sends it."""

    html: str
    policy: str | None = None  # its Content-Security-Policy
    mime_type: str = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class HostSite:
    """The site's address, and its pages by path."""

    url: str
    pages: dict[str, HostPage] = field(default_factory=dict)

    def put(self, path: str, page: HostPage) -> str:
        """Publish a page; its address."""
        self.pages[path] = page
        return self.url + path


@contextmanager
def host_site() -> Iterator[HostSite]:
    """A site without pages, until the block ends."""
    pages: dict[str, HostPage] = {}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            body = page.html.encode() if page else b""
            self.send_response(200 if page else 204 if self.path == "/favicon.ico" else 404)
            self.send_header("Content-Type", page.mime_type if page else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            if page and page.policy:
                self.send_header("Content-Security-Policy", page.policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, name="host site", daemon=True)
    thread.start()
    try:
        yield HostSite(f"http://127.0.0.1:{server.server_port}", pages)
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
