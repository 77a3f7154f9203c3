"""Generates clients from openapi.yaml, compiles them, and compares what they read with the answers as they are sent.

    .build/generated-venv/bin/python checks/clients PROGRAM         openapi-python-client, as in .ci/run
    .build/generated-venv/bin/python checks/clients PROGRAM --all   and openapi-generator for Python, TypeScript, Go and Java

Each client asks at least four questions and one that is refused. It prints each with the answer that it read, and the same
question is sent as plain HTTP. Prints each difference and, at the end, `N passed, N failed`.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "probing"))
import document
import made

from server import Server

# A reader of YAML in Java refuses a document with more.
MOST_ALIASES = 50
LEAST_QUESTIONS = 5


def plain(url, line):
    """The answer to a question as it is sent."""
    body = json.dumps(line["question"]).encode() if line.get("question") else None
    request = urllib.request.Request(url + line["target"], body, {"Content-Type": "application/json"}, method=line["method"])
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        return json.load(refusal)


def without_empty(value):
    """The value without members that are null or an empty list, which a client may add or leave out."""
    if isinstance(value, dict):
        return {name: without_empty(part) for name, part in value.items() if part is not None and part != []}
    return [without_empty(part) for part in value] if isinstance(value, list) else value


def asked(client, folder, url):
    """Generates a client and asks with it. Yields what was asked, and what is wrong or None."""
    try:
        command = client(folder)
        lines = [json.loads(line) for line in made.run(*command, url).splitlines()]
    except (made.Wrong, OSError, subprocess.TimeoutExpired) as error:
        yield "generate and ask", str(error)
        return
    if len(lines) < LEAST_QUESTIONS:
        yield "questions", f"{len(lines)} questions, {LEAST_QUESTIONS} expected"
    for line in lines:
        sent = without_empty(plain(url, line))
        read = without_empty(line["answer"])
        what = f"{line['method']} {line['target']}"
        yield what, None if sent == read else f"read {json.dumps(read)}\n    sent {json.dumps(sent)}"
    if not any(line["answer"].get("status") == 422 for line in lines):
        yield "refusal", "no question was refused"


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--all"]):
        sys.exit(__doc__)
    passed = failed = 0
    aliases = document.aliases()
    if aliases > MOST_ALIASES:
        failed += 1
        print(f"openapi.yaml has {aliases} aliases, at most {MOST_ALIASES} expected")
    with Server(sys.argv[1]) as server, tempfile.TemporaryDirectory() as work:
        for client in made.ALL if sys.argv[2:] else made.ALL[:1]:
            folder = pathlib.Path(work) / client.__name__
            folder.mkdir()
            for what, wrong in asked(client, folder, f"http://127.0.0.1:{server.port}"):
                if wrong is None:
                    passed += 1
                else:
                    failed += 1
                    print(f"{client.__name__}: {what}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
