"""What is timed from inside an interpreter of its own; each prints one JSON object.

python inner.py load DIR            json.load of every file
python inner.py naive DIR PAIRS     the reference evaluator on a sample of (caller, function) pairs
python inner.py stars N…            one request against wildcards with N stars
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

if not __package__:
    # Run as a file: Python then looks beside the file, not in the folder above, where `bench` is.
    sys.path.append(str(Path(__file__).resolve().parent.parent))

from bench.asking import Captured, star_request

PASSES = 3
STAR_PASSES = 15


def load(folder: Path) -> dict[str, Any]:
    """Seconds to read every JSON file below the folder, all of them kept, as an audit has to keep them."""
    paths = sorted(folder.rglob("*.json"))
    kept = []
    start = time.perf_counter()
    for path in paths:
        with path.open(encoding="utf-8") as file:
            kept.append(json.load(file))
    spent = time.perf_counter() - start
    return {"seconds": spent, "files": len(kept), "bytes": sum(path.stat().st_size for path in paths)}


def naive(folder: Path, pairs: int, evaluate: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Seconds that the evaluator takes for the pairs, the median of a few passes; building requests is not timed."""
    captured = Captured.read(folder)
    requests = captured.sample(pairs)
    spent = []
    for _ in range(PASSES):
        start = time.perf_counter()
        answers = [evaluate(request) for request in requests]
        spent.append(time.perf_counter() - start)
    verdicts = Counter(str(answer.get("verdict", "error")) for answer in answers)
    return {
        "seconds": statistics.median(spent),
        "pairs": len(requests),
        "all_pairs": len(captured.callers) * len(captured.functions),
        "verdicts": dict(sorted(verdicts.items())),
    }


def stars(counts: list[int], evaluate: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Seconds for one request at each number of stars, the median of several, each with a pattern not seen before."""
    spent: dict[int, list[float]] = {count: [] for count in counts}
    for turn in range(STAR_PASSES + 1):
        for count in counts:
            request = star_request(count, turn)
            start = time.perf_counter()
            answer = evaluate(request)
            if turn:  # the first turn pays for imports
                spent[count].append(time.perf_counter() - start)
            if answer.get("verdict") != "denied":
                raise ValueError(f"{count} stars must not match, and the answer is {answer}")
    return {str(count): statistics.median(each) for count, each in spent.items()}


def main() -> None:
    """Do what the arguments say; an evaluator that is not there is an answer too."""
    what, *words = sys.argv[1:]
    if what == "load":
        print(json.dumps(load(Path(words[0]))))
        return
    try:
        from permcheck.policy import evaluate_request
    except ImportError as error:
        print(json.dumps({"absent": f"permcheck.policy.evaluate_request cannot be imported: {error}"}))
        return
    if what == "naive":
        print(json.dumps(naive(Path(words[0]), int(words[1]), evaluate_request)))
    else:
        print(json.dumps(stars([int(word) for word in words], evaluate_request)))


if __name__ == "__main__":
    main()
