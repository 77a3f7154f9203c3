"""Whether every value that one schema takes is taken by another, for the part of JSON Schema that openapi.yaml uses.

A schema is first turned into branches. A branch has one type and the bounds of that type, or is one value of an `enum`, or is
"any". `anyOf`, lists of types and `enum` become several branches; `$ref` and the keywords next to `anyOf` become one. A keyword
that is not known here ends the program, so that no change of it passes unseen.
"""

import functools
import json

OF_NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
OF_STRINGS = {"minLength", "maxLength", "pattern", "format", "contentEncoding"}
OF_ARRAYS = {"minItems", "maxItems", "items", "prefixItems", "uniqueItems"}
OF_OBJECTS = {"properties", "required", "additionalProperties"}
BOUNDS = {"number": OF_NUMBERS, "integer": OF_NUMBERS, "string": OF_STRINGS, "array": OF_ARRAYS, "object": OF_OBJECTS}
COMBINING = {"$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf", "not", "if", "then"}
SAYING = {"description", "default", "example", "examples", "title", "deprecated"}
KNOWN = OF_NUMBERS | OF_STRINGS | OF_ARRAYS | OF_OBJECTS | COMBINING | SAYING

# Keywords of which a greater value, or a smaller one, takes less.
LOWER = {"minimum", "exclusiveMinimum", "minLength", "minItems"}
UPPER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems"}
# Keywords that are left out or equal.
SAME = {"pattern", "format", "contentEncoding", "multipleOf", "uniqueItems"}


