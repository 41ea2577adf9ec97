"""Servers that take alerts, or do not."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG_S = 60.0


class Service:
    """What it got, and what it answers: ``good``, ``page`` (a captive portal's), ``hangs`` or ``refuses``."""

    def __init__(self) -> None:
        self.answers = "good"
        self.got: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"json://localhost:{self.port}/secret-token"


@contextmanager
def service(port: int = 0) -> Iterator[Service]:
    """A service on this computer, for as long as the block lasts."""
    there = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if there.answers == "hangs":
                time.sleep(HANG_S)
                return
            if there.answers == "good":
                there.got.append(json.loads(body)["message"])
            self.send_response(500 if there.answers == "refuses" else 200)
            self.send_header("Content-Type", "text/html" if there.answers == "page" else "application/json")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><html>Pay for the internet</html>" if there.answers == "page" else b"{}")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("localhost", port), Handler)
    server.daemon_threads = True
    there.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
