"""Where a small change can be made, and the Swift that makes it if the environment says so.

A change is a switch: `a < b` becomes `a ⊂ b`, where the operator `⊂` is that place's own. It is `<=` if its mutant is the active
one and `<` otherwise. An operator in place of another needs to know nothing of its operands, and one build has all mutants.
"""

import dataclasses
import re

from swift_code import tokens

# What becomes of an operator between two operands, by kind.
CHANGES = {
    "comparison": {"<": "<=", "<=": "<", ">": ">=", ">=": ">"},
    "equality": {"==": "!=", "!=": "=="},
    "logic": {"&&": "||", "||": "&&"},
    "sum": {"+": "-", "-": "+"},
    "product": {"*": "/", "/": "*", "%": "/"},
    "wrapping": {"&+": "&-", "&-": "&+", "&*": "&+"},
    "shift": {"<<": ">>", ">>": "<<", "&<<": "&>>", "&>>": "&<<"},
    "bits": {"&": "|", "|": "&", "^": "|"},
    "assignment": {"+=": "-=", "-=": "+=", "&+=": "&-=", "&-=": "&+=", "|=": "&=", "&=": "|=", "^=": "|="},
    "range": {"..<": "...", "...": "..<"},
}
KINDS = {old: (kind, new) for kind, changes in CHANGES.items() for old, new in changes.items()}

PRECEDENCES = {
    "comparison": "ComparisonPrecedence",
    "equality": "ComparisonPrecedence",
    "sum": "AdditionPrecedence",
    "product": "MultiplicationPrecedence",
    "shift": "BitwiseShiftPrecedence",
    "assignment": "AssignmentPrecedence",
    "range": "RangeFormationPrecedence",
}
PRECEDENCE_OF = {
    "&&": "LogicalConjunctionPrecedence",
    "||": "LogicalDisjunctionPrecedence",
    "&+": "AdditionPrecedence",
    "&-": "AdditionPrecedence",
    "&*": "MultiplicationPrecedence",
    "&": "MultiplicationPrecedence",
    "|": "AdditionPrecedence",
    "^": "AdditionPrecedence",
}

# The signatures of a changed operator: generic parameters, types of the operands, what they must be.
SAME = "<T: {0}>(_ a: T, _ b: T) -> {1}"
VECTORS = "<V: SIMD>(_ a: V, _ b: V) -> V where V.Scalar: {0}"
SIGNATURES = {
    "comparison": [
        SAME.format("Comparable", "Bool"),
        SAME.format("BinaryInteger", "Bool"),
        "<T: BinaryInteger, U: BinaryInteger>(_ a: T, _ b: U) -> Bool",
    ],
    "equality": [
        SAME.format("Equatable", "Bool"),
        SAME.format("BinaryInteger", "Bool"),
        "<T: BinaryInteger, U: BinaryInteger>(_ a: T, _ b: U) -> Bool",
    ],
    "sum": [SAME.format("AdditiveArithmetic", "T"), VECTORS.format("FloatingPoint")],
    "product": [SAME.format("BinaryInteger", "T"), SAME.format("FloatingPoint", "T"), VECTORS.format("FloatingPoint")],
    "wrapping": [SAME.format("FixedWidthInteger", "T"), VECTORS.format("FixedWidthInteger")],
    "shift": ["<T: BinaryInteger, U: BinaryInteger>(_ a: T, _ b: U) -> T"],
    "bits": [SAME.format("BinaryInteger", "T"), VECTORS.format("FixedWidthInteger")],
}
WRAPPING_SHIFT = [
    "<T: FixedWidthInteger, U: BinaryInteger>(_ a: T, _ b: U) -> T",
    VECTORS.format("FixedWidthInteger"),
    "<V: SIMD>(_ a: V, _ b: V.Scalar) -> V where V.Scalar: FixedWidthInteger",
]
ASSIGNED = {
    "+=": "AdditiveArithmetic",
    "-=": "AdditiveArithmetic",
    "&+=": "FixedWidthInteger",
    "&-=": "FixedWidthInteger",
    "|=": "BinaryInteger",
    "&=": "BinaryInteger",
    "^=": "BinaryInteger",
}

# Lines in which nothing is changed: the manifest of a type, not what it does.
DECLARING = re.compile(
    r"^\s*(?:@available|import |(?:package |public |internal |private |fileprivate )*(?:typealias|infix|prefix))"
)
# Nor in these: how much is set aside for what is to come alters no answer.
RESERVING = re.compile(r"\breserveCapacity\(|\bminimumCapacity:")
REQUIRING = re.compile(
    r"\b(?:extension|struct|class|enum|protocol|func|init|associatedtype)\b.*\bwhere\b|^\s*where\b|\) (?:->.*)?where\b"
)


@dataclasses.dataclass
class Site:
    """A place in a file and what may replace it."""

    target: str
    path: str
    start: int
    old: str
    new: str
    kind: str
    line: int
    source: str

    @property
    def end(self):
        return self.start + len(self.old)

    def __str__(self):
        return f"{self.path}:{self.line}: {self.old} -> {self.new}"


