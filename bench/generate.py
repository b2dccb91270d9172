"""Write a made-up AWS account as AWS CLI captures: `python bench/generate.py --roles 500 --functions 500 --out DIR`.

The same sizes and seed give the same bytes. No name, id or value belongs to anybody.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if not __package__:
    # Run as a file: Python then looks beside the file, not in the folder above, where `bench` is.
    sys.path.append(str(Path(__file__).resolve().parent.parent))

from bench import events, functions, invokers, pools, roles
from bench.accounts import authorization_details
from bench.names import team_names, workloads
from bench.statements import Json

SMALLEST = 20
POLICY_SHARE, ALIAS_SHARE, URL_SHARE, TAGS_SHARE = 0.6, 0.03, 0.02, 0.2


@dataclass(frozen=True, slots=True)
class Size:
    """What to generate. `roles` and `functions` are exact counts, `SMALLEST` at least; no `pools`: by size."""

    roles: int
    functions: int
    seed: int = 1
    pools: int = 0

    def __str__(self) -> str:
        with_pools = f", {self.pools} identity pools" if self.pools else ""
        return f"{self.roles:,} roles x {self.functions:,} functions{with_pools}"


def captures(size: Size) -> Iterator[tuple[str, Json]]:
    """Relative file names and their contents."""

    def stream(name: str) -> random.Random:
        # A stream of its own for each part: a change to one leaves the others as they were.
        return random.Random(f"{size.seed}/{name}")

    teams = team_names(size.roles, size.functions)
    made_pools = pools.pools(size.pools or 1 + size.roles // 1000, stream("pools"))
    own_roles = min(int(size.roles * 0.68), int(size.functions * 0.88), size.roles - 2 * len(made_pools) - len(teams))
    loads = workloads(teams, size.functions, max(0, own_roles), stream("functions"))
    rng = stream("configurations")
    entries = [functions.configuration(load, rng) for load in loads]
    mappings = list(functions.event_source_mappings(loads, stream("mappings")))
    working = roles.for_functions(loads, stream("execution roles"))
    drafts = [
        *events.with_events(working, loads, mappings, entries, stream("rights for events")),
        *pools.for_pools(made_pools, loads, stream("pool roles")),
    ]
    drafts += roles.for_others(size.roles - len(drafts), teams, loads, stream("other roles"))
    yield "account-authorization-details.json", authorization_details(drafts, teams, loads, stream("identities"))

    yield "functions.json", {"Functions": entries}
    yield "event-source-mappings.json", {"EventSourceMappings": mappings}
    rng = stream("around functions")
    for number, (load, entry) in enumerate(zip(loads, entries, strict=True)):
        url = functions.url_config(load, rng) if rng.random() < URL_SHARE or number == 0 else None
        if url is not None:
            yield f"url-configs/{load.function}.json", url
        if rng.random() < POLICY_SHARE or url is not None:
            yield f"policies/{load.function}.json", invokers.function_policy(load, url, rng)
        if rng.random() < ALIAS_SHARE:
            yield f"policies/{load.function}-prod.json", invokers.function_policy(load, None, rng, "prod")
        if rng.random() < TAGS_SHARE:
            yield f"functions/{load.function}.json", functions.with_tags(load, entry, rng)
    for name, text in pools.captures(made_pools):
        yield f"identity-pools/{name}", text


def write(size: Size, folder: Path) -> int:
    """Write the captures below `folder`, as the AWS CLI indents them; gives the number of bytes."""
    written = 0
    for name, text in captures(size):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written += path.write_bytes(json.dumps(text, indent=4, ensure_ascii=False).encode() + b"\n")
    return written


def main() -> int:
    """Parse the options and write; 2 where the folder is in use."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--roles", type=int, default=500)
    parser.add_argument("--functions", type=int, default=500)
    parser.add_argument(
        "--pools", type=int, default=0, help="identity pools; one and one more per 1,000 roles unless told"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="a new or empty folder")
    options = parser.parse_args()
    if min(options.roles, options.functions) < SMALLEST:
        parser.error(f"--roles and --functions begin at {SMALLEST}")
    if not 0 <= options.pools <= options.roles // 10:
        parser.error("--pools: at most one for ten roles")
    if options.out.exists() and (not options.out.is_dir() or any(options.out.iterdir())):
        parser.error(f"{options.out} is not an empty folder: choose another, or empty it")
    size = Size(options.roles, options.functions, options.seed, options.pools)
    written = write(size, options.out)
    print(f"{options.out}: {size}, {written / 1e6:.1f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
