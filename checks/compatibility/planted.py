"""Planted changes of a small document, so that each kind of refusal is known to be seen, and each addition to be let through."""

import copy

import yaml
from operations import broken

DOCUMENT = """
openapi: 3.1.0
info: {title: small, version: 1.0.0}
security: [{}, {bearer: []}]
paths:
  /draw:
    parameters: [{$ref: '#/components/parameters/Trace'}]
    get:
      parameters:
        - {name: rate, in: query, required: true, schema: {$ref: '#/components/schemas/Rate'}}
        - {name: step, in: query, schema: {type: integer, minimum: 0, maximum: 9, default: 3}}
        - {name: shape, in: query, style: form, explode: false, schema: {type: array, items: {type: integer}}}
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Answer'}}}}}
    post:
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Question'}}
          text/plain: {schema: {type: string, maxLength: 9}}
      responses:
        '200':
          description: ''
          headers: {Next: {required: true, schema: {type: string}}, More: {schema: {type: string}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Answer'}}
            text/plain: {schema: {type: string}}
        '422': {description: ''}
  /healthz:
    get: {responses: {'200': {description: ''}}}
components:
  parameters:
    Trace: {name: traceparent, in: header, schema: {type: string}}
  schemas:
    Rate: {type: number, minimum: 0, maximum: 1}
    Question:
      type: object
      required: [input]
      anyOf: [{required: [rate], properties: {rate: {type: number}}}, {required: [keep_prob]}]
      additionalProperties: false
      properties:
        input: {anyOf: [{type: number}, {type: array, maxItems: 4, items: {type: number}}]}
        rate: {anyOf: [{$ref: '#/components/schemas/Rate'}, {type: 'null'}]}
        keep_prob: {type: [number, 'null']}
        kind: {enum: [element, unit, null], default: element}
        seed: {anyOf: [{type: integer, minimum: 0}, {type: string, pattern: '^[0-9]+$'}]}
        note: {}
        layer: {type: object, properties: {size: {type: integer}}}
    Answer:
      type: object
      required: [output]
      properties:
        output: {type: array, items: {type: number}}
        kept: {type: integer, minimum: 0}
        verdict: {enum: [dropout, identity]}
        range: {type: [object, 'null'], required: [low], properties: {low: {type: number}, high: {type: number}}}
"""

ASK = "POST /draw, request application/json"
GOT = "POST /draw, answer 200 application/json"
QUERY = "GET /draw, query parameter"


def question(tree):
    return tree["components"]["schemas"]["Question"]


def answer(tree):
    return tree["components"]["schemas"]["Answer"]


def operation(tree, method="post"):
    return tree["paths"]["/draw"][method]


def parameter(tree, index):
    return operation(tree, "get")["parameters"][index]


def fields(tree):
    return question(tree)["properties"]


def parts(tree):
    return answer(tree)["properties"]


def condition(schema, then):
    """Says by `if` what `anyOf` says of the fields that are required."""
    schema.pop("anyOf")
    schema.update({"if": {"properties": {"rate": {"type": "null"}}}, "then": then})


