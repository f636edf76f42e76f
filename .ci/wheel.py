"""Build the wheel and make sure that it installs `saddle` and nothing else."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, "."]
    subprocess.run(command, check=True)
    (wheel,) = Path(folder).glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
if tops != {"saddle"}:
    sys.exit(f"The wheel installs {sorted(tops)}.")
if not any(name.endswith(".js") for name in names):
    sys.exit("The wheel lacks the report's assets.")
print(f"{len(names)} files, one package.")
