"""Draws one mask with Spark's `mapInPandas`: each row of a table is a range of the mask, which a server draws by `offset`.

    python checks/scale/with_spark.py --elements 10000000 --workers 2 [--program PATH_TO_DROPOUTD | --url URL]

Spark needs Java 17 or later.
"""

import os
import sys
import time

# Before Spark is loaded: its workers run this Python, and they find the modules of this folder.
os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
os.environ["PYTHONPATH"] = os.pathsep.join([os.path.dirname(os.path.abspath(__file__)), os.environ.get("PYTHONPATH", "")])
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

import numpy as np
import pandas as pd
from pyspark import TaskContext
from pyspark.sql import SparkSession

from dropout_service import Client
from shards import Shard, fingerprint, flags, judge, servers


def drawing(urls, question):
    """The function for `mapInPandas`: a table of ranges becomes a table of counts and fingerprints."""

    def draw(tables):
        with Client(urls[TaskContext.get().partitionId() % len(urls)]) as client:
            for table in tables:
                answers = [client.mask((int(row.length),), offset=int(row.offset), **question) for row in table.itertuples()]
                # The masks have not changed on their way.
                assert all(fingerprint(answer.mask) == answer.fingerprint for answer in answers)
                yield pd.DataFrame(
                    {
                        "offset": table.offset,
                        "length": table.length,
                        "kept": [np.count_nonzero(answer.mask) for answer in answers],
                        "fingerprint": [answer.fingerprint for answer in answers],
                    }
                )

    return draw


def main():
    arguments = flags(__doc__)
    session = (
        SparkSession.builder.master(f"local[{arguments.workers}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 1)
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    with servers(arguments) as urls:
        offsets = session.range(0, arguments.elements, arguments.shard, numPartitions=arguments.workers)
        ranges = offsets.selectExpr("id AS offset", f"least({arguments.shard}, {arguments.elements} - id) AS length")
        began = time.perf_counter()
        drawn = ranges.mapInPandas(
            drawing(urls, {"rate": arguments.rate, "seed": arguments.seed}),
            "offset long, length long, kept long, fingerprint string",
        ).collect()
        seconds = time.perf_counter() - began
        session.stop()
        shards = [Shard((row.offset,), (row.length,), row.kept, row.fingerprint) for row in drawn]
        judge(shards, (arguments.elements,), urls, arguments, seconds)


if __name__ == "__main__":
    main()
