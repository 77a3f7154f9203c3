"""The tokens of a Swift file that are code: no comments, no strings and no lines of `#if`."""

import dataclasses
import re

TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<line_comment>//[^\n]*)
    | (?P<block_comment>/\*)
    | (?P<string>\#*\"\"\"|\#*\")
    | (?P<directive>\#(?:if|elseif|else|endif|sourceLocation)\b[^\n]*)
    | (?P<number>0x[0-9a-fA-F_]+(?:\.[0-9a-fA-F_]+)?(?:[pP][+-]?[0-9_]+)?|0b[01_]+|0o[0-7_]+
        |[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9_]+)?)
    | (?P<word>[@\#$]?[A-Za-z_`][A-Za-z0-9_`]*|\$[0-9]+)
    | (?P<operator>\.\.\.|\.\.<|\.[&|^<>=!]+=?|[/=+\-!*%<>&|^~?]+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclasses.dataclass
class Token:
    kind: str
    text: str
    start: int

    @property
    def end(self):
        return self.start + len(self.text)


def tokens(text):
    """The tokens in their order, without white space, comments, strings and directives."""
    result, place = [], 0
    while place < len(text):
        found = TOKEN.match(text, place)
        kind, place = found.lastgroup, found.end()
        if kind == "block_comment":
            place = end_of_comment(text, place)
        elif kind == "string":
            place = end_of_string(text, place, found.group())
            # A string is there, so that the text next to it has a neighbour.
            result.append(Token("string", text[found.start() : place], found.start()))
        elif kind in ("number", "word", "operator", "mark"):
            result.append(Token(kind, found.group(), found.start()))
    return result


def end_of_comment(text, place):
    """Comments of Swift nest."""
    depth = 1
    while depth and place < len(text):
        mark = re.compile(r"/\*|\*/").search(text, place)
        if mark is None:
            return len(text)
        depth += 1 if mark.group() == "/*" else -1
        place = mark.end()
    return place


def end_of_string(text, place, opening):
    """The end of a string that has been opened. The text of an interpolation belongs to it."""
    pounds = opening.count("#")
    closing = opening[pounds:] + "#" * pounds
    escape = "\\" + "#" * pounds
    while place < len(text):
        if text.startswith(closing, place):
            return place + len(closing)
        if text.startswith(escape + "(", place):
            place = end_of_interpolation(text, place + len(escape) + 1)
        elif text.startswith(escape, place):
            place += len(escape) + 1
        else:
            place += 1
    return place


def end_of_interpolation(text, place):
    depth = 1
    while depth and place < len(text):
        found = TOKEN.match(text, place)
        place = found.end()
        if found.lastgroup == "string":
            place = end_of_string(text, place, found.group())
        elif found.group() in ("(", ")"):
            depth += 1 if found.group() == "(" else -1
    return place
