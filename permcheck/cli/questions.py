"""What the commands that ask questions share."""

from collections.abc import Container, Iterable

from permcheck.cli.inputs import Input
from permcheck.errors import ExitCode
from permcheck.model import NotRead, Verdict
from permcheck.report.positions import Positions


def answered(gaps: Iterable[NotRead], verdicts: Iterable[Verdict], about: Container[str]) -> int:
    """The exit code of an answer: 4 where it rests on something that could not be read.

    about: the ARNs that the answer is about. What is known to bear on something else leaves the answer as it is; what
    may have held anything does not.
    """
    rests = any(gap.arn in about if gap.arn is not None else not gap.shown for gap in gaps)
    return ExitCode.INCOMPLETE if rests or Verdict.UNKNOWN in verdicts else ExitCode.CLEAN


def assumed(given: Input) -> str:
    """What the answers take for granted, for people: an answer of "nobody" means little where nothing was given."""
    from permcheck.report import summary

    sentences = dict.fromkeys(sentence for facts in given.worlds for sentence in facts.assumptions)
    return "".join(f"{line}\n" for line in summary.assumed(sentences))


def positions(given: Input, every: bool = False) -> Positions:
    """Positions for answers about this input.

    every: many answers will follow, so look up every statement of the input in one go.
    """
    found = Positions(given.stdin)
    if every:
        found.prepare(
            policy.place(statement.pointer)
            for facts in given.worlds
            for policy in facts.policies
            for statement in policy.statements
        )
    return found
