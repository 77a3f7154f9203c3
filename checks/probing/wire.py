"""HTTP/1.1 on a plain socket, for scripts that test a server: bytes go out as they are, answers are read strictly."""

import json
import socket
import struct


class Broken(Exception):
    """The answer is not HTTP/1.1, is not there, or ends early."""


class Answer:
    def __init__(self, status, fields):
        self.status, self.fields, self.body, self.framing = status, fields, b"", "none"

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)


class Connection:
    def __init__(self, port, host="127.0.0.1", timeout=10, source=None):
        """`source`: the address to call from, one of 127.0.0.0/8."""
        self.socket = socket.create_connection((host, port), timeout, (source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        """Leaves without a farewell."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            raise Broken("no answer in time") from None
        except OSError as error:
            raise Broken(f"the connection broke: {error}") from None
        self.unread += data
        return bool(data)

    def line(self):
        while b"\n" not in self.unread:
            if not self.fill():
                raise Broken("the connection ended before a line did" if self.unread else "closed without an answer")
        line, self.unread = self.unread.split(b"\n", 1)
        if not line.endswith(b"\r"):
            raise Broken("a line ends with a bare line feed")
        return line[:-1].decode("latin-1")

    def bytes(self, count):
        parts, have = [self.unread], len(self.unread)
        while have < count:
            self.unread = b""
            if not self.fill():
                raise Broken("the connection ended before the body did")
            parts.append(self.unread)
            have += len(self.unread)
        data = b"".join(parts)
        self.unread = data[count:]
        return data[:count]

    def rest(self):
        """All that comes until the server closes."""
        while self.fill():
            pass
        data, self.unread = self.unread, b""
        return data

    def answer(self, is_head=False):
        version, status, _ = (self.line() + "  ").split(" ", 2)
        if version != "HTTP/1.1" or not (len(status) == 3 and status.isdigit()):
            raise Broken(f"status line {version} {status}")
        fields = []
        while line := self.line():
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip():
                raise Broken(f"field {line!r}")
            fields.append((name, value.strip(" \t")))
        answer = Answer(int(status), fields)
        lengths, codings = answer.all("Content-Length"), answer.all("Transfer-Encoding")
        if len(lengths) + len(codings) > 1:
            raise Broken("the end of the body is given twice")
        if is_head or answer.status < 200 or answer.status in (204, 304):
            return answer
        if lengths:
            answer.framing, answer.body = "length", self.bytes(int(lengths[0]))
        elif codings == ["chunked"]:
            answer.framing, parts = "chunked", []
            while size := int(self.line(), 16):
                parts.append(self.bytes(size))
                if self.line():
                    raise Broken("no line end after a chunk")
            if self.line():
                raise Broken("trailers")
            answer.body = b"".join(parts)
        else:
            answer.framing, answer.body = "close", self.rest()
        return answer


def request(method, target, fields=(), body=None, version="HTTP/1.1"):
    lines = [f"{method} {target} {version}", "Host: localhost", *fields]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + (body or b"")


def ask(port, method, target, fields=(), body=None, timeout=10, source=None):
    """One request on a new connection."""
    with Connection(port, timeout=timeout, source=source) as connection:
        connection.send(request(method, target, [*fields, "Connection: close"], body))
        return connection.answer(is_head=method == "HEAD")
