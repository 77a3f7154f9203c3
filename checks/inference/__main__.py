"""Asks a server with the real clients of the inference protocols, and compares their answers with /forward bit for bit.

    .build/inference-venv/bin/python checks/inference PROGRAM

Triton's HTTP clients (synchronous, with futures, and of asyncio), the KServe SDK by both versions, and ONNX's own tests of
Dropout. Every type, raw and in JSON, gzip and deflate, with and without a version. Prints each failure and, at the end,
`N passed, N failed`.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "probing"))
import kserve_sdk
import onnx_nodes
import suites
import triton

if len(sys.argv) != 2:
    sys.exit(__doc__)
suites.run((triton, kserve_sdk, onnx_nodes), sys.argv[1])
