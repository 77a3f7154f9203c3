"""Draws one mask as a Dask array: each block asks a server for its part, by `full_shape` and `start`.

    python checks/scale/with_dask.py --elements 10000000 --workers 2 [--program PATH_TO_DROPOUTD | --url URL]

The mask is a matrix with rows of 10,000 elements. Its blocks are in a grid, so no block is a range of the whole mask.
"""

import time

import dask
import dask.array
import numpy as np
from dask.distributed import Client, LocalCluster

from dropout_service import Client as DropoutClient
from shards import Shard, fingerprint, flags, judge, servers

COLUMNS = 10_000
BLOCK_COLUMNS = 2_500


def draw(urls, shape, block_info, **question):
    """The block of the mask as booleans. `block_info` is what Dask knows of it."""
    block = block_info[None]
    start = [begin for begin, _ in block["array-location"]]
    with DropoutClient(urls[sum(block["chunk-location"]) % len(urls)]) as client:
        answer = client.mask(block["chunk-shape"], full_shape=list(shape), start=start, **question)
    # The mask has not changed on its way.
    assert fingerprint(answer.mask) == answer.fingerprint
    return answer.mask


def fingerprints(block):
    return np.array([[fingerprint(block)]])


def counts(block):
    return np.array([[np.count_nonzero(block)]])


def main():
    arguments = flags(__doc__)
    shape = (arguments.elements // COLUMNS, COLUMNS)
    chunks = (max(1, arguments.shard // BLOCK_COLUMNS), BLOCK_COLUMNS)
    cluster = LocalCluster(
        n_workers=arguments.workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    )
    with servers(arguments) as urls, cluster, Client(cluster):
        began = time.perf_counter()
        grid = dask.array.core.normalize_chunks(chunks, shape)
        question = {"rate": arguments.rate, "seed": arguments.seed}
        mask = dask.array.map_blocks(draw, urls, shape, chunks=grid, dtype=bool, meta=np.empty((0, 0), bool), **question)
        ones = {"chunks": (1, 1), "dtype": object}
        # Together, so that each block is drawn once.
        found, kept = dask.compute(mask.map_blocks(fingerprints, **ones), mask.map_blocks(counts, **ones))
        seconds = time.perf_counter() - began
        places = dask.array.core.slices_from_chunks(grid)
        shards = [
            Shard(tuple(part.start for part in place), tuple(part.stop - part.start for part in place), int(count), text)
            for place, count, text in zip(places, kept.ravel(), found.ravel(), strict=True)
        ]
        judge(shards, shape, urls, arguments, seconds)


if __name__ == "__main__":
    main()
