"""Draws one mask with Ray: each worker asks a server for a range of the mask, by `offset`.

    python checks/scale/with_ray.py --elements 10000000 --workers 2 [--program PATH_TO_DROPOUTD | --url URL]

Each worker is an actor with a server, and takes the next range when it is done with one.
"""

import os
import time

# Before Ray is loaded: it reports nothing, and the workers find the modules of this folder.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["PYTHONPATH"] = os.pathsep.join([os.path.dirname(os.path.abspath(__file__)), os.environ.get("PYTHONPATH", "")])

import numpy as np
import ray

from dropout_service import Client
from shards import Shard, fingerprint, flags, judge, servers


@ray.remote
class Worker:
    """A process that keeps the connection to its server."""

    def __init__(self, url):
        self.client = Client(url)

    def draw(self, offset, count, question):
        answer = self.client.mask((count,), offset=offset, **question)
        # The mask has not changed on its way.
        assert fingerprint(answer.mask) == answer.fingerprint
        return Shard((offset,), (count,), int(np.count_nonzero(answer.mask)), answer.fingerprint)


def main():
    arguments = flags(__doc__)
    ranges = [
        (offset, min(arguments.shard, arguments.elements - offset)) for offset in range(0, arguments.elements, arguments.shard)
    ]
    question = {"rate": arguments.rate, "seed": arguments.seed}
    ray.init(num_cpus=arguments.workers, include_dashboard=False, _node_ip_address="127.0.0.1", logging_level="warning")
    with servers(arguments) as urls:
        workers = [Worker.remote(urls[number % len(urls)]) for number in range(arguments.workers)]
        ray.get([worker.__ray_ready__.remote() for worker in workers])
        pool = ray.util.ActorPool(workers)
        began = time.perf_counter()
        shards = list(pool.map(lambda worker, part: worker.draw.remote(*part, question), ranges))
        seconds = time.perf_counter() - began
        judge(shards, (arguments.elements,), urls, arguments, seconds)


if __name__ == "__main__":
    main()
