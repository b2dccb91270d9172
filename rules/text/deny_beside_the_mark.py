"""PC010: a Deny for a function under a name that it need not be called by."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from permcheck.model import Document, Finding, PathStep, Policy, Role, Statement, User, Verdict
from permcheck.rule import Answer, Example, Rule, View, traits
from permcheck.rule.tables import whose, written_by_aws

_INVOKE = "lambda:InvokeFunction"
_PAY = "arn:aws:lambda:us-east-1:111122223333:function:pay"
_ALL = {"Effect": "Allow", "Action": _INVOKE, "Resource": "arn:aws:lambda:us-east-1:111122223333:function:pa*"}


def _policy(resource: str | list[str], **more: object) -> Example:
    refuse = {"Sid": "NotPay", "Effect": "Deny", "Action": "lambda:Invoke*", "Resource": resource, **more}
    return Example({"calls.json": {"Version": "2012-10-17", "Statement": [_ALL, refuse]}})


class DenyBesideTheMark(Rule):
    """A Deny names a function by a name that it need not be called by.

    What
        Reports a Deny of lambda:InvokeFunction that names a function, while the same caller may still invoke that
        function under its version $LATEST, or that names versions and aliases while the function itself stays open.

    Why it matters
        AWS compares the whole name. A Deny on function:pay does not cover function:pay:$LATEST, which runs the same
        code: whoever is to be kept out only has to add a word.

    How to fix
        Deny both names: function:NAME and function:NAME:*.

    When it is fine
        Where only one of the names is to be closed, such as a version with a fault.

    References
        AWS Lambda Developer Guide, "Fine-tuning the Resources and Conditions sections of policies"
        IAM User Guide, "Policy evaluation logic"
    """

    id = "PC010"
    name = "deny-beside-the-mark"
    severity = "low"
    concerns = (traits.DENIES,)
    bad = (_policy(_PAY), _policy(f"{_PAY}:*"))
    good = (
        _policy([_PAY, f"{_PAY}:*"]),
        _policy(f"{_PAY}*"),
        _policy(_PAY, Action="lambda:UpdateFunctionCode"),
        _policy(f"{_PAY}:3"),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterable[Finding]:
        for policy in caller.policies:
            if policy.document is not None and (found := _suspects(policy.document)) and not written_by_aws(policy):
                yield from self._report(view, caller, policy, found)

    def _report(
        self, view: View, caller: Role | User, policy: Policy, found: Iterable[tuple[Statement, str, str]]
    ) -> Iterator[Finding]:
        for statement, denied, open_name in found:
            answer = view.decide(caller, _INVOKE, open_name)
            # Where the denied name was never allowed, nothing was meant to be open.
            if answer.verdict is not Verdict.ALLOWED or not _shuts(view.decide(caller, _INVOKE, denied), statement):
                continue
            name, instead = (arn.rpartition(":function:")[2] for arn in (denied, open_name))
            yield self.finding(
                f"the Deny of {name} leaves {instead} open to {_who(caller)}",
                whose(policy),
                [
                    view.place(policy, statement, f"does not cover {instead}", "/Resource"),
                    *(view.place(r.policy, r.statement, f"allows {instead}") for r in answer.reasons),
                ],
                path=(
                    PathStep(
                        "role" if isinstance(caller, Role) else "user",
                        caller.name,
                        caller.arn,
                        _INVOKE,
                        answer.verdict,
                    ),
                    PathStep("function", instead, open_name),
                ),
                fix=f'deny both names: "{_own(denied)}" and "{_own(denied)}:*"',
                witness=answer.witness,
            )


def _who(caller: Role | User) -> str:
    return "whoever has the policy" if isinstance(caller, Role) and caller.loose else caller.name


def _shuts(answer: Answer, statement: Statement) -> bool:
    return answer.verdict is Verdict.DENIED and any(reason.statement is statement for reason in answer.reasons)


@lru_cache(maxsize=1 << 14)
def _suspects(document: Document) -> tuple[tuple[Statement, str, str], ...]:
    """Deny statements that name a function by one kind of name only: (statement, a name it denies, one it does not)."""
    found = []
    for statement in document.statements:
        if statement.is_allow or statement.actions is None or statement.conditions:
            continue
        if not any(a.lower() in ("lambda:*", "lambda:invoke*", "lambda:invokefunction") for a in statement.actions):
            continue
        named = set(statement.resources or ())
        for text in sorted(named):
            own = _own(text)
            if own is not None and text == own:
                found.append((statement, own, f"{own}:$LATEST"))
            elif own is not None and text == f"{own}:*":
                found.append((statement, f"{own}:$LATEST", own))
    return tuple(found)


def _own(text: str) -> str | None:
    """The ARN of the one function that a text names, None where it names several or none."""
    parts = text.split(":")
    if len(parts) not in (7, 8) or parts[2] != "lambda" or parts[5] != "function":
        return None
    own = ":".join(parts[:7])
    return None if "*" in own or "?" in own or "${" in own else own
