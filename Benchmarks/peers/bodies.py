"""The bodies that the benchmarks send: standard normal float32 numbers, always the same ones, kept in a folder."""

import base64
import json
import random
import struct

HEAD = '"rate":0.2,"seed":42'


def shortest(value):
    """The shortest decimal of a float32 that reads back as it."""
    for digits in (6, 7, 8):
        text = f"{value:.{digits}g}"
        if struct.unpack("<f", struct.pack("<f", float(text)))[0] == value:
            return text
    return f"{value:.9g}"


class Bodies:
    """Files under `folder`, each written when it is first asked for."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def file(self, name, make):
        path = self.folder / name
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            unfinished.write_bytes(make())
            unfinished.rename(path)
        return path

    def packed(self, count):
        """Little-endian float32 numbers, drawn from seed 0."""

        def make():
            draw = random.Random(0)
            return b"".join(struct.pack("<f", draw.gauss(0, 1)) for _ in range(count))

        return self.file(f"normal-{count}.f32", make).read_bytes()

    def texts(self, count):
        """The same numbers as decimals; beyond 100,000 from a million the first come again."""
        distinct = count if count <= 1_000_000 else 100_000
        path = self.file(
            f"normal-{distinct}.txt",
            lambda: ",".join(shortest(number) for (number,) in struct.iter_unpack("<f", self.packed(distinct))).encode(),
        )
        numbers = path.read_text().split(",")
        return (numbers * -(-count // distinct))[:count]

    def nested(self, rows, columns):
        numbers = self.texts(rows * columns)
        return "[" + ",".join("[" + ",".join(numbers[at : at + columns]) + "]" for at in range(0, rows * columns, columns)) + "]"

    def base64(self, rows, columns, dtype="float32"):
        data = self.packed(rows * columns)
        if dtype == "float64":
            data = b"".join(struct.pack("<d", number) for (number,) in struct.iter_unpack("<f", data))
        return json.dumps({"shape": [rows, columns], "dtype": dtype, "base64": base64.b64encode(data).decode()})

    def forward(self, name, rows, columns, extra=""):
        return self.file(
            f"forward-{name}.json", lambda: (f'{{"input":{self.nested(rows, columns)},{HEAD},"dtype":"float32"{extra}}}').encode()
        )

    def forward_base64(self, name, rows, columns, extra=""):
        return self.file(
            f"forward-{name}.json", lambda: (f'{{"input":{self.base64(rows, columns)},{HEAD},"dtype":"float32"{extra}}}').encode()
        )

    def forward_flat(self, count):
        """Text of `count` numbers in one list."""

        def make():
            numbers = ",".join(self.texts(count))
            return f'{{"input":{{"shape":[{count}],"data":[{numbers}]}},{HEAD},"dtype":"float32"}}'.encode()

        return self.file(f"forward-flat-{count}.json", make)

    def mask(self, name, shape, extra=""):
        return self.file(f"mask-{name}.json", lambda: f'{{"shape":{json.dumps(shape)},{HEAD}{extra}}}'.encode())

    def layers(self, form, dtype):
        """A layer of 1024x1024 weights over a batch of 32, every tensor in the `form`."""

        def tensor(rows, columns):
            return self.base64(rows, columns, dtype) if form == "base64" else self.nested(rows, columns)

        return self.file(
            f"layers-{form}-{dtype}.json",
            lambda: (
                f'{{"input":{tensor(1024, 32)},"layers":[{{"weights":{tensor(1024, 1024)},"activation":"relu",'
                f'"rate":0.2}}],"seed":42,"dtype":"{dtype}"}}'
            ).encode(),
        )

    def exactly(self, size):
        """A nested tensor of `size` bytes of JSON, rows of 1000, the rest blanks."""

        def make():
            rows = [f"[{row}]" for row in self.nested(1000, 1000)[2:-2].split("],[")]
            start, end = '{"input":[', f'],{HEAD},"dtype":"float32"}}'
            parts, left = [], size - len(start) - len(end)
            while left > len(row := rows[len(parts) % len(rows)]):
                parts.append(row)
                left -= len(row) + 1
            return (start + ",".join(parts) + end).ljust(size).encode()

        return self.file(f"forward-{size}-bytes.json", make)


def jobs(bodies):
    """Name: path, file, connections."""
    return {
        "s": ("/forward", bodies.forward("s", 4, 2), 64),
        "m": ("/forward", bodies.forward("m", 100, 100), 16),
        "l": ("/forward", bodies.forward("l", 1000, 1000), 4),
        "mask": ("/mask", bodies.mask("l", [1000, 1000]), 4),
        "mask-packed": ("/mask", bodies.mask("l-packed", [1000, 1000], ',"mask_format":"packed"'), 4),
        "base64": ("/forward", bodies.forward_base64("l-base64", 1000, 1000), 4),
    }
