"""The parts of the benchmark that concern permcheck alone; each yields the rows it measured."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from bench.functions import PLANTED
from bench.generate import Size
from bench.measure import Command, Trial, Unmeasured, alternate, peak_mib, seconds
from bench.setting import Setting
from bench.table import Row, against, duration, limited

STARS = (100, 200, 400)
SMALL_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"},
        {"Effect": "Deny", "Action": "lambda:*", "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:pay-*"},
    ],
}


@dataclass(frozen=True, slots=True)
class Audits:
    """An account loaded and audited in turns: median seconds of `json.load`, its peak, and the audits."""

    load: float
    load_peak_mib: float
    audits: list[Trial]


@cache
def audited(setting: Setting, size: Size) -> Audits:
    """Load and audit an account in turns; measured once however many rows ask."""
    folder = setting.account(size)
    audit, load = setting.asked("audit", folder, "--format", "json"), setting.inner("load", folder)
    load.run()  # so that the first of both finds the files in memory
    audits, loads = alternate([audit, load], setting.runs)
    spent = statistics.median(trial.json()["seconds"] for trial in loads)
    return Audits(spent, peak_mib(loads), audits)


def loading(setting: Setting) -> Iterator[Row]:
    """Plain `json.load` of the large account: the yardstick."""
    trials = alternate([setting.inner("load", setting.account(setting.large))], setting.runs)[0]
    seen = [trial.json() for trial in trials]
    note = f"{seen[0]['files']:,} files, {seen[0]['bytes'] / 1e6:.1f} MB, peak {peak_mib(trials):,.0f} MiB"
    spent = statistics.median(each["seconds"] for each in seen)
    yield Row(f"json.load of {setting.large}", duration(spent), note=note)


def auditing(setting: Setting) -> Iterator[Row]:
    """The large account audited: time against `json.load`, and memory."""
    seen = audited(setting, setting.large)
    what = f"permcheck audit, {setting.large}"
    note = f"json.load {duration(seen.load)} in the same turns; {_outcome(seen.audits[-1])}"
    yield against(what, seconds(seen.audits), seen.load, "json.load", 10, note)
    yield limited(f"{what}: peak", peak_mib(seen.audits), 1024, "MiB", f"json.load {seen.load_peak_mib:,.0f} MiB")


def pools(setting: Setting) -> Iterator[Row]:
    """The large account with a pool for every hundred roles: the audit, and every path that a guest has."""
    size = replace(setting.large, pools=setting.large.roles // 100)
    seen = audited(setting, size)
    note = f"json.load {duration(seen.load)} in the same turns; {_outcome(seen.audits[-1])}"
    yield against(f"permcheck audit, {size}", seconds(seen.audits), seen.load, "json.load", 10, note)
    asked = setting.asked("paths", setting.account(size), "--from", "guest", "--format", "json")
    trials = alternate([asked], setting.runs)[0]
    found = len(trials[-1].json()["paths"])
    yield against("permcheck paths --from guest", seconds(trials), seen.load, "json.load", None, f"{found:,} paths")


def scaling(setting: Setting) -> Iterator[Row]:
    """The large account against the small one, a tenth of its size both ways."""
    small = seconds(audited(setting, setting.small).audits)
    yield Row(f"permcheck audit, {setting.small}", duration(small))
    large = seconds(audited(setting, setting.large).audits)
    yield against(f"permcheck audit, {setting.large}", large, small, "the small one", 12)


def naive(setting: Setting) -> Iterator[Row]:
    """The reference evaluator asked about every pair in turn, worked out from a sample."""
    seen = setting.inner("naive", setting.account(setting.large), str(setting.pairs)).run().json()
    if "absent" in seen:
        raise Unmeasured(seen["absent"])
    whole = seen["seconds"] / seen["pairs"] * seen["all_pairs"]
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in seen["verdicts"].items())
    note = f"{seen['pairs']:,} of {seen['all_pairs']:,} pairs took {duration(seen['seconds'])}: {verdicts}"
    what = f"reference evaluator, pair by pair, {setting.large} (extrapolated)"
    try:
        audit = seconds(audited(setting, setting.large).audits)
    except Unmeasured:
        yield Row(what, duration(whole), note=note)
    else:
        yield against(what, whole, audit, "permcheck audit", None, note)


def starting(setting: Setting) -> Iterator[Row]:
    """How long permcheck takes to say its version, against an interpreter that does nothing."""
    bare = Command((sys.executable, "-c", "pass"))
    version = setting.asked("--version", good=frozenset({0}))
    alternate([bare, version], 1)  # compiles what is not compiled yet
    nothing, said = alternate([bare, version], max(15, setting.runs))
    yield Row("python -c pass", duration(seconds(nothing)))
    yield against("permcheck --version", seconds(said), seconds(nothing), "python -c pass", 5)


def small_policy(setting: Setting) -> Iterator[Row]:
    """One loose policy document of two statements, as a pre-commit hook would check it."""
    path = setting.folder / "policy.json"
    path.write_text(json.dumps(SMALL_POLICY, indent=4))
    command = setting.asked("audit", path, "--format", "json")
    command.run()
    trials = alternate([command], max(9, setting.runs))[0]
    yield limited("permcheck audit of one small policy file", seconds(trials), 0.4, "s", _outcome(trials[-1]))


def stars(setting: Setting) -> Iterator[Row]:
    """Wildcards of 100, 200 and 400 stars that do not match: four times the stars, about four times the time."""
    seen = setting.inner("stars", *map(str, STARS)).run().json()
    if "absent" in seen:
        raise Unmeasured(seen["absent"])
    first, *others = STARS
    base = seen[str(first)]
    yield Row(f"evaluator, wildcard with {first} stars", duration(base))
    for count in others:
        what, steps = f"evaluator, wildcard with {count} stars", count / first
        note = f"linear is {steps:g} x, quadratic {steps**2:g} x"
        yield against(what, seen[str(count)], base, f"{first} stars", 1.25 * steps, note)
    yield limited(f"the same {others[-1]} stars", seen[str(others[-1])] * 1000, 10, "ms")


def _outcome(trial: Trial) -> str:
    """What an audit found, from its JSON; loudly where a planted value came through."""
    report = trial.json()
    found, unread = len(report.get("findings", ())), len(report.get("not_read", ()))
    leak = "; A PLANTED SECRET IS IN THE OUTPUT" if PLANTED.encode() in trial.stdout else ""
    return f"{found:,} findings, {unread:,} not read{leak}"
