"""Makes the wheel: of the client alone, or with the program.

The variable DROPOUTD_PROGRAM names the program to take in, and DROPOUTD_PLATFORM the tag of the machines that can run it, such as
manylinux_2_35_x86_64. DROPOUTD_NOTICES names a folder whose files go into the metadata of the wheel: the notices of what is linked
in, and the bill of materials.
"""

import os
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface):
    def initialize(self, version, build_data):
        program = os.environ.get("DROPOUTD_PROGRAM")
        if not program or version == "editable":
            return
        build_data["shared_scripts"][program] = "dropoutd"
        build_data["tag"] = f"py3-none-{os.environ['DROPOUTD_PLATFORM']}"
        build_data["pure_python"] = False
        for file in sorted(Path(os.environ["DROPOUTD_NOTICES"]).iterdir()):
            if file.suffix == ".json":
                build_data["sbom_files"].append(str(file))
            else:
                build_data["extra_metadata"][str(file)] = file.name
