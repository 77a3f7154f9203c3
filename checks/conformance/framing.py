"""Request lines, fields, lengths and chunks (RFC 9110, RFC 9112), and what tries to slip a request past them."""

from case import Case

HOST = "Host: a\r\n"
NEXT = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
QUESTION = '{"shape":[2],"rate":0.5,"seed":1}'

# Behind "GET": target and version; the status; whether the connection ends.
LINES = [
    (" /healthz HTTP/1.1", 200, False),
    (" /healthz HTTP/1.0", 200, True),
    (" /healthz HTTP/1.2", 200, False),
    (" /healthz HTTP/1.9", 200, False),
    (" /healthz HTTP/2.0", 505, True),
    (" /healthz HTTP/0.9", 505, True),
    (" /healthz HTTP/3.0", 505, True),
    (" /healthz HTTP/9.1", 505, True),
    (" /healthz HTTP/1", 400, True),
    (" /healthz HTTP/1.", 400, True),
    (" /healthz HTTP/11", 400, True),
    (" /healthz HTTP/1.10", 400, True),
    (" /healthz HTTP/01.1", (400, 505), True),
    (" /healthz http/1.1", 400, True),
    (" /healthz HTTPS/1.1", 400, True),
    (" /healthz HTTP 1.1", 400, True),
    (" /healthz HTTP/1,1", 400, True),
    (" /healthz HTTP/1.1 x", 400, True),
    (" /healthz", 400, True),
    ("  /healthz HTTP/1.1", 400, True),
    (" /healthz  HTTP/1.1", 400, True),
    ("\t/healthz HTTP/1.1", 400, True),
    (" /healthz\tHTTP/1.1", 400, True),
    (" HTTP/1.1", 400, True),
    ("  HTTP/1.1", 400, True),
    ("", 400, True),
    (" ", 400, True),
    # Targets.
    (" /healthz?x=1 HTTP/1.1", 200, False),
    (" /healthz? HTTP/1.1", 200, False),
    (" /%68ealthz HTTP/1.1", 200, False),
    (" http://a/healthz HTTP/1.1", 200, False),
    (" HTTP://a:80/healthz HTTP/1.1", 200, False),
    (" https://other/healthz?x HTTP/1.1", 200, False),
    (" http://[::1]:80/healthz HTTP/1.1", 200, False),
    (" http://a HTTP/1.1", 200, False),
    (" http://a?x HTTP/1.1", 200, False),
    (" http:///healthz HTTP/1.1", 400, True),
    (" http://:80/healthz HTTP/1.1", 400, True),
    (" http://user@a/healthz HTTP/1.1", 400, True),
    (" ftp://a/healthz HTTP/1.1", 400, True),
    (" http:/healthz HTTP/1.1", 400, True),
    (" a:80 HTTP/1.1", 400, True),
    (" * HTTP/1.1", 400, True),
    (" healthz HTTP/1.1", 400, True),
    (" /healthz#x HTTP/1.1", 400, True),
    (" //healthz HTTP/1.1", 404, False),
    (" /healthz/ HTTP/1.1", 404, False),
    (" /./healthz HTTP/1.1", 404, False),
    (" /../../etc/passwd HTTP/1.1", 404, False),
    (" /%2e%2e/healthz HTTP/1.1", 404, False),
    (" /%00 HTTP/1.1", 404, False),
    (" /HEALTHZ HTTP/1.1", 404, False),
    (" /healthz%20 HTTP/1.1", 404, False),
    (" /%zz HTTP/1.1", 400, True),
    (" /% HTTP/1.1", 400, True),
    (" /%f HTTP/1.1", 400, True),
    (" /%ff HTTP/1.1", 400, True),
    (" /%c0%af HTTP/1.1", 400, True),
    (" /a b HTTP/1.1", 400, True),
    (" /\xe9 HTTP/1.1", 400, True),
    (" /a\x01 HTTP/1.1", 400, True),
    (" /a\x7f HTTP/1.1", 400, True),
    (" /a\rb HTTP/1.1", 400, True),
    (" /" + "a" * 8191 + " HTTP/1.1", 404, False),
    (" /" + "a" * 8192 + " HTTP/1.1", 414, True),
    (" /" + "a" * 100_000 + " HTTP/1.1", 414, True),
]

