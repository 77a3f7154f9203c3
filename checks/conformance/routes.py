"""Each route's methods, what it accepts and what it answers with (RFC 9110, 8.3, 9, 12)."""

from case import Case, field, post
from wire import request

ALLOW = {
    "/": "GET, HEAD, OPTIONS",
    "/healthz": "GET, HEAD, OPTIONS",
    "/livez": "GET, HEAD, OPTIONS",
    "/readyz": "GET, HEAD, OPTIONS",
    "/metrics": "GET, HEAD, OPTIONS",
    "/generators": "GET, HEAD, OPTIONS",
    "/openapi.yaml": "GET, HEAD, OPTIONS",
    "/openapi.json": "GET, HEAD, OPTIONS",
    "/docs": "GET, HEAD, OPTIONS",
    "/docs/docs.js": "GET, HEAD, OPTIONS",
    "/mask": "GET, HEAD, POST, QUERY, OPTIONS",
    "/forward": "POST, QUERY, OPTIONS",
    "/train-step": "POST, QUERY, OPTIONS",
    "/verify": "POST, QUERY, OPTIONS",
    "/v2": "GET, HEAD, OPTIONS",
    "/v2/health/live": "GET, HEAD, OPTIONS",
    "/v2/health/ready": "GET, HEAD, OPTIONS",
    "/v2/models/dropout": "GET, HEAD, OPTIONS",
    "/v2/models/dropout/versions/1": "GET, HEAD, OPTIONS",
    "/v2/models/dropout/ready": "GET, HEAD, OPTIONS",
    "/v2/models/dropout/versions/1/ready": "GET, HEAD, OPTIONS",
    "/v2/models/dropout/infer": "POST, OPTIONS",
    "/v2/models/dropout/versions/1/infer": "POST, OPTIONS",
    "/v2/models/stats": "GET, HEAD, OPTIONS",
    "/v2/models/dropout/stats": "GET, HEAD, OPTIONS",
    "/v2/models/dropout/config": "GET, HEAD, OPTIONS",
    "/v2/repository/index": "POST, OPTIONS",
    "/v1/models": "GET, HEAD, OPTIONS",
    "/v1/models/dropout": "GET, HEAD, OPTIONS",
    "/v1/models/dropout/versions/1": "GET, HEAD, OPTIONS",
    "/v1/models/dropout:predict": "POST, OPTIONS",
    "/v1/models/dropout/versions/1:predict": "POST, OPTIONS",
}
TYPES = {
    "/": "application/json",
    "/healthz": "application/json",
    "/livez": "application/json",
    "/readyz": "application/json",
    "/metrics": "text/plain; version=0.0.4; charset=utf-8",
    "/generators": "application/json",
    "/openapi.yaml": "application/yaml",
    "/openapi.json": "application/json",
    "/docs": "text/html; charset=utf-8",
    "/docs/docs.css": "text/css; charset=utf-8",
    "/docs/docs.js": "text/javascript; charset=utf-8",
    "/v2": "application/json",
    "/v2/health/live": "application/json",
    "/v2/health/ready": "application/json",
    "/v2/models/dropout": "application/json",
    "/v2/models/dropout/ready": "application/json",
    "/v2/models/stats": "application/json",
    "/v2/models/dropout/config": "application/json",
    "/v1/models": "application/json",
    "/v1/models/dropout": "application/json",
}
ACCEPT_QUERY = {
    "/mask": "application/json, application/x-ndjson",
    "/forward": "application/json, application/x-ndjson, application/x-npy, application/vnd.safetensors",
    "/train-step": "application/json, application/vnd.safetensors",
    "/verify": "application/json, application/x-ndjson, multipart/form-data",
}
QUESTION = b'{"shape":[2],"rate":0.5,"seed":1}'
NPY = b"\x93NUMPY\x01\x00v\x00%-117s\n\x01\x02\x03\x04" % b"{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }"

