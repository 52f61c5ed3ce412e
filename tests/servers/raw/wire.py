"""The socket side: parse requests, write replies, and record both with their times."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

#: Small, so that what the kernel has taken is nearly what the client has taken.
SEND_BUFFER_BYTES = 16 * 1024


@dataclass
class Exchange:
    """One request and what became of it. Times are Unix times in seconds."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    started: float
    bytes_sent: int = 0
    #: When the client was seen to have gone before the reply ended; None if it stayed.
    disconnected: float | None = None
    finished: bool = False
    #: (time, bytes sent so far) after every send.
    sends: list[tuple[float, int]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def is_preflight(self) -> bool:
        return self.method == "OPTIONS" and "access-control-request-method" in self.header_map

    @property
    def header_map(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers}

    def bytes_after(self, moment: float) -> int:
        """Count the bytes sent after a Unix time."""
        before = max((total for at, total in self.sends if at <= moment), default=0)
        return self.bytes_sent - before


class ClientGoneError(Exception):
    """The client has closed the connection."""


class Wire:
    """A connection, for the handler of one request."""

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self.exchange = exchange
        self.keep_alive = True

    def send(self, data: bytes) -> None:
        """Send all of it. Raises ClientGoneError when the client has left."""
        view = memoryview(data)
        while view:
            self.check()
            try:
                sent = self._sock.send(view[: 64 * 1024])
            except OSError:
                raise ClientGoneError from None
            self.exchange.bytes_sent += sent
            self.exchange.sends.append((time.time(), self.exchange.bytes_sent))
            view = view[sent:]

    def send_fast(self, data: bytes) -> None:
        """Send all of it with large buffers and no record of times."""
        try:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
            self._sock.sendall(data)
        except OSError:
            raise ClientGoneError from None
        self.exchange.bytes_sent += len(data)

    def head(self, status: int, headers: list[tuple[str, str]], reason: str = "") -> None:
        lines = [f"HTTP/1.1 {status} {reason or 'Status'}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def reply(
        self,
        status: int,
        body: bytes = b"",
        headers: list[tuple[str, str]] | None = None,
        reason: str = "",
    ) -> None:
        bodiless = status in (204, 304)
        length = [] if bodiless else [("Content-Length", str(len(body)))]
        head = [f"HTTP/1.1 {status} {reason or 'Status'}"]
        head += [f"{name}: {value}" for name, value in [*(headers or []), *length]]
        data = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
        self.send(data if bodiless or self.exchange.method == "HEAD" else data + body)

    def chunk(self, data: bytes) -> None:
        """Send one chunk of a chunked body; an empty one ends it."""
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def wait(self, seconds: float) -> None:
        """Wait. Raises ClientGoneError as soon as the client leaves."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.check(left)

    def check(self, timeout_s: float = 0) -> None:
        """Raise ClientGoneError if the client has closed its side, waiting for that so long."""
        readable, _, _ = select.select([self._sock], [], [], timeout_s)
        if readable:
            try:
                data = self._sock.recv(1, socket.MSG_PEEK)
            except OSError:
                raise ClientGoneError from None
            if not data:
                raise ClientGoneError
            time.sleep(min(timeout_s, 0.005))  # a pipelined request: not gone


Handler = Callable[[Wire], None]


class RawServer:
    """Serve on 127.0.0.1 in threads; `log` holds every exchange, in order of arrival."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.log: list[Exchange] = []
        self._closing = False
        self.state: dict[str, Any] = {}
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closing = True
        self._listener.close()

    def find(self, marker: str) -> list[Exchange]:
        """Give the exchanges, preflights left out, whose target contains a marker."""
        return [e for e in list(self.log) if marker in e.target and not e.is_preflight]

    def preflights(self, marker: str) -> list[Exchange]:
        return [e for e in list(self.log) if marker in e.target and e.is_preflight]

    def _accept(self) -> None:
        while not self._closing:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            buffer = b""
            while not self._closing:
                parsed = read_request(sock, buffer)
                if parsed is None:
                    return
                exchange, buffer = parsed
                self.log.append(exchange)
                wire = Wire(sock, exchange)
                try:
                    self._handler(wire)
                    exchange.finished = True
                except ClientGoneError:
                    exchange.disconnected = time.time()
                    return
                if not wire.keep_alive:
                    return


def read_request(sock: socket.socket, buffer: bytes) -> tuple[Exchange, bytes] | None:
    """Read one request; answer it and what came after it, or None when there is none."""
    while b"\r\n\r\n" not in buffer:
        data = sock.recv(65536)
        if not data:
            return None
        buffer += data
    started = time.time()
    head, _, rest = buffer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = [(name, value.strip()) for name, _, value in (ln.partition(":") for ln in lines)]
    exchange = Exchange(method, target, headers, b"", started)
    if exchange.header_map.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while True:
            while b"\r\n" not in rest:
                rest += sock.recv(65536)
            size_text, _, rest = rest.partition(b"\r\n")
            size = int(size_text, 16)
            while len(rest) < size + 2:
                rest += sock.recv(65536)
            body, rest = body + rest[:size], rest[size + 2 :]
            if not size:
                break
        exchange.body = body
        return exchange, rest
    length = int(exchange.header_map.get("content-length", "0"))
    parts, have = [rest], len(rest)
    while have < length:
        data = sock.recv(1 << 20)
        if not data:
            return None
        parts.append(data)
        have += len(data)
    body = b"".join(parts)
    exchange.body = body[:length]
    return exchange, body[length:]