def type_of(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if float(value).is_integer() else "number"
    return {str: "string", list: "array", dict: "object"}[type(value)]


def has_type(kind, wanted):
    return kind == wanted or (kind == "integer" and wanted == "number")


def shown(value):
    return json.dumps(value, ensure_ascii=False)


class Document:
    """An OpenAPI document that has been read, with the branches of its schemas."""

    def __init__(self, tree):
        self.tree = tree
        self.known = {}
        self.alternatives = {}

    def resolved(self, node):
        """The node itself, or what its `$ref` names."""
        while isinstance(node, dict) and "$ref" in node:
            parts = node["$ref"].removeprefix("#/").split("/")
            node = functools.reduce(lambda part, name: part[name.replace("~1", "/").replace("~0", "~")], parts, self.tree)
        return node

    def default(self, schemas):
        """The default of the schemas, or of what they refer to: a list of none or one."""
        for schema in schemas:
            if isinstance(schema, dict):
                if "default" in schema:
                    return [schema["default"]]
                if "$ref" in schema and (found := self.default([self.resolved(schema)])):
                    return found
                if found := self.default(schema.get("anyOf", [])):
                    return found
        return []

    def branches(self, schemas):
        """The branches of values that all of the schemas take."""
        key = tuple(id(schema) for schema in schemas)
        if key not in self.known:
            parts = [self.branches_of_one(schema) for schema in schemas]
            self.known[key] = functools.reduce(both, parts, [{"type": "any"}])
        return self.known[key]

    def branches_of_one(self, schema):
        if isinstance(schema, bool):
            return [{"type": "any"}] if schema else []
        if unknown := {name for name in schema.keys() - KNOWN if schema[name] is not None}:
            raise SystemExit(f"compatibility: the keyword {', '.join(sorted(unknown))} is not known; schemas.py must learn it")
        found = own_branches(schema)
        if "$ref" in schema:
            found = both(found, self.branches((self.resolved(schema),)))
        for part in schema.get("allOf", []):
            found = both(found, self.branches((part,)))
        for word in ("anyOf", "oneOf"):
            if word in schema:
                found = both(found, [branch for part in schema[word] for branch in self.branches((part,))])
        if "if" in schema:
            found = both(found, [branch for part in self.alternatives_of(schema) for branch in self.branches((part,))])
        if "not" in schema:
            if schema["not"].keys() != {"type"}:
                raise SystemExit("compatibility: only `not` of a type is known; schemas.py must learn it")
            found = [branch for branch in found if branch_type(branch) != schema["not"]["type"]]
        return found

    def alternatives_of(self, schema):
        """The alternatives of an `if` that fields are null or left out: one of them is there, or the schema of `then` holds."""
        if id(schema) not in self.alternatives:
            condition = schema["if"]
            if condition.keys() != {"properties"} or any(part != {"type": "null"} for part in condition["properties"].values()):
                raise SystemExit("compatibility: only `if` of fields that are null is known; schemas.py must learn it")
            there = [{"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in condition["properties"]]
            self.alternatives[id(schema)] = [*there, schema["then"]]
        return self.alternatives[id(schema)]


def own_branches(schema):
    """What the keywords of the schema itself take, without what it combines."""
    if "const" in schema or "enum" in schema:
        values = [schema["const"]] if "const" in schema else schema["enum"]
        return [{"type": "value", "value": value} for value in values]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not types:
        # A bound without a type, such as `required` in an alternative, is one of the type that it belongs to.
        types = [kind for kind, words in BOUNDS.items() if kind != "integer" and words & schema.keys()] or ["any"]
    result = []
    for kind in types:
        if kind == "null":
            result.append({"type": "value", "value": None})
            continue
        branch = {"type": kind} | {word: schema[word] for word in BOUNDS.get(kind, set()) & schema.keys()}
        if kind == "object":
            branch["properties"] = {name: (part,) for name, part in branch.get("properties", {}).items()}
            branch["required"] = frozenset(branch.get("required", []))
        result.append(branch)
    return result


def branch_type(branch):
    return type_of(branch["value"]) if branch["type"] == "value" else branch["type"]


def fits(value, branch):
    """Whether the branch takes the value, as far as an `enum` can be at odds with it: type, bounds and length."""
    if branch["type"] == "value":
        return branch["value"] == value and type_of(branch["value"]) == type_of(value)
    if branch["type"] == "any":
        return True
    if not has_type(type_of(value), branch["type"]):
        return False
    measures = [
        ("minimum", "maximum", value if isinstance(value, (int, float)) else None),
        ("minLength", "maxLength", len(value) if isinstance(value, str) else None),
        ("minItems", "maxItems", len(value) if isinstance(value, list) else None),
    ]
    return all(size is None or branch.get(low, size) <= size <= branch.get(high, size) for low, high, size in measures)


def both(left, right):
    """The branches of values that a branch of each list takes."""
    return [met for a in left for b in right if (met := meeting(a, b)) is not None]


def meeting(a, b):
    if a["type"] == "any":
        return b
    if b["type"] == "any":
        return a
    if "value" in (a["type"], b["type"]):
        one, other = (a, b) if a["type"] == "value" else (b, a)
        return one if fits(one["value"], other) else None
    if not (has_type(a["type"], b["type"]) or has_type(b["type"], a["type"])):
        return None
    result = {**a, **b, "type": a["type"] if has_type(a["type"], b["type"]) else b["type"]}
    for word in a.keys() & b.keys():
        if word in LOWER:
            result[word] = max(a[word], b[word])
        elif word in UPPER:
            result[word] = min(a[word], b[word])
        elif word == "required":
            result[word] = a[word] | b[word]
        elif word == "properties":
            names = a[word].keys() | b[word].keys()
            result[word] = {name: a[word].get(name, ()) + b[word].get(name, ()) for name in names}
        elif word == "additionalProperties":
            result[word] = a[word] and b[word]
        elif word == "items" and {} in (a[word], b[word]):
            result[word] = a[word] or b[word]
        elif word != "type" and a[word] != b[word]:
            raise SystemExit(f"compatibility: two values of {word} meet; schemas.py must learn it")
    return result


class Comparison:
    """Differences between schemas of an old and a new document, as pairs of a path and a sentence.

    `is_request`: whether the new schema must take all that the old one took. Otherwise the schemas are of answers: whoever reads
    answers by the old one must be able to read those of the new one, with further fields and further names in a list of names.
    """

    def __init__(self, old, new, is_request):
        self.old, self.new, self.is_request = old, new, is_request
        self.known = {}

    def differences(self, old_schemas, new_schemas):
        key = tuple(map(id, old_schemas)), tuple(map(id, new_schemas))
        if key not in self.known:
            # Nothing is different in a schema that is met again inside itself.
            self.known[key] = []
            self.known[key] = self.compared(self.old.branches(old_schemas), self.new.branches(new_schemas))
        return self.known[key]

    def compared(self, old, new):
        wide, narrow = (new, old) if self.is_request else (old, new)
        found = []
        for branch in narrow:
            tries = [self.beyond(candidate, branch) for candidate in wide]
            tries = [each for each in tries if each is not None]
            if not tries:
                found.append(((), self.untaken(branch, wide)))
            elif all(tries):
                found += min(tries, key=len)
        return list(dict.fromkeys(entry for entry in found if entry[1]))

    def untaken(self, branch, wide):
        what = shown(branch["value"]) if branch["type"] == "value" else branch["type"]
        if self.is_request:
            return f"{what} is taken no more"
        names = {branch_type(other) for other in wide if other["type"] == "value"}
        is_another_name = branch["type"] == "value" and branch_type(branch) in names
        return None if is_another_name else f"{what} may be answered, and was not before"

    def beyond(self, wide, narrow):
        """What `narrow` takes and `wide` does not; None if they have nothing in common."""
        if wide["type"] == "any":
            return []
        if narrow["type"] == "value":
            return [] if fits(narrow["value"], wide) else None
        if wide["type"] == "value" or not has_type(narrow["type"], wide["type"]):
            return None
        found = [
            ((), self.sentence(word, wide, narrow))
            for word in sorted((LOWER | UPPER | SAME) & wide.keys())
            if not is_within(word, wide[word], narrow.get(word))
        ]
        if wide["type"] == "array":
            found += self.beyond_items(wide, narrow)
        if wide["type"] == "object":
            found += self.beyond_fields(wide, narrow)
        return found

    def sentence(self, word, wide, narrow):
        old, new = (narrow, wide) if self.is_request else (wide, narrow)
        now, then = (shown(branch[word]) if word in branch else "left out" for branch in (new, old))
        return f"{word} is {now}; it was {then}"

    def inner(self, path, wide, narrow):
        """The differences of parts, one level down."""
        old, new = (narrow, wide) if self.is_request else (wide, narrow)
        return [((path, *deeper), sentence) for deeper, sentence in self.differences(old, new)]

    def beyond_items(self, wide, narrow):
        found = []
        count = max(len(wide.get("prefixItems", [])), len(narrow.get("prefixItems", [])))
        for index in range(count):
            found += self.inner(f"[{index}]", (item(wide, index),), (item(narrow, index),))
        if count == 0 or narrow.get("maxItems", count + 1) > count:
            found += self.inner("[]", (wide.get("items", True),), (narrow.get("items", True),))
        return found

    def beyond_fields(self, wide, narrow):
        old, new = (narrow, wide) if self.is_request else (wide, narrow)
        found = []
        for name, schemas in old["properties"].items():
            if name not in new["properties"]:
                found.append(((name,), "the field is gone"))
                continue
            parts = (new["properties"][name], schemas) if self.is_request else (schemas, new["properties"][name])
            found += self.inner(name, *parts)
            defaults = self.old.default(schemas), self.new.default(new["properties"][name])
            if self.is_request and defaults[0] and defaults[0] != defaults[1]:
                found.append(((name,), default_sentence(*defaults)))
        for name in sorted(wide["required"] - narrow["required"]):
            found.append(((name,), "is required, and was not" if self.is_request else "may be left out, and was always there"))
        more = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if self.is_request and more[0] is not False and more[1] is False:
            found.append(((), "further fields are taken no more"))
        if isinstance(more[0], dict) and isinstance(more[1], dict):
            found += self.inner("{}", (wide["additionalProperties"],), (narrow["additionalProperties"],))
        return found


def default_sentence(old, new):
    """About defaults as `Document.default` finds them."""
    return f"the default is {shown(new[0]) if new else 'left out'}; it was {shown(old[0])}"


def item(branch, index):
    first = branch.get("prefixItems", [])
    return first[index] if index < len(first) else branch.get("items", True)


def is_within(word, wide, narrow):
    if narrow is None:
        return False
    if word in LOWER:
        return narrow >= wide
    if word in UPPER:
        return narrow <= wide
    return narrow == wide