METHODS = [
    ("PUT", 405, False),
    ("DELETE", 405, False),
    ("PATCH", 405, False),
    ("TRACE", 405, False),
    ("POST", 405, False),
    ("CONNECT", (400, 501), True),
    ("FOO", 501, True),
    ("get", (405, 501), None),
    ("Get", (405, 501), None),
    ("GE\x00T", 400, True),
    ("G@T", 400, True),
    ("GET:", 400, True),
    ("\x16\x03\x01", 400, True),
    ("{}", 400, True),
    ("A" * 40, 501, True),
    ("GET\xe9", 400, True),
]

# Fields after "GET /healthz HTTP/1.1"; the status.
FIELDS = [
    ("", 400),
    (HOST, 200),
    (HOST + HOST, 400),
    (HOST + "Host: b\r\n", 400),
    ("host: a\r\n", 200),
    ("HOST:a\r\n", 200),
    ("Host:\r\n", 200),
    ("Host: \t a \t\r\n", 200),
    ("Host: a:80\r\n", 200),
    ("Host: a:\r\n", 200),
    ("Host: [::1]\r\n", 200),
    ("Host: [::1]:80\r\n", 200),
    ("Host: 127.0.0.1\r\n", 200),
    ("Host: a%2Db\r\n", 200),
    ("Host: a b\r\n", 400),
    ("Host: a:b\r\n", 400),
    ("Host: a:80:80\r\n", 400),
    ("Host: [::1\r\n", 400),
    ("Host: u@a\r\n", 400),
    ("Host: a/b\r\n", 400),
    ("Host: a?b\r\n", 400),
    ("Host: a%\r\n", 400),
    ("Host: \xe9\r\n", 400),
    ("Host: a, a b\r\n", 400),
    ("Host: http://a\r\n", 400),
    ("Host : a\r\n", 400),
    (HOST + "X: a\r\n", 200),
    (HOST + "X:\r\n", 200),
    (HOST + "X: \xe9\r\n", 200),
    (HOST + "X: a\tb\r\n", 200),
    (HOST + "X : a\r\n", 400),
    (HOST + "X\t: a\r\n", 400),
    (HOST + " X: a\r\n", 400),
    (HOST + "X: a\r\n b\r\n", 400),
    (HOST + "X: a\r\n\tb\r\n", 400),
    (HOST + "X\r\n", 400),
    (HOST + ": a\r\n", 400),
    (HOST + "X(: a\r\n", 400),
    (HOST + "X\xe9: a\r\n", 400),
    (HOST + "X\x00: a\r\n", 400),
    (HOST + "X: a\x00b\r\n", 400),
    (HOST + "X: a\x01b\r\n", 400),
    (HOST + "X: a\x7fb\r\n", 400),
    (HOST + "X: a\rb\r\n", 400),
    (HOST + "X: a\r\r\n", 400),
    (HOST + "X Y: a\r\n", 400),
    (HOST + '"X": a\r\n', 400),
    (HOST + "\x0bX: a\r\n", 400),
    (HOST + "X: b\r\n" * 99, 200),
    (HOST + "X: b\r\n" * 100, 431),
    (HOST + "X: " + "b" * 16_000 + "\r\n", 200),
    (HOST + "X: " + "b" * 17_000 + "\r\n", 431),
    (HOST + "b" * 17_000 + ": x\r\n", 431),
    (HOST + "Connection: keep-alive\r\n", 200),
    (HOST + "Connection: x, y\r\n", 200),
    # Bare line feeds end lines for some parsers and not for others.
    ("Host: a\n", 400),
    (HOST + "X: a\n", 400),
    (HOST + "X: a\nTransfer-Encoding: chunked\r\n", 400),
]

