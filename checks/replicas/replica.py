"""One `dropoutd serve` on a free port."""

import http.client
import os
import re
import subprocess
import threading


class Replica:
    def __init__(self, program, name):
        self.name = name
        options = subprocess.run([program, "serve", "--help"], capture_output=True, text=True, check=True).stdout
        delay = ["--drain-delay-seconds", "1"] if "--drain-delay-seconds" in options else []
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--threads", "2", *delay], stderr=subprocess.PIPE, text=True
        )
        self.port = None
        for line in self.process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                break
        if not self.port:
            raise SystemExit(f"replica {name} did not start")
        # A log that nobody reads would fill its pipe.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def ask(self, question):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            return ask(connection, question)
        finally:
            connection.close()

    def processor_seconds(self):
        """Of all its threads so far; of an ended process, infinite."""
        try:
            with open(f"/proc/{self.process.pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            return float("inf")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(connection, question, headers=None):
    """Status, media type and body."""
    method, target, body = question
    sent = {"Content-Type": "application/json"} if body is not None else {}
    sent |= headers or {}
    connection.request(method, target, body, sent)
    response = connection.getresponse()
    return response.status, response.getheader("Content-Type"), response.read()