# What is changed, how, and a line that must be among those that are printed.
REFUSED = [
    ("a path", lambda t: t["paths"].pop("/healthz"), "/healthz: the path is gone"),
    ("an operation", lambda t: t["paths"]["/draw"].pop("get"), "GET /draw: the operation is gone"),
    ("a key", lambda t: t.update(security=[{"bearer": []}]), "GET /healthz: it may no more be asked with {} as its security"),
    ("a parameter", lambda t: operation(t, "get")["parameters"].pop(1), f"{QUERY} step: the parameter is gone"),
    (
        "a header",
        lambda t: t["paths"]["/draw"]["parameters"].clear(),
        "POST /draw, header parameter traceparent: the parameter is gone",
    ),
    ("a needed one", lambda t: parameter(t, 1).update(required=True), f"{QUERY} step: is required, and was not"),
    (
        "another needed one",
        lambda t: operation(t, "get")["parameters"].append({"name": "x", "in": "query", "required": True, "schema": {}}),
        f"{QUERY} x: is required, and was not there",
    ),
    ("another style", lambda t: parameter(t, 2).update(explode=True), f"{QUERY} shape: explode is true; it was false"),
    ("a parameter's bound", lambda t: parameter(t, 1)["schema"].update(maximum=8), f"{QUERY} step: maximum is 8; it was 9"),
    ("its default", lambda t: parameter(t, 1)["schema"].update(default=4), f"{QUERY} step: the default is 4; it was 3"),
    (
        "items",
        lambda t: parameter(t, 2)["schema"].update(items={"type": "boolean"}),
        f"{QUERY} shape: []: integer is taken no more",
    ),
    (
        "a needed body",
        lambda t: operation(t)["requestBody"].update(required=True),
        "POST /draw, request: a body is required, and was not",
    ),
    ("the body", lambda t: operation(t).pop("requestBody"), "POST /draw, request: no body is taken any more"),
    (
        "a body's type",
        lambda t: operation(t)["requestBody"]["content"].pop("text/plain"),
        "POST /draw, request text/plain: the media type is gone",
    ),
    (
        "a text's length",
        lambda t: operation(t)["requestBody"]["content"]["text/plain"]["schema"].update(maxLength=8),
        "POST /draw, request text/plain: maxLength is 8; it was 9",
    ),
    ("a field", lambda t: fields(t).pop("seed"), f"{ASK}: seed: the field is gone"),
    ("a field inside", lambda t: fields(t)["layer"]["properties"].clear(), f"{ASK}: layer.size: the field is gone"),
    (
        "fields inside",
        lambda t: fields(t)["layer"].update(additionalProperties=False),
        f"{ASK}: layer: further fields are taken no more",
    ),
    ("a needed field", lambda t: question(t)["required"].append("kind"), f"{ASK}: kind: is required, and was not"),
    ("one of two", lambda t: question(t)["anyOf"].pop(1), f"{ASK}: rate: is required, and was not"),
    (
        "another condition",
        lambda t: condition(question(t), {"required": ["seed"]}),
        f"{ASK}: rate: is required, and was not",
    ),
    ("a type", lambda t: fields(t)["input"]["anyOf"].pop(0), f"{ASK}: input: number is taken no more"),
    ("a null", lambda t: fields(t)["rate"]["anyOf"].pop(1), f"{ASK}: rate: null is taken no more"),
    (
        "a whole number",
        lambda t: fields(t).update(keep_prob={"type": ["integer", "null"]}),
        f"{ASK}: keep_prob: number is taken no more",
    ),
    (
        "a bound in a reference",
        lambda t: t["components"]["schemas"]["Rate"].update(maximum=0.5),
        f"{ASK}: rate: maximum is 0.5; it was 1",
    ),
    ("a new bound", lambda t: fields(t)["seed"]["anyOf"][0].update(maximum=9), f"{ASK}: seed: maximum is 9; it was left out"),
    ("a longer list", lambda t: fields(t)["input"]["anyOf"][1].update(minItems=1), f"{ASK}: input: minItems is 1; it was left out"),
    (
        "a pattern",
        lambda t: fields(t)["seed"]["anyOf"][1].update(pattern="^1$"),
        f'{ASK}: seed: pattern is "^1$"; it was "^[0-9]+$"',
    ),
    ("a name", lambda t: fields(t)["kind"]["enum"].remove("unit"), f'{ASK}: kind: "unit" is taken no more'),
    ("a default", lambda t: fields(t)["kind"].update(default="unit"), f'{ASK}: kind: the default is "unit"; it was "element"'),
    ("no default", lambda t: fields(t)["kind"].pop("default"), f'{ASK}: kind: the default is left out; it was "element"'),
    ("a type for any", lambda t: fields(t).update(note={"type": "string"}), f"{ASK}: note: any is taken no more"),
    (
        "a refused type",
        lambda t: fields(t)["keep_prob"].update({"not": {"type": "null"}}),
        f"{ASK}: keep_prob: null is taken no more",
    ),
    ("a status", lambda t: operation(t)["responses"].pop("422"), "POST /draw, answer 422: the status is gone"),
    (
        "an answer's type",
        lambda t: operation(t)["responses"]["200"]["content"].pop("text/plain"),
        "POST /draw, answer 200 text/plain: the media type is gone",
    ),
    (
        "an answer's header",
        lambda t: operation(t)["responses"]["200"]["headers"].pop("More"),
        "POST /draw, answer 200, header More: the header is gone",
    ),
    (
        "a sure header",
        lambda t: operation(t)["responses"]["200"]["headers"]["Next"].pop("required"),
        "POST /draw, answer 200, header Next: may be left out, and was always there",
    ),
    ("a part", lambda t: parts(t).pop("kept"), f"{GOT}: kept: the field is gone"),
    ("a sure part", lambda t: answer(t).update(required=[]), f"{GOT}: output: may be left out, and was always there"),
    (
        "a part's type",
        lambda t: parts(t).update(kept={"type": "string"}),
        f"{GOT}: kept: string may be answered, and was not before",
    ),
    (
        "a part's null",
        lambda t: parts(t)["kept"].update(type=["integer", "null"]),
        f"{GOT}: kept: null may be answered, and was not before",
    ),
    ("a fraction", lambda t: parts(t)["kept"].update(type="number"), f"{GOT}: kept: number may be answered, and was not before"),
    ("a part's bound", lambda t: parts(t)["kept"].pop("minimum"), f"{GOT}: kept: minimum is left out; it was 0"),
    (
        "a name that is null",
        lambda t: parts(t)["verdict"]["enum"].append(None),
        f"{GOT}: verdict: null may be answered, and was not before",
    ),
    ("a part inside", lambda t: parts(t)["range"]["properties"].pop("high"), f"{GOT}: range.high: the field is gone"),
]

