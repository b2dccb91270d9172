"""PC209: a role that several functions run as."""

from collections.abc import Iterator

from permcheck.model import Finding, Function, Location, PathStep, Role, Verdict
from permcheck.rule import Example, Rule, Strength, View, traits
from permcheck.rules._examples import ACCOUNT, account, allow, function_arn, table_arn, worker
from permcheck.rules.reach._execution import listed

OPEN_KINDS = ("anyone", "aws")
DOORS = frozenset((traits.EVERYBODY, traits.URL))
BATCH = worker("batch-role", allow("dynamodb:Query", table_arn("Batches")))


class SharedRole(Rule):
    """Several functions run as one role.

    What
        Two or more functions have the same execution role, and the role reaches something.

    Why it matters
        The role holds the sum of what each function needs, so each may do what only another has to. Where one of them
        is open to the world and another is not, the open one reaches what the closed one works on: that is high.

    How to fix
        Give each function a role of its own. Tools that deploy functions can make one for each.

    When it is fine
        For functions that do the same with the same things. Roles that only write logs are not reported, nor are
        versions and aliases of one function.

    References
        Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
        IAM User Guide, "Security best practices in IAM"
    """

    id = "PC209"
    name = "shared-role"
    severity = "low"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            account(BATCH, functions={"batch-start": "batch-role", "batch-end": "batch-role"}), "equally closed: low"
        ),
    )
    good = (
        Example(
            account(
                BATCH,
                worker("end-role", allow("dynamodb:Query", table_arn("Ends"))),
                functions={"batch-start": "batch-role", "batch-end": "end-role"},
            ),
            "a role for each",
        ),
        Example(account(worker("batch-role"), functions={"a": "batch-role", "b": "batch-role"}), "only logs"),
        Example(
            {
                **account(BATCH, functions={"batch-start": "batch-role"}),
                "aliases.json": {
                    "Aliases": [{"AliasArn": function_arn("batch-start:live"), "Name": "live", "FunctionVersion": "1"}]
                },
            },
            f"one function of account {ACCOUNT} and its alias",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report a role that more than one function runs as."""
        functions = [f for f in view.functions_of(role.arn) if f.listed]
        if len(functions) < 2 or role.service_linked or view.strength(role) is Strength.NOTHING:
            return
        opened = [f for f in functions if _open(view, f)]
        differ = 0 < len(opened) < len(functions)
        closed = [f for f in functions if f not in opened]
        first = opened[0] if differ else functions[0]
        steps = [PathStep("function", first.name, first.arn, "runs as", Verdict.ALLOWED), *view.role_steps(role)]
        if differ:
            start = PathStep(*_door(view, first), None, "may invoke", Verdict.ALLOWED)
            message = (
                f"{first.name} is open to the world and runs as {role.name}, as does {closed[0].name}, which is not"
            )
            fix = f"give {first.name} a role of its own, with what it alone needs"
            steps = [start, *steps]
        else:
            message = f"{len(functions)} functions run as {role.name}: {listed(f.name for f in functions)}"
            fix = "give each function a role of its own"
        yield self.finding(
            message,
            role.arn,
            [
                Location(role.source, role.pointer, role.arn),
                *(Location(f.source, f.pointer, f.arn, note="runs as this role") for f in (first, *closed[-1:])),
            ],
            severity="high" if differ else self.severity,
            path=steps,
            fix=fix,
        )


def _open(view: View, function: Function) -> bool:
    """Whether anybody at all may invoke the function."""
    return bool(DOORS & view.shape(function)) and _door(view, function) != ("", "")


def _door(view: View, function: Function) -> tuple[str, str]:
    """Kind and name of whoever it is open to."""
    for outsider in view.outsiders(function):
        if outsider.kind in OPEN_KINDS and outsider.exposed:
            return outsider.kind, outsider.caller
    return "", ""
