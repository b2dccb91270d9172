"""Standard output: results, and nothing else."""

import os
import sys

from permcheck.cli.running import silence
from permcheck.errors import UsageError


def emit(text: str) -> bool:
    """Write ``text`` to standard output. False when its reader has gone, which is no error: stop writing more."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
        return False
    except OSError as error:
        raise UsageError(f"standard output cannot be written: {error.strerror or error}") from error
    return True


def coloured() -> bool:
    """Whether results go to a terminal that shows colours, and nobody set NO_COLOR (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
