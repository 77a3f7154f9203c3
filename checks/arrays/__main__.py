"""Sends files of the real NumPy and the real safetensors, and reads the files that the service answers with these libraries.

    .build/arrays-venv/bin/python checks/arrays PROGRAM

- `.npy` of every type, byte order, order of axes, shape and version, through /forward and back.
- Array files in a form, sent by curl and by requests, to /verify.
- Networks and training steps as safetensors, whose numbers are those of the answers in JSON, bit for bit.

Prints each failure and, at the end, `N passed, N failed`.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "probing"))
import files
import forms
import networks
import suites

if len(sys.argv) != 2:
    sys.exit(__doc__)
suites.run((files, forms, networks), sys.argv[1])
