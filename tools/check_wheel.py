"""Check that a wheel holds every file of permcheck/ and rules/, and that all of it installs below permcheck/.

Run from the checkout: python tools/check_wheel.py dist/permcheck-*.whl

A package that setup.cfg forgets to list, or a table that no package_data pattern matches, is missing from a wheel
without a word, and the tests do not notice: they run on the checkout.
"""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

INSTALLED_AS = {"permcheck": "permcheck", "rules": "permcheck/rules"}


def in_checkout() -> Iterator[str]:
    """Yield the path that each file of the checkout's packages should have in the wheel."""
    for folder, installed in INSTALLED_AS.items():
        for path in Path(folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."):
                yield f"{installed}/{path.relative_to(folder).as_posix()}"


def complaints(wheel: Path) -> Iterator[str]:
    """Yield one line for each thing that is wrong with the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    for missing in sorted(set(in_checkout()) - names):
        yield f"missing: {missing} (is its package in setup.cfg's packages, or its name in package_data?)"
    for stray in sorted(name for name in names if not name.startswith("permcheck/")):
        yield f"outside permcheck/: {stray}"


def main() -> int:
    wheel = Path(sys.argv[1])
    found = list(complaints(wheel))
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print(f"{wheel.name}: complete")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
