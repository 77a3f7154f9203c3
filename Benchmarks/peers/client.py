"""A client with one connection that costs the machine little: answers are timed, and kept only where asked."""

import hashlib
import re
import socket
import time


class Answer:
    """`first` and `last`: seconds from the end of the upload to the first and the last byte; `whole`: from its start.

    `body` is None where it was not to be kept; `size` is its bytes, with the framing of its chunks.
    """

    def __init__(self, status, first, last, whole, size, body):
        self.status, self.first, self.last, self.whole, self.size, self.body = status, first, last, whole, size, body

    def digest(self):
        return hashlib.sha256(self.body).hexdigest()


class Client:
    def __init__(self, port, timeout=60):
        self.link = socket.create_connection(("127.0.0.1", port), timeout)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = memoryview(bytearray(1 << 20))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.link.close()

    def ask(self, path, body=None, keep=False):
        """GETs `path`, or POSTs the bytes `body` to it."""
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        begin = time.perf_counter()
        if body is None or len(body) > 4096:
            self.link.sendall(head.encode() + b"\r\n")
            if body:
                self.link.sendall(body)
        else:
            self.link.sendall(head.encode() + b"\r\n" + body)
        return self.answer(begin, time.perf_counter(), keep)

    def receive(self):
        count = self.link.recv_into(self.buffer)
        if count == 0:
            raise ConnectionError("the server closed the connection before the end of the answer")
        return bytes(self.buffer[:count]) if count < 4096 else self.buffer[:count]

    def answer(self, begin, sent, keep):
        start, first = b"", None
        while b"\r\n\r\n" not in start:
            start += bytes(self.receive())
            first = first or time.perf_counter()
        head, rest = start.split(b"\r\n\r\n", 1)
        status = int(head.split(b" ", 2)[1])
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        kept, count, end = bytearray(rest), len(rest), rest[-7:]
        # Text of numbers holds no line ends, so these bytes are those of the last chunk.
        while count < int(length[1]) if length else not end.endswith(b"\r\n0\r\n\r\n"):
            piece = self.receive()
            count += len(piece)
            end = (end + bytes(piece[-7:]))[-7:]
            if keep:
                kept += piece
        last = time.perf_counter()
        body = bytes(kept if length else unchunked(kept)) if keep else None
        return Answer(status, first - sent, last - sent, last - begin, count, body)


def unchunked(data):
    body, at = bytearray(), 0
    while True:
        line = data.index(b"\r\n", at)
        size = int(data[at:line].split(b";")[0], 16)
        if size == 0:
            return body
        body += data[line + 2 : line + 2 + size]
        at = line + 2 + size + 2
