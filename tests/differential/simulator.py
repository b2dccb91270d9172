"""Runs iam-simulate, a program in Node of its own, on requests."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .vocabulary import Request

HERE = Path(__file__).parent
Answer = dict[str, Any]


def missing() -> str | None:
    """What keeps iam-simulate from being run, with the command that mends it; None when all is there."""
    if shutil.which("node") is None:
        return "node is not installed: install Node 20 or newer"
    if not (HERE / "node_modules" / "@cloud-copilot" / "iam-simulate").is_dir():
        return "iam-simulate is not installed: run `npm ci` in tests/differential"
    return None


def simulate(requests: Iterable[Request]) -> list[Answer]:
    """iam-simulate's answers in order: each has a verdict, or an error where it refuses the request.

    Raises RuntimeError when the program fails, with what it wrote to stderr.
    """
    asked = list(requests)
    lines = "".join(json.dumps(request) + "\n" for request in asked)
    run = subprocess.run(
        ["node", str(HERE / "simulate.mjs")], input=lines, capture_output=True, text=True, encoding="utf-8"
    )
    if run.returncode != 0:
        raise RuntimeError(f"simulate.mjs exited with {run.returncode}: {run.stderr.strip()[-500:]}")
    answers: list[Answer] = [json.loads(line) for line in run.stdout.splitlines()]
    if [answer["id"] for answer in answers] != [request["id"] for request in asked]:
        raise RuntimeError("simulate.mjs did not answer every request in order")
    return answers
