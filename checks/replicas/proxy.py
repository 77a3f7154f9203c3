"""HAProxy as a process of our own, on sockets that were opened here."""

import csv
import pathlib
import socket
import subprocess

TEMPLATE = pathlib.Path(__file__).with_name("haproxy.cfg")


class Proxy:
    def __init__(self, folder, replicas, health):
        self.folder = folder
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        servers = "".join(f"    server {replica.name} 127.0.0.1:{replica.port}\n" for replica in replicas)
        text = TEMPLATE.read_text().format(folder=folder, listener=listener.fileno(), health=health, servers=servers)
        path = pathlib.Path(folder) / "haproxy.cfg"
        path.write_text(text)
        self.log = open(pathlib.Path(folder) / "log", "w+")  # noqa: SIM115 - open as long as HAProxy runs
        self.process = subprocess.Popen(
            ["haproxy", "-db", "-f", path], pass_fds=[listener.fileno()], stdout=self.log, stderr=self.log
        )
        listener.close()

    def statistics(self):
        """Of the backend's lines by name: replicas, and BACKEND for all together. Empty before the proxy is up."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(f"{self.folder}/stats")
            except OSError:
                if self.process.poll() is not None:
                    self.log.seek(0)
                    raise SystemExit(f"haproxy ended: {self.log.read()}") from None
                return {}
            client.sendall(b"show stat replicas -1 -1\n")
            text = b"".join(iter(lambda: client.recv(65536), b"")).decode()
        return {row["svname"]: row for row in csv.DictReader(text.lstrip("# ").splitlines())}