# Fields and body after "POST /mask HTTP/1.1" and Host; the status.
L = len(QUESTION)
CHUNKED = "Transfer-Encoding: chunked\r\n\r\n"
ONE = f"{L:x}\r\n{QUESTION}\r\n"
BODIES = [
    (f"Content-Length: {L}\r\n\r\n{QUESTION}", 200),
    (f"Content-Length:\t{L} \r\n\r\n{QUESTION}", 200),
    (f"content-length: 00{L}\r\n\r\n{QUESTION}", (200, 400)),
    (f"Content-Length: +{L}\r\n\r\n{QUESTION}", 400),
    ("Content-Length: -1\r\n\r\n", 400),
    ("Content-Length: \r\n\r\n", 400),
    ("Content-Length: a\r\n\r\n", 400),
    (f"Content-Length: 0x{L:x}\r\n\r\n{QUESTION}", 400),
    (f"Content-Length: {L}.0\r\n\r\n{QUESTION}", 400),
    (f"Content-Length: {L}, {L}\r\n\r\n{QUESTION}", 400),
    (f"Content-Length: {L} {L}\r\n\r\n{QUESTION}", 400),
    (f"Content-Length: {L};\r\n\r\n{QUESTION}", 400),
    (f"Content-Length: \xb2\xb2\r\n\r\n{QUESTION}", 400),
    (f"Content-Length: {L}\r\nContent-Length: {L}\r\n\r\n{QUESTION}", 400),
    (f"Content-Length: {L}\r\nContent-Length: 0\r\n\r\n{QUESTION}", 400),
    (f"Content-Length: 0\r\nContent-Length: {L}\r\n\r\n{QUESTION}", 400),
    (f"Content-Length : {L}\r\n\r\n{QUESTION}", 400),
    (f" Content-Length: {L}\r\n\r\n{QUESTION}", 400),
    ("Content-Length: 67108865\r\n\r\n", 413),
    ("Content-Length: 9223372036854775807\r\n\r\n", 413),
    ("Content-Length: 18446744073709551615\r\n\r\n", (400, 413)),
    ("Content-Length: 18446744073709551616\r\n\r\n", 400),
    ("Content-Length: 99999999999999999999999999\r\n\r\n", 400),
    ("Content-Length: 0\r\n\r\n", 400),
    ("\r\n", 400),
    # Chunks.
    (CHUNKED + ONE + "0\r\n\r\n", 200),
    (f"Transfer-Encoding: Chunked\r\n\r\n{ONE}0\r\n\r\n", 200),
    (f"transfer-encoding: \tchunked \r\n\r\n{ONE}0\r\n\r\n", 200),
    (CHUNKED + ONE.upper()[:4] + ONE[4:] + "0\r\n\r\n", 200),
    (CHUNKED + "000000" + ONE + "0\r\n\r\n", 200),
    (CHUNKED + ONE + "000\r\n\r\n", 200),
    (CHUNKED + f'{L:x};a=b;c="d"\r\n{QUESTION}\r\n0;e\r\n\r\n', 200),
    (CHUNKED + ONE + "0\r\nX: y\r\n\r\n", 200),
    (CHUNKED + ONE + "0\r\nContent-Length: 9\r\n\r\n", (200, 400)),
    (CHUNKED + ONE + "0\r\nHost: b\r\n\r\n", 200),
    (CHUNKED + "".join(f"1\r\n{c}\r\n" for c in QUESTION) + "0\r\n\r\n", 200),
    (CHUNKED + "0\r\n\r\n", 400),
    (CHUNKED + f"0x{L:x}\r\n{QUESTION}\r\n0\r\n\r\n", 400),
    (CHUNKED + "+" + ONE + "0\r\n\r\n", 400),
    (CHUNKED + "-" + ONE + "0\r\n\r\n", 400),
    (CHUNKED + " " + ONE + "0\r\n\r\n", 400),
    (CHUNKED + f"{L:x} \r\n{QUESTION}\r\n0\r\n\r\n", (200, 400)),
    (CHUNKED + "\r\n", 400),
    (CHUNKED + ";a\r\n", 400),
    (CHUNKED + "g\r\n", 400),
    (CHUNKED + "1_0\r\n", 400),
    (CHUNKED + "fffffffffffffffff\r\n", 400),
    (CHUNKED + "10000000000000000\r\n", 400),
    (CHUNKED + "4000001\r\n{", 413),
    (CHUNKED + "7fffffffffffffff\r\n{", 413),
    (CHUNKED + f"{L:x}\n{QUESTION}\r\n0\r\n\r\n", 400),
    (CHUNKED + f"{L:x}\r\n{QUESTION}\n0\r\n\r\n", 400),
    (CHUNKED + f"{L:x}\r\n{QUESTION}0\r\n\r\n", 400),
    (CHUNKED + f"{L - 1:x}\r\n{QUESTION}\r\n0\r\n\r\n", 400),
    (CHUNKED + f"{L:x}\r{QUESTION}\r\n0\r\n\r\n", 400),
    (CHUNKED + f"{L:x};a\nb\r\n{QUESTION}\r\n0\r\n\r\n", 400),
    (CHUNKED + ONE + "0\r\nX : y\r\n\r\n", 400),
    (CHUNKED + ONE + "0\r\n: y\r\n\r\n", 400),
    (CHUNKED + ONE + "0\r\n" + "X: y\r\n" * 300 + "\r\n", 431),
    (CHUNKED + "1;" + "a" * 20_000, 400),
    # Codings.
    (f"Transfer-Encoding: gzip, chunked\r\n\r\n{ONE}0\r\n\r\n", 501),
    (f"Transfer-Encoding: gzip\r\n\r\n{ONE}0\r\n\r\n", 501),
    (f"Transfer-Encoding: chunked, gzip\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding: chunked, chunked\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding: identity\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding: chunked, identity\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding: xchunked\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding: chunked;q=1\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding: \x0bchunked\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding:\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding : chunked\r\n\r\n{ONE}0\r\n\r\n", 400),
    (f"Transfer-Encoding:\r\n chunked\r\n\r\n{ONE}0\r\n\r\n", 400),
    (f"X: y\nTransfer-Encoding: chunked\r\n\r\n{ONE}0\r\n\r\n", 400),
    (f"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    (f"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n{ONE}0\r\n\r\n", (400, 501)),
    # Both.
    (f"Content-Length: {L}\r\nTransfer-Encoding: chunked\r\n\r\n{ONE}0\r\n\r\n", 400),
    (f"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{NEXT}", 400),
    (f"Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{NEXT}", (400, 501)),
    # Expectations.
    (f"Expect: 200-ok\r\nContent-Length: {L}\r\n\r\n{QUESTION}", 417),
    (f"Expect: 100-continue, x\r\nContent-Length: {L}\r\n\r\n{QUESTION}", 417),
    ("Expect: 100-continue\r\nContent-Length: 67108865\r\n\r\n", 413),
]


def cases():
    for rest, status, closes in LINES:
        yield Case(f"line GET{rest[:40]!r}", f"GET{rest}\r\n{HOST}\r\n", status, closes=closes)
    for method, status, closes in METHODS:
        yield Case(f"method {method!r}", f"{method} /healthz HTTP/1.1\r\n{HOST}\r\n", status, closes=closes)
    for fields, status in FIELDS:
        yield Case(f"fields {fields[:60]!r}", f"GET /healthz HTTP/1.1\r\n{fields}\r\n", status, closes=status != 200)
    for rest, status in BODIES:
        # Whatever follows a refused body is not answered; a text that is no question is refused, and the next answered.
        ends = None if status in (400, 200, (200, 400)) else True
        yield Case(f"body {rest[:70]!r}", f"POST /mask HTTP/1.1\r\n{HOST}{rest}", status, closes=ends)
    yield from persistence()
    yield from smuggling()


def persistence():
    post = f"POST /mask HTTP/1.1\r\n{HOST}Content-Length: {L}\r\n\r\n{QUESTION}"
    yield Case("empty lines before a request", "\r\n\r\n" + NEXT, 200, closes=False)
    yield Case("empty lines between requests", NEXT + "\r\n" + NEXT, 200, 200, closes=False)
    yield Case("empty lines without end", "\r\n" * 20_000, 431, closes=True)
    yield Case("ten at once", NEXT * 10, *[200] * 10, closes=False)
    yield Case("POST and GET at once", post + NEXT + post, 200, 200, 200, closes=False)
    yield Case("the third is wrong", NEXT + NEXT + "GET / HTTP/1.1\r\n\r\n" + NEXT, 200, 200, 400, closes=True)
    yield Case("close", f"GET /livez HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n" + NEXT, 200, closes=True)
    yield Case("Close", f"GET /livez HTTP/1.1\r\n{HOST}Connection: x, Close\r\n\r\n" + NEXT, 200, closes=True)
    yield Case("1.0", "GET /livez HTTP/1.0\r\n\r\n" + NEXT, 200, closes=True)
    yield Case("1.0 keep-alive", "GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, closes=False)
    yield Case("1.0 with chunks", f"POST /mask HTTP/1.0\r\n{CHUNKED}{ONE}0\r\n\r\n", 400, closes=True)
    yield Case("upgrade", f"GET /livez HTTP/1.1\r\n{HOST}Connection: upgrade\r\nUpgrade: h2c\r\n\r\n", 200, closes=True)
    yield Case("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 501, 505), closes=True)
    yield Case(
        "go ahead",
        f"POST /mask HTTP/1.1\r\n{HOST}Expect: 100-continue\r\nContent-Length: {L}\r\n\r\n{QUESTION}",
        100,
        200,
        closes=False,
    )
    yield Case(
        "no go-ahead to 1.0",
        f"POST /mask HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: {L}\r\n\r\n{QUESTION}",
        200,
        closes=True,
    )
    yield Case("no body to wait for", f"GET /livez HTTP/1.1\r\n{HOST}Expect: 100-continue\r\n\r\n", 200, closes=False)
    yield Case("a GET with a body", f"GET /livez HTTP/1.1\r\n{HOST}Content-Length: 5\r\n\r\nhello" + NEXT, 200, 200)
    yield Case("garbage", bytes(range(256)) * 4, 400, closes=True)
    yield Case("TLS", bytes.fromhex("1603010200010001fc0303") + b"\x0a" * 40, 400, closes=True)


def smuggling():
    inner = NEXT.replace("/livez", "/metrics")
    post = f"POST /mask HTTP/1.1\r\n{HOST}"
    for name, text in [
        ("CL.TE", f"{post}Content-Length: {len(inner) + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
        ("TE.CL", f"{post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n{len(inner):x}\r\n{inner}\r\n0\r\n\r\n"),
        ("TE.TE", f"{post}Transfer-Encoding: chunked\r\nTransfer-encoding: x\r\n\r\n0\r\n\r\n{inner}"),
        ("two lengths", f"{post}Content-Length: 0\r\nContent-Length: {len(inner)}\r\n\r\n{inner}"),
        ("a length in a folded line", f"{post}X: y\r\n Content-Length: {len(inner)}\r\n\r\n{inner}"),
        ("a length after a bare CR", f"{post}X: y\rContent-Length: {len(inner)}\r\n\r\n{inner}"),
        ("a length after NUL", f"{post}Content-Length: 0\x00\r\n\r\n{inner}"),
        ("a bare LF ends the header", f"{post}Content-Length: 0\n\n{inner}"),
        ("a request in a chunk's line", f"{post}{CHUNKED}0;\n{inner}"),
        ("a request in a trailer", f"{post}{CHUNKED}0\r\nX:\n{inner}"),
        ("a request after a bare CR chunk", f"{post}{CHUNKED}2\r\r;a\r\n{inner}"),
    ]:
        yield Case(f"smuggling by {name}", text, (400, 501), closes=True)
    yield Case("a request in a body", f"{post}Content-Length: {len(inner)}\r\n\r\n{inner}", 400, closes=False)
