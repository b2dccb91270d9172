"""iamprover from PyPI on the same question: which users and roles may invoke each function, by their own policies.

It reads `get-account-authorization-details` but no function policies, so both programs get the identities and the list
of functions and nothing else. Its question is put as one invariant per function ("nobody may invoke this"): each
counterexample is a pair. Version 0.7.1 (Apache-2.0) was the newest when this was written.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.measure import Command, Trial, alternate, seconds
from bench.others import program_of
from bench.setting import Setting
from bench.table import Row, against, duration

REQUIREMENT = "iamprover==0.7.1"
ACTION = "lambda:InvokeFunction"
# 0: no invariant is violated, 2: some are.
PROVED = frozenset({0, 2})


def peer(setting: Setting) -> Iterator[Row]:
    """Both programs on an account of the peer's size; iamprover runs once, it is the slow one."""
    program = program_of(REQUIREMENT, "iamprover")
    folder, functions = _question(setting)
    command = Command(
        (
            str(program), "verify", "--format", "json",
            "--gaad", str(folder / "account-authorization-details.json"),
            "--invariants", str(folder.with_suffix(".invariants")),
        ),
        PROVED,
        setting.limit,
    )  # fmt: skip
    what = f"iamprover, {setting.peer}"
    theirs = command.run()
    pairs = {(each["principal"], result["id"]) for result in theirs.json() for each in result["counterexamples"]}
    yield Row(what, duration(theirs.seconds), note=f"{len(pairs):,} pairs; peak {theirs.peak_mib:,.0f} MiB; one run")
    asked = setting.asked("who", "--all", folder, "--format", "json")
    asked.run()
    ours = alternate([asked], setting.runs)[0]
    found = _pairs(ours[-1], functions)
    note = f"{len(found):,} pairs; {len(found - pairs):,} only here, {len(pairs - found):,} only there"
    yield against(f"permcheck who --all, {setting.peer}", seconds(ours), theirs.seconds, "iamprover", None, note)


def _question(setting: Setting) -> tuple[Path, set[str]]:
    """A folder with the two captures that both programs can read, and the functions' ARNs."""
    whole = setting.account(setting.peer)
    folder = setting.folder / "peer"
    folder.mkdir(exist_ok=True)
    for name in ("account-authorization-details.json", "functions.json"):
        shutil.copyfile(whole / name, folder / name)
    listed = json.loads((whole / "functions.json").read_bytes())["Functions"]
    arns = [entry["FunctionArn"] for entry in listed]
    invariants = [{"id": arn, "forbid": {"action": ACTION, "resource": arn}} for arn in arns]
    # JSON is YAML too. Beside the folder and not in it: permcheck would list it as a file it cannot read.
    folder.with_suffix(".invariants").write_text(json.dumps({"invariants": invariants}))
    return folder, set(arns)


def _pairs(trial: Trial, functions: set[str]) -> set[tuple[str, str]]:
    """(caller, function) where the call, to the function's unqualified ARN, is allowed outright or on conditions."""
    found = set()
    for line in trial.stdout.splitlines():
        answer: dict[str, Any] = json.loads(line)
        for row in answer["callers"]:
            may = row["verdict"] in ("allowed", "conditional") and row["action"] == ACTION
            if may and row["resource"] in functions and row["kind"] in ("role", "user"):
                found.add((row["caller"], row["resource"]))
    return found
