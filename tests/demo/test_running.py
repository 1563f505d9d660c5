"""`feedhub demo` as a person starts it: everything is there within seconds, and nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

PATIENCE = 60.0  # seconds; a busy machine is no fault of the demo


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {name: said for name, said in os.environ.items() if not name.startswith("FEEDHUB_")}
    command = [sys.executable, "-m", "feedhub", "demo", "--port", str(port), "--fast"]
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
        env=settings | {"TMPDIR": str(tmp_path)},
    )
    try:
        assert f"http://127.0.0.1:{port} " in running.stdout.readline()
        yield running, f"http://127.0.0.1:{port}"
    finally:
        running.kill()
        running.wait()


def test_the_demo_shows_every_account_and_ends_when_told(demo, tmp_path):
    running, address = demo
    with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE) as client:
        until(lambda: len(delivering(client)) == 42)
        page = client.get("/status").text
        assert client.get("/api/v1/posts?platform=inbox").json()["posts"]
    assert "Satu token X ditunggu oleh satu akun." in page
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=PATIENCE)
    assert (running.returncode, said) == (0, "")
    assert not list(tmp_path.iterdir())


def delivering(client: httpx.Client) -> list[str]:
    accounts = client.get("/api/v1/accounts").json()["accounts"]
    return [
        account["key"]
        for account in accounts
        if client.get(f"/api/v1/posts?account={account['id']}&limit=1").json()["posts"]
    ]


def until(is_so) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.5)
