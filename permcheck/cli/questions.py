"""What the commands that ask questions share."""

from collections.abc import Iterable

from permcheck.cli.inputs import Input
from permcheck.errors import ExitCode
from permcheck.model import Verdict
from permcheck.report.positions import Positions


def answered(gaps: bool, verdicts: Iterable[Verdict]) -> int:
    """The exit code of an answer: 4 where it rests on something that could not be read."""
    return ExitCode.INCOMPLETE if gaps or Verdict.UNKNOWN in verdicts else ExitCode.CLEAN


def positions(given: Input, every: bool = False) -> Positions:
    """Positions for answers about this input.

    every: many answers will follow, so look up every statement of the input in one go.
    """
    found = Positions(given.stdin)
    if every:
        found.prepare(
            (policy.source, policy.pointer + statement.pointer)
            for policy in given.facts.policies
            for statement in policy.statements
        )
    return found