CACHING = {
    "/": "no-cache",
    "/generators": "no-cache",
    "/openapi.yaml": "no-cache",
    "/openapi.json": "no-cache",
    "/docs": "no-cache",
    "/docs/docs.css": "no-cache",
    "/mask?shape=4&rate=0.5&seed=1": "public, max-age=31536000, immutable",
    "/mask?shape=4&rate=0.5": "no-store",
    "/v2": "no-cache",
    "/v2/models/dropout": "no-cache",
    "/v2/models/dropout/ready": "no-store",
    "/v2/health/ready": "no-store",
    "/livez": "no-store",
    "/healthz": "no-store",
    "/readyz": "no-store",
    "/metrics": "no-store",
}
WITHOUT_A_BODY = [
    ("POST /nowhere", 404),
    ("PUT /mask", 405),
    ("POST /generators", 405),
    ("POST /mask Content-Type: text/csv", 415),
    ("POST /mask Accept: text/html", 406),
]
ACCEPTS = [
    ("*/*", 200),
    ("application/json", 200),
    ("application/*", 200),
    ("APPLICATION/JSON", 200),
    ("", 200),
    ("text/html, */*;q=0.1", 200),
    ("text/html, application/json;q=0.001", 200),
    ("application/json; charset=utf-8", 200),
    ("text/html", 406),
    ("application/json;q=0", 406),
    ("*/*;q=0", 406),
    ("application/*;q=0, */*", 406),
    ("application/xml", 406),
    ("application/json;q=0, text/*", 406),
    ("application/jsonx", 406),
    ("json", 406),
]
# What is answered by a route with JSON and array files.
CHOICES = [
    ("application/x-npy;q=0.9, */*;q=0.1", "application/x-npy"),
    ("*/*;q=0.1, application/x-npy;q=0.9", "application/x-npy"),
    ("*/*, application/x-npy;q=0.5", "application/json"),
    ("application/*, application/json;q=0", "application/x-npy"),
    ("application/json;q=0.1, application/*;q=0.2", "application/x-npy"),
    ("application/x-npy, application/json", "application/json"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
    ('application/json;profile="a,b;q=1";q=0.2, application/x-npy;q=0.5', "application/x-npy"),
]
# What / answers: the page to browsers, which prefer HTML, and the list of routes to everybody else.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HTML = ("text/html; charset=utf-8", [field("Content-Security-Policy", PAGE_POLICY)])
LIST = ("application/json", [field("Content-Security-Policy", None)])
PAGES = [
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8", *HTML),
    ("text/html", *HTML),
    ("text/*", *HTML),
    ("application/json;q=0.8, text/html;q=0.9", *HTML),
    (None, *LIST),
    ("", *LIST),
    ("*/*", *LIST),
    ("application/json", *LIST),
    ("text/html, application/json", *LIST),
    ("text/html;q=0.9, application/json", *LIST),
    ("text/html;q=0, */*", *LIST),
]
PAGE_FILES = [
    ("/live/live.css", 200),
    ("/live/live-main.js Accept: */*", 200),
    ("/live/live-icon.svg Accept: image/avif,image/webp,*/*;q=0.8", 200),
    ("/live/live.css Accept: application/json", 406),
    ("/live/live.js", 404),
    ("/live/../openapi.yaml", 404),
    ("/live/%2e%2e%2fopenapi.yaml", 404),
    ("/live/", 404),
    ("/live", 404),
]
CONTENT_TYPES = [
    ("application/json", 200),
    ("application/json; charset=utf-8", 200),
    ("application/json;charset=UTF-8", 200),
    ('application/json; charset="utf-8"', 200),
    ("Application/JSON", 200),
    ("application/json; charset=us-ascii", 200),
    ("application/vnd.x+json", 200),
    ("application/x-www-form-urlencoded", 200),
    ("application/json; x=y", 200),
    ("application/json; charset=utf8", 200),
    ("text/plain", 200),
    ("text/plain;charset=UTF-8", 200),
    ("text/plain; charset=iso-8859-1", 415),
    ("application/json; charset=utf-8; charset=utf-16", 415),
    ("application/json; charset=utf-8; charset=utf-8", 415),
    ('application/json; x="a;charset=utf-16"', 200),
    ("application/json; charset=utf-16", 415),
    ("application/json; charset=latin1", 415),
    ("text/json", 415),
    ("application/xml", 415),
    ("multipart/form-data; boundary=x", 415),
    ("application/x-ndjson", 200),
    ("application/x-ndjson; charset=utf-8", 200),
    ("application/x-ndjson; charset=latin1", 415),
    ("application/ndjson", 415),
    ("json", 415),
    ("application/jsonp", 415),
    ("application/octet-stream", 415),
]


def cases():
    for path, allow in ALLOW.items():
        checks = [field("Allow", allow), field("Accept-Query", ACCEPT_QUERY.get(path))]
        yield Case(f"OPTIONS {path}", request("OPTIONS", path), 204, closes=False, checks=checks)
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"):
            if method not in allow:
                yield Case(
                    f"{method} {path}",
                    request(method, path),
                    405,
                    closes=False,
                    heads=[method == "HEAD"],
                    checks=[field("Allow", allow)],
                )
    for path, kind in TYPES.items():
        yield Case(f"GET {path}", request("GET", path), 200, closes=False, checks=[field("Content-Type", kind)])
        yield Case(
            f"HEAD {path} and GET",
            request("HEAD", path) + request("GET", path),
            200,
            200,
            closes=False,
            heads=[True, False],
            checks=[same_length if path != "/metrics" else nothing],
        )
    yield Case("OPTIONS *", request("OPTIONS", "*"), 204, closes=False)
    yield Case("GET /mask", request("GET", "/mask?shape=2&rate=0.5&seed=1"), 200, closes=False)
    yield Case("HEAD /mask", request("HEAD", "/mask?shape=2&rate=0.5&seed=1"), 200, closes=False, heads=[True])
    for query, status in [
        ("", 422),
        ("?shape=2", 422),
        ("?shape=2&rate=0.5&rate=0.5", 422),
        ("?shape=2&rate=x", 422),
        ("?shape=2&rate=0.5&colour=red", 422),
        ("?shape=%zz&rate=0.5", 400),
        ("?shape=%ff&rate=0.5", 400),
        ("?shape=[2,3]&rate=0.5", 200),
        ("?shape=2,3&rate=.5", 422),
        ("?&shape=2&&rate=0.5&", 200),
        ("?shape=2&rate=0.5&seed=%31", 200),
        ("?shape=-1&rate=0.5", 422),
        ("?shape=4&shape=2&rate=0.5", 200),
        ("?shape=4&rate=0.5&pretty=1", 200),
        ("?shape=4&rate=0.5&pretty=x", 422),
        ("?shape=4&rate=0.5&shape=2,3&include=mask&include=statistics", 200),
        ("?shape=4&shape=x&rate=0.5", 422),
        ("?shape=99999999999&rate=0.5", 422),
    ]:
        yield Case(f"GET /mask{query}", request("GET", f"/mask{query}"), status, closes=False)
    for query, status in [
        ("", 200),
        ("&", 200),
        ("pretty=1", 200),
        ("pretty=2", 422),
        ("seed=2", 422),
        ("colour=red", 422),
        ("%zz", 400),
        ("x=1&x=2", 422),
    ]:
        yield Case(f"POST /mask?{query}", post(f"/mask?{query}", QUESTION), status, closes=False)
    for target in ("/mask?shape=9,9&rate=0.5&seed=1", "/mask?shape=70000,2&rate=0.5&seed=1", "/generators?", "/?"):
        yield Case(
            f"pretty {target}",
            request("GET", target) + request("GET", target + "&pretty=1"),
            200,
            200,
            closes=False,
            checks=[same_values],
        )
    file = request("POST", "/forward?rate=0.5&seed=7", ["Content-Type: application/x-npy; charset=binary"], NPY)
    yield Case("an array file with a charset", file, 200, closes=False)
    for path in ("/x", "/forwards", "/forward/", "/Forward", "/mask/1", "/%F0%9F%98%80", "/" + "x" * 5000):
        yield Case(f"no route {path[:20]}", request("GET", path), 404, closes=False)
        yield Case(f"POST to no route {path[:20]}", post(path, b"{}"), 404, closes=False)
    yield Case("OPTIONS *", request("OPTIONS", "*"), 204, closes=False, checks=[field("Allow", "GET, HEAD, POST, QUERY, OPTIONS")])
    for target, caching in CACHING.items():
        yield Case(
            f"what caches may do with {target}", request("GET", target), 200, closes=False, checks=[field("Cache-Control", caching)]
        )
    yield Case(
        "what caches may do with POST /mask",
        post("/mask", QUESTION),
        200,
        closes=False,
        checks=[field("Cache-Control", "no-store")],
    )
    # What the header alone decides is not asked a body for.
    for line, status in WITHOUT_A_BODY:
        method, target, *fields = line.split(" ", 2)
        yield Case(
            f"no go-ahead for {line}",
            request(method, target, ["Expect: 100-continue", "Content-Length: 33", *fields]),
            status,
            closes=True,
        )
    for accept, status in ACCEPTS:
        yield Case(f"Accept {accept}", post("/mask", QUESTION, f"Accept: {accept}"), status, closes=False)
    for accept, kind in CHOICES:
        data = request("GET", "/mask?shape=4&rate=0.5&seed=1", [f"Accept: {accept}"])
        yield Case(f"Accept {accept} of two types", data, 200, closes=False, checks=[field("Content-Type", kind)])
    for accept, kind, options in PAGES:
        data = request("GET", "/", [f"Accept: {accept}"] if accept is not None else [])
        checks = [field("Content-Type", kind), field("Vary", "Accept, Accept-Encoding"), field("Cache-Control", "no-cache")]
        yield Case(f"Accept {accept} of the page", data, 200, closes=False, checks=checks + options)
    for line, status in PAGE_FILES:
        target, *fields = line.split(" ", 1)
        yield Case(f"{line} of the page", request("GET", target, fields), status, closes=False)
    yield Case("Accept twice", post("/mask", QUESTION, "Accept: text/html", "Accept: */*"), 200, closes=False)
    yield Case("Accept text for metrics", request("GET", "/metrics", ["Accept: text/plain;q=0.5"]), 200, closes=False)
    yield Case("Accept JSON for metrics", request("GET", "/metrics", ["Accept: application/json"]), 406, closes=False)
    for kind, status in CONTENT_TYPES:
        data = request("POST", "/mask", [f"Content-Type: {kind}"], QUESTION)
        yield Case(f"Content-Type {kind}", data, status, closes=False)
    yield Case("no Content-Type", request("POST", "/mask", [], QUESTION), 200, closes=False)
    for given, echoed in [("abc-1", True), ("a" * 128, True), ("a" * 129, False), ("a b", False), ("\xe9", False)]:
        yield Case(
            f"X-Request-Id {given[:8]}",
            request("GET", "/livez", [f"X-Request-Id: {given}"]),
            200,
            closes=False,
            checks=[
                lambda answers, given=given, echoed=echoed: (
                    None if (answers[0].get("X-Request-Id") == given) == echoed else "the id"
                )
            ],
        )
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    yield Case(
        "traceparent",
        request("GET", "/livez", [f"traceparent: {trace}"]),
        200,
        closes=False,
        checks=[
            lambda answers: (
                None
                if (answers[0].get("traceparent") or "")[:36] == trace[:36] and answers[0].get("traceparent") != trace
                else "the trace"
            )
        ],
    )


def same_values(answers):
    """The second answer has the values of the first, on more lines."""
    plain, lines = answers
    if lines.body.count(b"\n") < 10 or plain.body.count(b"\n") != 1:
        return "the answer is not broken over lines"
    return None if lines.json() == plain.json() else "other values"


def same_length(answers):
    lengths = [answer.get("Content-Length") for answer in answers]
    return None if lengths[0] == lengths[1] else f"lengths {lengths}"


def nothing(_):
    return None
