"""Draws one mask with Dask, Ray and Spark on two workers each, and tries the simulation and the measurements of docs/scale.md.

    .build/scale-venv/bin/python checks/scale PATH_TO_DROPOUTD [--elements 10000000]

- with_dask.py, with_ray.py and with_spark.py draw the mask in shards of one length and of another that is odd. Each compares its
  shards with the mask drawn in one request.
- `simulation --self-test` compares the simulation with results that are known. A short run prints every line of its table.
- `capacity` asks one kind of request through HAProxy for a second.

Exits with 1 if one of them fails.
"""

import argparse
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def run(name, *flags):
    """Whether the program ended with 0. Prints what it said, and all of its warnings if it failed."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, str(HERE / name), *flags], capture_output=True, text=True, timeout=900)
    print(f"== {name} {' '.join(flags)}: {time.perf_counter() - began:.0f} s\n{done.stdout}", flush=True)
    if done.returncode:
        print(f"{name} FAILED with {done.returncode}:\n{done.stderr[-4000:]}", flush=True)
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--elements", type=int, default=10_000_000)
    arguments = parser.parse_args()
    program, elements = str(arguments.program.resolve()), str(arguments.elements)
    # Shards of an odd length begin inside of a byte and of a block of the generator, and the last one is short.
    lengths = [str(arguments.elements // 10), str(arguments.elements // 7 | 1)]
    results = [
        run(name, "--program", program, "--elements", elements, "--shard", length, "--workers", "2")
        for name in ("with_dask.py", "with_ray.py", "with_spark.py")
        for length in lengths
    ]
    results += [
        run("simulation", "--self-test"),
        run("simulation", "--replicas", "20", "--seconds", "2"),
        run("capacity", program, "--seconds", "1", "--only", "10^7 statistics"),
    ]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    sys.exit(0 if all(results) else 1)


main()