def sites(target, path, text):
    """All places of the file where something may be changed."""
    found = tokens(text)
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    number = 0
    for index, token in enumerate(found):
        while starts[number + 1] <= token.start:
            number += 1
        line = lines[number]
        before = found[index - 1] if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        change = changed(text, token, before, after)
        if change is None or DECLARING.match(line) or RESERVING.search(line):
            continue
        if token.text in ("==", "<") and REQUIRING.search(line[: token.start - starts[number]]):
            continue
        kind, new = change
        yield Site(target, path, token.start, token.text, new, kind, number + 1, line.strip())


def changed(text, token, before, after):
    """The kind of the change and the text that replaces it; None if there is none."""
    if before is None or after is None:
        return None
    is_apart = text[token.start - 1].isspace(), text[token.end : token.end + 1].isspace()
    if token.kind == "operator":
        if before.text == "func":
            return None
        if token.text == "!" and is_apart[1] is False and (is_apart[0] or before.text in ("(", "[", ",")):
            return "not", ""
        if token.text not in KINDS or "nil" in (before.text, after.text) or is_apart[0] != is_apart[1]:
            return None
        kind, new = KINDS[token.text]
        # Without spaces between operands there are only ranges; `Int...` and `(x...)` are none.
        is_between = after.kind in ("word", "number") or after.text == "("
        return (kind, new) if is_apart[0] != (kind == "range") and (is_apart[0] or is_between) else None
    if token.kind == "number" and before.text != "." and after.text != ".":
        digits = token.text.replace("_", "")
        if re.fullmatch(r"0x[0-9a-fA-F]+", digits):
            return "number", hex(int(digits, 16) + 1)
        return ("number", str(int(digits) + 1)) if digits.isdecimal() else None
    if token.kind == "word" and before.text not in (".", "func"):
        if token.text in ("true", "false"):
            return "truth", "false" if token.text == "true" else "true"
        if token.text in ("min", "max") and after.text == "(" and after.start == token.end:
            return "extreme", "max" if token.text == "min" else "min"
    return None


def symbol(number):
    """An operator of two characters that no source has, one for each mutant."""
    return chr(0x2200 + number // 200) + chr(0x2200 + number % 200)


def written(text, chosen):
    """The text of a file with a switch at each of the chosen sites, a list of (number, site). The lines stay as they are."""
    for number, site in sorted(chosen, key=lambda entry: -entry[1].start):
        if site.kind == "number" or site.kind == "truth":
            switch = f"(isMutant({number}) ? {site.new} : {site.old})"
        elif site.kind == "extreme":
            switch = f"mutant{number}"
        else:
            switch = symbol(number)
        text = text[: site.start] + switch + text[site.end :]
    # Inlinable code may not use the switches, and nothing is inlined across targets here anyway.
    return re.sub(r"@inlinable\b", " " * len("@inlinable"), text)


def declarations(chosen):
    """A Swift file with the operators and functions of the chosen sites of one target."""
    lines = [
        "internal import CMutation",
        "@_transparent func isMutant(_ number: Int32) -> Bool { activeMutant() == number }",
    ]
    for number, site in chosen:
        lines += declaration(number, site)
    return "\n".join(lines) + "\n"


def declaration(number, site):
    name, test = symbol(number), f"isMutant({number})"
    if site.kind in ("number", "truth"):
        return []
    if site.kind == "not":
        return [f"prefix operator {name}", f"@_transparent prefix func {name}(_ a: Bool) -> Bool {{ {test} ? a : !a }}"]
    if site.kind == "extreme":
        body = f"{{ {test} ? Swift.{site.new}(a, b) : Swift.{site.old}(a, b) }}"
        return [f"@_transparent func mutant{number}{SAME.format('Comparable', 'T')} {body}"]
    precedence = PRECEDENCE_OF.get(site.old) or PRECEDENCES[site.kind]
    lines = [f"infix operator {name}: {precedence}"]
    if site.kind == "logic":
        head = f"@_transparent func {name}(_ a: Bool, _ b: @autoclosure () throws -> Bool) rethrows -> Bool"
        return [*lines, f"{head} {{ if {test} {{ try a {site.new} b() }} else {{ try a {site.old} b() }} }}"]
    if site.kind == "range":
        kind, moved = ("Range", "b &+ 1") if site.old == "..<" else ("ClosedRange", "b &- 1")
        body = f"{{ a{site.old}({test} ? {moved} : b) }}"
        return [*lines, f"@_transparent func {name}<T: FixedWidthInteger>(_ a: T, _ b: T) -> {kind}<T> {body}"]
    if site.kind == "assignment":
        head = f"@_transparent func {name}<T: {ASSIGNED[site.old]}>(_ a: inout T, _ b: T)"
        return [*lines, f"{head} {{ if {test} {{ a {site.new} b }} else {{ a {site.old} b }} }}"]
    signatures = WRAPPING_SHIFT if site.old in ("&<<", "&>>") else SIGNATURES[site.kind]
    if site.old == "%":
        signatures = signatures[:1]
    return lines + [f"@_transparent func {name}{each} {{ {test} ? a {site.new} b : a {site.old} b }}" for each in signatures]
