"""Content codings of requests and answers (RFC 9110, 8.4 and 12.5.3; RFC 1950, RFC 1952)."""

import gzip
import zlib

from case import Case, field, post
from wire import request

QUESTION = b'{"shape":[2],"rate":0.5,"seed":1}'
LONG = b'{"shape":[3000],"rate":0.5,"seed":1}'
GZIP, ZLIB = gzip.compress(QUESTION, mtime=0), zlib.compress(QUESTION)
RAW = zlib.compressobj(wbits=-15)
RAW = RAW.compress(QUESTION) + RAW.flush()
# Members that follow each other (RFC 1952, 2.2).
HALVES = gzip.compress(QUESTION[:9], mtime=0) + gzip.compress(QUESTION[9:], mtime=0)
DENSE = gzip.compress(b" " * 1_000_000, 9, mtime=0) * 3
ZEROS = gzip.compress(b" " * (1 << 20), 9, mtime=0)

REQUESTS = [
    ("gzip", GZIP, 200),
    ("GZIP", GZIP, 200),
    ("x-gzip", GZIP, 200),
    ("deflate", ZLIB, 200),
    ("identity", QUESTION, 200),
    ("gzip", QUESTION, 400),
    ("gzip", ZLIB, 400),
    ("deflate", GZIP, 400),
    ("deflate", RAW, 400),
    ("gzip", b"", 400),
    ("gzip", GZIP[:-1], 400),
    ("gzip", GZIP[:12], 400),
    ("gzip", GZIP + b"x", 400),
    ("gzip", GZIP + GZIP, 400),
    ("gzip", HALVES, 200),
    ("gzip", HALVES[:-1], 400),
    ("gzip", GZIP + gzip.compress(b"", mtime=0) * 1000, 200),
    ("gzip", DENSE, 413),
    ("gzip", GZIP[:-8] + b"\0" * 8, 400),
    ("gzip", GZIP[:10] + b"\xff" * 20, 400),
    ("deflate", ZLIB[:-4], 400),
    ("gzip", gzip.compress(b"", mtime=0), 400),
    ("gzip", ZEROS, 400),
    ("gzip", gzip.compress(b" " * (8 << 20)), 413),
    ("br", QUESTION, 415),
    ("zstd", QUESTION, 415),
    ("compress", QUESTION, 415),
    ("gzip, gzip", GZIP, 415),
    ("gzip, deflate", GZIP, 415),
    ("identity, gzip", GZIP, 415),
    ("gzip;q=1", GZIP, 415),
    ("*", GZIP, 415),
]
ANSWERS = [
    ("gzip", "gzip"),
    ("deflate", "deflate"),
    ("x-gzip", "gzip"),
    ("GZIP", "gzip"),
    ("gzip, deflate", "gzip"),
    ("deflate, gzip;q=0.5", "deflate"),
    ("gzip;q=0", None),
    ("identity", None),
    ("*", "gzip"),
    ("*;q=0", None),
    ("gzip;q=0, *", "deflate"),
    ("br", None),
    ("br, gzip;q=0.1", "gzip"),
    ("identity, gzip;q=0.5", None),
    ("identity;q=0", None),
    ("", None),
    (",,", None),
    ("gzip;q=x", None),
    ("gzip ; q=0.5", "gzip"),
]


# Numbers in base64 and array files hardly shrink, so they are compressed only if the client refuses them as they are.
DENSE = [
    ("gzip", None),
    ("gzip, deflate, br", None),
    ("*", None),
    ("gzip, identity;q=0.1", None),
    ("gzip, identity;q=0", "gzip"),
    ("deflate, *;q=0", "deflate"),
    ("*;q=0", None),
]


def inflated(answers):
    """The same bytes whatever the coding."""
    plain, coded = answers[0].body, answers[1].body
    kind = answers[1].get("Content-Encoding")
    if kind:
        coded = zlib.decompress(coded, 31 if kind == "gzip" else 15)
    return None if coded == plain else "the inflated answer is another"


def cases():
    for coding, body, status in REQUESTS:
        checks = [field("Accept-Encoding", "gzip, deflate")] if status == 415 else []
        yield Case(
            f"{coding} {body[:8]!r} of {len(body)}", post("/mask", body, f"Content-Encoding: {coding}"), status, checks=checks
        )
    for accept, coding in ANSWERS:
        field_line = f"Accept-Encoding: {accept}"
        yield Case(
            f"Accept-Encoding {accept}",
            post("/mask", LONG) + post("/mask", LONG, field_line),
            200,
            200,
            closes=False,
            checks=[field("Content-Encoding", coding), field("Vary", "Accept-Encoding"), inflated],
        )
        yield Case(
            f"Accept-Encoding {accept} for a short answer",
            post("/mask", QUESTION, field_line),
            200,
            closes=False,
            checks=[field("Content-Encoding", None)],
        )
    packed = b'{"shape":[30000],"rate":0.5,"seed":1,"mask_format":"packed"}'
    numbers = b'{"input":{"shape":[600],"dtype":"float64","base64":"%s"},"rate":0.5,"seed":1}' % (b"AAAAAAAA" * 800)
    for accept, coding in DENSE:
        line = f"Accept-Encoding: {accept}"
        for name, path, body, fields in [
            ("a packed mask", "/mask", packed, []),
            ("numbers in base64", "/forward", numbers, ["Accept: application/json"]),
            ("an array file", "/mask", LONG, ["Accept: application/x-npy"]),
        ]:
            yield Case(
                f"Accept-Encoding {accept} for {name}",
                post(path, body, *fields) + post(path, body, line, *fields),
                200,
                200,
                closes=False,
                checks=[field("Content-Encoding", coding), inflated],
            )
    for accept in ("gzip", "deflate"):
        line = f"Accept-Encoding: {accept}"
        long = b'{"shape":[300000],"rate":0.5,"seed":1}'
        yield Case(
            f"a long answer by {accept}",
            post("/mask", long) + post("/mask", long, line),
            200,
            200,
            closes=False,
            checks=[field("Content-Encoding", accept), inflated],
        )
        yield Case(
            f"HEAD by {accept}",
            request("HEAD", "/openapi.yaml", [line]) + request("GET", "/openapi.yaml", [line]),
            200,
            200,
            closes=False,
            heads=[True, False],
            checks=[true_length],
        )
        yield Case(
            f"1.0 by {accept}",
            f"GET /openapi.yaml HTTP/1.0\r\n{line}\r\n\r\n",
            200,
            closes=True,
            checks=[field("Content-Encoding", accept)],
        )


def true_length(answers):
    """RFC 9110, 8.6: the length in an answer to HEAD is that of the answer to GET, or is not there."""
    lengths = [answer.get("Content-Length") for answer in answers]
    return None if lengths[0] in (None, lengths[1]) else f"lengths {lengths}"