# Additions, and what no client sees.
TAKEN = [
    ("nothing", lambda t: None),
    ("a path", lambda t: t["paths"].update({"/new": t["paths"]["/healthz"]})),
    ("an operation", lambda t: t["paths"]["/healthz"].update(post=operation(t))),
    ("a parameter", lambda t: operation(t, "get")["parameters"].append({"name": "x", "in": "query", "schema": {}})),
    ("a parameter that may be left out", lambda t: parameter(t, 0).update(required=False)),
    ("the usual style", lambda t: parameter(t, 1).update(style="form", explode=True)),
    ("a wider bound", lambda t: parameter(t, 1)["schema"].update(maximum=10)),
    ("no bound", lambda t: parameter(t, 1)["schema"].pop("minimum")),
    ("a field", lambda t: fields(t).update(more={"type": "string"})),
    ("a type", lambda t: fields(t)["seed"]["anyOf"].append({"type": "array"})),
    ("a fraction", lambda t: fields(t)["layer"]["properties"].update(size={"type": "number"})),
    ("a name in a question", lambda t: fields(t)["kind"]["enum"].append("batch")),
    (
        "a default in an alternative",
        lambda t: fields(t).update(
            kind={"anyOf": [{"type": "string", "enum": ["element", "unit"], "default": "element"}, {"type": "null"}]}
        ),
    ),
    ("any text for names", lambda t: fields(t).update(kind={"type": ["string", "null"], "default": "element"})),
    ("no needed field", lambda t: question(t).update(required=[])),
    ("the same condition", lambda t: condition(question(t), {"required": ["keep_prob"]})),
    ("a null as a value", lambda t: fields(t).update(rate={"anyOf": [fields(t)["rate"]["anyOf"][0], {"const": None}]})),
    ("a third of two", lambda t: question(t)["anyOf"].append({"required": ["seed"]})),
    (
        "a reference in place of its schema",
        lambda t: parts(t).update(kept={"$ref": "#/components/schemas/Answer/properties/kept_units"}, kept_units=parts(t)["kept"]),
    ),
    ("a media type", lambda t: operation(t)["requestBody"]["content"].update({"text/csv": {"schema": {}}})),
    ("a status", lambda t: operation(t)["responses"].update({"503": {"description": ""}})),
    ("a header", lambda t: operation(t)["responses"]["200"]["headers"].update(Age={"schema": {"type": "integer"}})),
    ("a part", lambda t: parts(t).update(more={"type": "string"})),
    ("a sure part", lambda t: answer(t)["required"].append("kept")),
    ("a narrower part", lambda t: parts(t)["kept"].update(maximum=9)),
    ("a part that is never null", lambda t: parts(t)["range"].update(type="object")),
    ("a name in an answer", lambda t: parts(t)["verdict"]["enum"].append("not_scaled")),
    ("a description", lambda t: parts(t)["kept"].update(description="How many.", examples=[1])),
]


def test():
    """Prints what was seen wrongly; the exit code."""
    failures = 0
    tree = yaml.safe_load(DOCUMENT)
    for name, change, expected in [*REFUSED, *((*entry, None) for entry in TAKEN)]:
        changed = copy.deepcopy(tree)
        change(changed)
        lines = broken(tree, changed)
        if lines if expected is None else expected not in lines:
            failures += 1
            print(f"{name}: expected {expected or 'nothing'}, found {lines}")
    print(f"{len(REFUSED)} planted faults and {len(TAKEN)} additions, {failures} wrong")
    return 1 if failures else 0
