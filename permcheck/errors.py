"""What can go wrong, as one tree of exceptions, and the exit code each of them ends the program with.

Every error that a person meets is a PermcheckError: a message of one line, where it helps a hint of one line saying
what to do next, and an exit code. The command line prints it and exits; nothing else does. Any other exception that
gets that far is a defect of permcheck itself and ends with ``ExitCode.BUG``, so that a crash is never taken for
"findings were found".
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the program tells the shell; scripts and CI jobs branch on these numbers, so they never change meaning."""

    CLEAN = 0
    """Nothing at or above the chosen severity; or the question was answered."""
    FINDINGS = 1
    """At least one finding at or above the chosen severity."""
    USAGE = 2
    """The command line, a name in it, or the configuration is wrong."""
    NOTHING = 3
    """The input holds nothing that permcheck could check."""
    INCOMPLETE = 4
    """Something could not be read, and nothing else failed: the answer may be missing a part."""
    BUG = 5
    """permcheck itself failed."""


class PermcheckError(Exception):
    """An error that a person can act on.

    ``message`` (str) says in one line what is wrong and where. ``hint`` (str or None) says in one line what to do
    about it. ``exit_code`` (ExitCode) is the class's own unless one is given.
    """

    exit_code: ExitCode = ExitCode.BUG

    def __init__(self, message: str, hint: str | None = None, exit_code: ExitCode | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if exit_code is not None:
            self.exit_code = exit_code


class UsageError(PermcheckError):
    """The command line asks for something that cannot be done: a missing path, an unknown name, options that clash."""

    exit_code = ExitCode.USAGE


class ConfigError(PermcheckError):
    """The configuration, a baseline or a suppression cannot be read, or says something that makes no sense."""

    exit_code = ExitCode.USAGE


class NothingToCheck(PermcheckError):
    """Nothing in the input is of a kind that permcheck reads."""

    exit_code = ExitCode.NOTHING


class Incomplete(PermcheckError):
    """The answer asked for rests on something that could not be read."""

    exit_code = ExitCode.INCOMPLETE


class UnknownName(UsageError):
    """A question names a function or caller that is not in view. ``nearest`` holds the names that come closest."""

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message, f"did you mean {', '.join(nearest)}?" if nearest else None)
        self.nearest = nearest
