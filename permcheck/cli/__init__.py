"""The command line: the only room that reads standard input, prints, and ends the program."""

import sys

import permcheck


def main() -> int:
    """Run the program with ``sys.argv`` and return its exit code.

    Asked for its version alone it answers before it loads anything: editors and hooks ask that often.
    """
    if sys.argv[1:] == ["--version"]:
        print(f"permcheck {permcheck.__version__}")
        return 0
    try:
        from permcheck.cli.group import program
        from permcheck.cli.running import run
    except KeyboardInterrupt:
        return 130
    return run(program, sys.argv[1:])
