"""What a client of an old openapi.yaml would miss in a new one: paths, operations, parameters, bodies, statuses, headers."""

from schemas import Comparison, Document, default_sentence, shown

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


def broken(old_tree, new_tree):
    """A line for each promise of the old document that the new one does not keep."""
    return list(dict.fromkeys(Promises(Document(old_tree), Document(new_tree)).lines()))


def line(place, path, sentence):
    field = "".join(part if part.startswith(("[", "{")) else f".{part}" for part in path).removeprefix(".")
    return f"{place}: {field}: {sentence}" if field else f"{place}: {sentence}"


class Promises:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.requests = Comparison(old, new, is_request=True)
        self.answers = Comparison(old, new, is_request=False)

    def lines(self):
        for path, old in self.old.tree["paths"].items():
            new = self.new.tree["paths"].get(path)
            if new is None:
                yield f"{path}: the path is gone"
                continue
            for method in METHODS:
                if method in old:
                    place = f"{method.upper()} {path}"
                    if method not in new:
                        yield f"{place}: the operation is gone"
                    else:
                        yield from self.operation(place, (old, old[method]), (new, new[method]))

    def operation(self, place, old, new):
        security = [operation.get("security", tree.get("security", [{}])) for (_, operation), tree in self.both_with(old, new)]
        for alternative in security[0] or [{}]:
            if alternative not in (security[1] or [{}]):
                yield f"{place}: it may no more be asked with {shown(alternative)} as its security"
        yield from self.parameters(place, parameters(self.old, *old), parameters(self.new, *new))
        yield from self.body(place, *(self.resolved_pair(old[1].get("requestBody"), new[1].get("requestBody"))))
        for status, (before, after) in pairs(old[1]["responses"], new[1]["responses"]):
            where = f"{place}, answer {status}"
            if after is None:
                yield f"{where}: the status is gone"
                continue
            before, after = self.resolved_pair(before, after)
            yield from self.headers(where, before.get("headers", {}), after.get("headers", {}))
            yield from self.media(where, before.get("content", {}), after.get("content", {}), self.answers)

    def both_with(self, old, new):
        return (old, self.old.tree), (new, self.new.tree)

    def resolved_pair(self, old, new):
        return self.old.resolved(old), self.new.resolved(new)

    def parameters(self, place, old, new):
        for key, before in old.items():
            where = f"{place}, {before['in']} parameter {before['name']}"
            after = new.get(key)
            if after is None:
                yield f"{where}: the parameter is gone"
                continue
            if after.get("required", False) and not before.get("required", False):
                yield f"{where}: is required, and was not"
            for word, old_form, new_form in zip(("style", "explode"), form(before), form(after), strict=True):
                if old_form != new_form:
                    yield f"{where}: {word} is {shown(new_form)}; it was {shown(old_form)}"
            schemas = (before["schema"],), (after["schema"],)
            yield from (line(where, *found) for found in self.requests.differences(*schemas))
            defaults = self.old.default(schemas[0]), self.new.default(schemas[1])
            if defaults[0] and defaults[0] != defaults[1]:
                yield f"{where}: {default_sentence(*defaults)}"
        for key, after in new.items():
            if key not in old and after.get("required", False):
                yield f"{place}, {after['in']} parameter {after['name']}: is required, and was not there"

    def body(self, place, old, new):
        if old is None:
            if new is not None and new.get("required", False):
                yield f"{place}, request: a body is required, and was not"
            return
        if new is None:
            yield f"{place}, request: no body is taken any more"
            return
        if new.get("required", False) and not old.get("required", False):
            yield f"{place}, request: a body is required, and was not"
        yield from self.media(f"{place}, request", old["content"], new["content"], self.requests)

    def headers(self, place, old, new):
        for name, (before, after) in pairs(old, new):
            where = f"{place}, header {name}"
            if after is None:
                yield f"{where}: the header is gone"
                continue
            before, after = self.resolved_pair(before, after)
            if before.get("required", False) and not after.get("required", False):
                yield f"{where}: may be left out, and was always there"
            yield from (line(where, *found) for found in self.answers.differences((before["schema"],), (after["schema"],)))

    def media(self, place, old, new, comparison):
        for name, (before, after) in pairs(old, new):
            where = f"{place} {name}"
            if after is None:
                yield f"{where}: the media type is gone"
            elif "schema" in before:
                found = comparison.differences((before["schema"],), (after.get("schema", True),))
                yield from (line(where, *entry) for entry in found)


def pairs(old, new):
    """The entries of the old mapping, each with its like in the new one or None."""
    return [(name, (value, new.get(name))) for name, value in old.items()]


def form(parameter):
    """`style` and `explode` of a parameter, with the defaults of OpenAPI."""
    style = parameter.get("style", "form" if parameter["in"] in ("query", "cookie") else "simple")
    return style, parameter.get("explode", style == "form")


def parameters(document, path, operation):
    """The parameters of the path and of the operation, by place and name."""
    entries = [document.resolved(entry) for entry in path.get("parameters", []) + operation.get("parameters", [])]
    return {(entry["in"], entry["name"].lower() if entry["in"] == "header" else entry["name"]): entry for entry in entries}
