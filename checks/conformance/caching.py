"""What caches may do with answers: tags, conditions and 304 (RFC 9110, 8.8.3, 13.1.2, 15.4.5)."""

from case import Case, field, post
from wire import request

MASK = "/mask?shape=3000&rate=0.5&seed=1"
SHORT = "/mask?shape=2&rate=0.5&seed=1"
# Each target with what decides its answer besides.
STORED = [
    (MASK, "Accept, Accept-Encoding"),
    (SHORT, "Accept"),
    ("/generators", "Accept-Encoding"),
    ("/openapi.yaml", "Accept-Encoding"),
    ("/openapi.json", "Accept-Encoding"),
    ("/docs/docs.js", "Accept-Encoding"),
]
NOT_STORED = ["/mask?shape=2&rate=0.5", "/healthz", "/livez", "/readyz", "/metrics"]
ACCEPTED = [[], ["Accept-Encoding: gzip"], ["Accept-Encoding: deflate"]]
# If-None-Match for an answer with the tag TAG, and the status.
CONDITIONS = [
    ("TAG", 304),
    ("W/TAG", 304),
    ('"x", TAG', 304),
    ('"x",W/TAG , "y"', 304),
    ("*", 304),
    ('"x"', 200),
    ("x", 200),
    ("", 200),
    ('""', 200),
]


def same_fields(answers):
    """A confirmed answer has the tag and the caching of the stored one, and no body."""
    stored, confirmed = answers
    if confirmed.status == 304 and confirmed.body:
        return "304 with a body"
    for name in ("ETag", "Cache-Control"):
        if stored.get(name) != confirmed.get(name):
            return f"{name} is {confirmed.get(name)}, not {stored.get(name)}"
    return None


def other_tags(answers):
    tags = [answer.get("ETag") for answer in answers]
    return None if len(set(tags)) == len(tags) else f"tags {tags}"


def same_tags(answers):
    tags = {answer.get("ETag") for answer in answers}
    return None if len(tags) == 1 else f"tags {tags}"


def same_body(answers):
    return None if answers[0].body == answers[1].body else "another body"


def chunked(kind, body):
    head = request("QUERY", "/mask", [kind, "Transfer-Encoding: chunked"])
    return head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


# The tags of answers, by target and fields, as far as they have been fetched.
TAGS = {}


class Conditional:
    """A case whose condition has the tag of an answer that a first case fetches."""

    def __init__(self, target, fields):
        self.key = (target, *fields)

    def note(self, answers):
        TAGS[self.key] = answers[0].get("ETag")
        return None if (answers[0].get("ETag") or "").startswith('"') else "no strong tag"

    @property
    def tag(self):
        return TAGS.get(self.key) or '"none"'


def cases():
    for target, vary in STORED:
        for fields in ACCEPTED:
            known = Conditional(target, fields)
            get = request("GET", target, fields)
            yield Case(f"GET {target} {fields}", get, 200, closes=False, checks=[known.note, field("Vary", vary)])
            yield Case(
                f"HEAD {target} {fields}", get + request("HEAD", target, fields), 200, 200, heads=[False, True], checks=[same_tags]
            )
            for value, status in CONDITIONS:
                # The tag is known when the case before has run.
                for method in ("GET", "HEAD"):
                    line = f"If-None-Match: {value.replace('TAG', known.tag)}"
                    checks = [same_fields] if value != "*" else []
                    yield Case(
                        f"{method} {target} {fields} {value}",
                        get + request(method, target, [*fields, line]),
                        200,
                        status,
                        closes=False,
                        heads=[False, method == "HEAD"],
                        checks=checks,
                    )
    for target in NOT_STORED:
        data = request("GET", target, ["If-None-Match: *"])
        yield Case(f"{target} is not stored", data, 200, closes=False, checks=[field("ETag", None)])
    question = b'{"shape":[2],"rate":0.5,"seed":1}'
    yield Case("POST is not stored", post("/mask", question, "If-None-Match: *"), 200, closes=False, checks=[field("ETag", None)])
    for target, status in [("/nowhere", 404), ("/mask?shape=2&rate=3&seed=1", 422), ("/mask?shape=2&seed=1", 422)]:
        yield Case(f"{target} with a condition", request("GET", target, ["If-None-Match: *"]), status, closes=False)
    # QUERY (RFC 10008): the question is in the body, and the answer may be stored.
    json = "Content-Type: application/json"
    query = request("QUERY", "/mask", [json], question)
    known = Conditional("QUERY /mask", [])
    checks = [known.note, field("Cache-Control", "public, max-age=31536000, immutable"), field("Vary", "Accept")]
    yield Case("QUERY", query, 200, closes=False, checks=checks)
    yield Case("QUERY has the answer of POST", post("/mask", question) + query, 200, 200, closes=False, checks=[same_body])
    for value, status in CONDITIONS:
        data = query + request("QUERY", "/mask", [json, f"If-None-Match: {value.replace('TAG', known.tag)}"], question)
        yield Case(f"QUERY {value}", data, 200, status, closes=False, checks=[same_fields])
    for body, status in [(b'{"shape":[2],"rate":0.5}', 200), (b'{"shape":[2],"rate":3,"seed":1}', 422), (b"{", 400), (b"", 400)]:
        data = request("QUERY", "/mask", [json, "If-None-Match: *"], body)
        yield Case(f"QUERY {body} is not stored", data, status, closes=False, checks=[field("ETag", None)])
    for fields, status in [([], 400), (["Content-Type: text/csv"], 415), (["Content-Type: text/plain"], 200), ([json], 200)]:
        yield Case(f"QUERY of {fields}", request("QUERY", "/mask", fields, question), status, closes=False)
    yield Case("QUERY with a parameter", request("QUERY", "/mask?seed=2", [json], question), 422, closes=False)
    yield Case("QUERY in chunks", chunked(json, question), 200, closes=False)
    variants = [
        request("GET", MASK),
        request("GET", MASK, ["Accept-Encoding: gzip"]),
        request("GET", MASK, ["Accept-Encoding: deflate"]),
        request("GET", MASK, ["Accept: application/x-npy"]),
        request("GET", MASK + "&pretty=1"),
        request("GET", MASK + "&step=1"),
        request("GET", SHORT),
    ]
    yield Case("other answers have other tags", b"".join(variants), *[200] * len(variants), closes=False, checks=[other_tags])
    spellings = [SHORT, "/mask?seed=1&rate=0.5&shape=2", "/mask?shape=[2]&r%61te=0.5&seed=1", SHORT + "&pretty=0"]
    data = b"".join(request("GET", target) for target in spellings)
    yield Case("one question has one tag", data, *[200] * len(spellings), closes=False, checks=[same_tags])
    tag = Conditional(MASK, ["Accept-Encoding: gzip"]).tag
    yield Case("a coding that is not taken", request("GET", MASK, [f"If-None-Match: {tag}"]), 200, closes=False)
