"""Programs from PyPI that permcheck is timed beside, each in an environment of its own, made once."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from bench.measure import Unmeasured
from bench.setting import HERE


def program_of(requirement: str, name: str) -> Path:
    """A program of this environment, else of one made for it; raises Unmeasured where it cannot be had."""
    beside = Path(sys.executable).with_name(name)
    if beside.is_file():
        return beside
    home = HERE / ".cache" / requirement
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    program = scripts / name
    if not program.is_file():
        venv.create(home, with_pip=True, clear=True)
        pip = [str(scripts / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pip += ["--timeout", "20", "--retries", "1", requirement]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            raise Unmeasured(
                f"skipped: {requirement} cannot be installed ({said[-1] if said else 'pip gave no reason'})"
            )
    return program
