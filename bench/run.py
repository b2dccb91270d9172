"""Time permcheck on made-up accounts, beside other ways to the same answer: `make bench`, `python bench/run.py`.

A table of figures, never a test: it exits 0 whatever they are. What the rows mean is in bench/README.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

if not __package__:
    # Run as a file: Python then looks beside the file, not in the folder above, where `bench` is.
    sys.path.append(str(Path(__file__).resolve().parent.parent))

from bench import parts
from bench.generate import SMALLEST, Size
from bench.measure import Unmeasured
from bench.peer import peer
from bench.setting import Setting, permcheck_beside_python
from bench.table import Row, rendered
from bench.templates import templates

PARTS: dict[str, Callable[[Setting], Iterator[Row]]] = {
    "load": parts.loading,
    "audit": parts.auditing,
    "pools": parts.pools,
    "scaling": parts.scaling,
    "naive": parts.naive,
    "iamprover": peer,
    "start": parts.starting,
    "small": parts.small_policy,
    "stars": parts.stars,
    "templates": templates,
}


def measured(names: list[str], setting: Setting) -> Iterator[Row]:
    """The rows of the named parts; where one cannot be measured, a row that says why."""
    for name in names:
        print(f"bench: {name} …", file=sys.stderr, flush=True)
        try:
            yield from PARTS[name](setting)
        except Unmeasured as why:
            yield Row(name, "no figure", note=str(why))


def parsed() -> argparse.Namespace:
    """The options, checked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument(
        "--quick", action="store_true", help="small accounts and few runs: for trying the benchmark out"
    )
    parser.add_argument(
        "--only", action="append", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}; repeatable"
    )
    parser.add_argument("--size", type=int, help="roles and functions of the large account; the small one has a tenth")
    parser.add_argument("--runs", type=int, help="runs of each program, of which the median is given")
    parser.add_argument("--pairs", type=int, help="pairs that the reference evaluator is asked about")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=900, help="seconds that one run of one program may take")
    parser.add_argument("--permcheck", type=Path, default=permcheck_beside_python(), help="the program to measure")
    parser.add_argument("--keep", type=Path, help="keep the generated accounts in this folder, and use those it has")
    options = parser.parse_args()
    if options.size is not None and options.size < 10 * SMALLEST:
        parser.error(f"--size begins at {10 * SMALLEST}")
    if (options.runs is not None and options.runs < 1) or (options.pairs is not None and options.pairs < 1):
        parser.error("--runs and --pairs begin at 1")
    return options


def main() -> int:
    """Measure, then print the table, also where it was interrupted."""
    options = parsed()
    quick, seed = options.quick, options.seed
    size = options.size or (500 if quick else 5000)
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        setting = Setting(
            folder=folder,
            permcheck=options.permcheck.absolute(),
            large=Size(size, size, seed),
            small=Size(size // 10, size // 10, seed),
            peer=Size(100, 20, seed) if quick else Size(500, 100, seed),
            runs=options.runs or (1 if quick else 3),
            pairs=options.pairs or (300 if quick else 3000),
            limit=options.limit,
        )
        rows: list[Row] = []
        code = 0
        try:
            for row in measured(options.only or list(PARTS), setting):
                rows.append(row)
        except KeyboardInterrupt:
            code = 130
    machine = (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores"
    )
    print(f"{machine}, seed {seed}, median of {setting.runs}; ratio is the figure divided by the target's yardstick")
    if quick or options.size:
        print("The targets are meant for the full sizes; this run has others.")
    print()
    print(rendered(rows))
    return code


if __name__ == "__main__":
    sys.exit(main())
