"""openapi.yaml as the generators read it: whole, or in OpenAPI 3.0.3 for those that know no other."""

import pathlib

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# What 3.0 lacks, and what the generators make nothing of.
LEFT_OUT = {"if", "then", "not", "prefixItems", "contentEncoding", "example", "examples", "links"}
# What has names as its keys, of which none is a keyword.
NAMES = {"paths", "responses", "content", "headers", "schemas", "parameters", "properties", "securitySchemes"}


def contract():
    return yaml.load((ROOT / "openapi.yaml").read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def aliases():
    """The number of aliases. A reader of YAML in Java takes 50 at most."""
    return sum(isinstance(event, yaml.AliasEvent) for event in yaml.parse((ROOT / "openapi.yaml").read_text(encoding="utf-8")))


def as_3_0_3(document):
    """The document in OpenAPI 3.0.3, as Java's generator needs it.

    A list or something else is anything there, since it knows no such union. A body is JSON where it may be.
    """
    result = converted(document, document["components"]["schemas"])
    result["openapi"] = "3.0.3"
    result["info"].pop("summary", None)
    return result


def converted(node, schemas):
    if isinstance(node, list):
        return [converted(item, schemas) for item in node]
    if not isinstance(node, dict):
        return node
    if "anyOf" in node:
        return of_alternatives(node, schemas)
    if "const" in node:
        return {"nullable": True} if node["const"] is None else {"type": "string", "enum": [node["const"]]}
    if "$ref" in node:
        # 3.0 ignores what is beside a reference.
        return {"$ref": node["$ref"]}
    result = {}
    for word, part in node.items():
        if word == "content" and "application/json" in part:
            result[word] = {"application/json": converted(part["application/json"], schemas)}
        elif word in NAMES and isinstance(part, dict):
            result[word] = {name: converted(entry, schemas) for name, entry in part.items()}
        elif word not in LEFT_OUT:
            result[word] = converted(part, schemas)
    for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if word in result:
            result[bound], result[word] = result[word], True
    return result


def of_alternatives(node, schemas):
    """Alternatives without null, which 3.0 says by `nullable`."""
    others = [part for part in node["anyOf"] if part.get("type") != "null"]
    rest = {name: part for name, part in node.items() if name in ("description",)}
    if len(others) > 1 and any(is_list(part, schemas) for part in others):
        return rest
    if len(others) == len(node["anyOf"]):
        return rest | {"anyOf": [converted(part, schemas) for part in others]}
    if len(others) > 1:
        return rest | {"anyOf": [converted(part, schemas) for part in others], "nullable": True}
    if "$ref" in others[0]:
        return rest | {"allOf": [{"$ref": others[0]["$ref"]}], "nullable": True}
    return rest | converted(others[0], schemas) | {"nullable": True}


def is_list(schema, schemas):
    """Whether a schema is one of lists, or has one among its alternatives."""
    if "$ref" in schema:
        return is_list(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    return schema.get("type") == "array" or any(is_list(part, schemas) for part in schema.get("anyOf", []))
