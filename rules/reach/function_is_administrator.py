"""PC201: a function that may do everything."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, Verdict
from permcheck.rule import Example, Narrowing, Rule, View, granting
from permcheck.rules._examples import account, allow, deny, document, worker
from permcheck.rules.reach._execution import MAY, path, places, running_too, weighed

# Where these are allowed on any resource, the rest is too; the answer for each shows the statements behind it.
SHOWN = ("s3:GetObject", "kms:Decrypt", "lambda:UpdateFunctionCode")


class FunctionIsAdministrator(Rule):
    """A function is administrator of the account.

    What
        The role of a function may do everything, or everything that is not IAM: * on *, AdministratorAccess,
        PowerUserAccess, or what comes to the same. A role that trusts Lambda counts too while no function uses it.

    Why it matters
        Whoever can make the function do what they want has the account: through an input that the code trusts, a
        package it depends on, a layer, or the right to replace its code. The function's callers need no rights of
        their own.

    How to fix
        Write down what the code calls, and allow that. CloudTrail and IAM Access Analyzer can tell what it has called.
        A function that creates resources for others can be held by a permissions boundary.

    When it is fine
        For a function that sets up new accounts and that only its pipeline can invoke or change: suppress the finding
        for its role, with that reason. A Deny or a boundary that takes the dangerous part away ends the finding by
        itself.

    References
        Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
        IAM User Guide, "Security best practices in IAM"
    """

    id = "PC201"
    name = "function-is-administrator"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = granting.EVERYTHING[-1:]

    bad = (
        Example(
            account(worker("console-role", managed=["AdministratorAccess"]), functions={"console": "console-role"}),
            "AWS's administrator policy",
        ),
        Example(
            account(worker("console-role", allow("*")), functions={"console": "console-role"}), "the same, written out"
        ),
        Example(account(worker("debug-role", managed=["PowerUserAccess"])), "no function yet, but Lambda may have it"),
    )
    good = (
        Example(
            account(
                worker("console-role", allow("*"), boundary=document(allow("logs:*"))),
                functions={"console": "console-role"},
            ),
            "a boundary leaves logs",
        ),
        Example(
            account(worker("console-role", allow("*"), deny("*")), functions={"console": "console-role"}),
            "a Deny takes it back",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report a role that may do everything."""
        verdict = view.administrator(role)
        if verdict not in MAY or role.service_linked:
            return
        answers = [view.decide_any(role, action) for action in SHOWN]
        if any(answer.narrowing is Narrowing.RESOURCE for answer in answers):
            return
        unused = "" if view.functions_of(role.arn) else "; no function in view runs as it yet"
        yield self.finding(
            f"{_whose(view, role)} can do everything in the account{_but(view, role)}{unused}",
            role.arn,
            places(view, answers, "allows everything", whole=True),
            severity=weighed(self.severity, answers),
            path=path(view, role, "may reach", "everything in the account", "admin"),
            conditions=() if verdict is Verdict.ALLOWED else answers[0].conditions,
            fix=f"give {role.name} the actions its code calls, on the resources it calls them on, in place of *",
            witness=answers[0].witness,
            others=running_too(view, role),
        )


def _whose(view: View, role: Role) -> str:
    """The role, which the finding is about, with the functions that have it."""
    functions = view.functions_of(role.arn)
    if not functions:
        return f"role {role.name}, which Lambda may take,"
    more = f" and {len(functions) - 1} more" if len(functions) > 1 else ""
    return f"role {role.name} of function {functions[0].name}{more}"


def _but(view: View, role: Role) -> str:
    """What an administrator of this kind may not do: PowerUserAccess leaves IAM out."""
    return "" if any(view.may_any(role, action) in MAY for action in granting.IAM_WRITE) else " but manage IAM"
