"""What a case is: bytes to send, and what must come back."""

from wire import request


class Case:
    """`statuses`: of the answers, in order, each a number or several that are allowed.

    `closes`: True where the server must end the connection after the last answer, False where it must not, None where
    it may. `heads`: which answers are to HEAD. `checks`: functions of the answers that return a fault or nothing.
    """

    def __init__(self, name, data, *statuses, closes=None, heads=(), checks=()):
        self.name = name
        self.data = data if isinstance(data, bytes) else data.encode("latin-1")
        self.statuses, self.closes, self.heads, self.checks = statuses, closes, heads, checks


def post(path, body, *fields):
    return request("POST", path, ["Content-Type: application/json", *fields], body)


def field(name, expected, index=-1):
    """A check that a field of an answer has a value; None for its absence."""

    def check(answers):
        value = answers[index].get(name)
        return None if value == expected else f"{name} is {value!r}, not {expected!r}"

    return check
