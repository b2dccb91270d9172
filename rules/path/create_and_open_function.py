"""PC302: a caller that makes a function run as a stronger role, and lets itself or others invoke it."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import account, allow, deny, function_arn, role_arn, table_arn, user, worker
from permcheck.rules.path._creating import ADD, CREATE, PASS, PUT, told

OWN = function_arn("lee-*")
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
PASSING = allow(PASS, role_arn("report-role"))
FOR_EVENTS = {"StringEquals": {"lambda:Principal": "events.amazonaws.com"}}


class CreateAndOpenFunction(Rule):
    """A caller may make a function run as a stronger role, and open it.

    What
        A role or user may create a function, give it a role that is stronger than itself, and write the function's
        policy (lambda:AddPermission, lambda:PutResourcePolicy). It may not invoke the function as it is; one call more
        and it may, or an account of its own, or everybody. The severity is that of create-and-invoke-function.

    Why it matters
        What is missing to run the code with the stronger role is granted by the caller itself.

    How to fix
        Name the roles that the caller's functions run as in the statement for iam:PassRole, and keep stronger roles out
        of its reach; hold lambda:AddPermission to a service by a condition on lambda:Principal.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.
        lambda:PutResourcePolicy alone is reported with less confidence: AWS's guide asks for lambda:AddPermission and
        lambda:RemovePermission beside it.

    References
        Lambda API Reference, "AddPermission" and "PutResourcePolicy"
        IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
    """

    id = "PC302"
    name = "create-and-open-function"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (CREATE,)

    bad = (
        Example(account(REPORT, user("lee", PASSING, allow([CREATE, ADD], OWN))), "it adds itself to the policy"),
        Example(account(REPORT, user("lee", PASSING, allow([CREATE, PUT], OWN))), "the newer call"),
    )
    good = (
        Example(
            account(REPORT, user("lee", PASSING, allow(CREATE, OWN), allow(ADD, OWN, Condition=FOR_EVENTS))),
            "only a service can be let in",
        ),
        Example(account(REPORT, user("lee", PASSING, allow([CREATE, ADD], OWN), deny(CREATE))), "a Deny on one step"),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can create a function with a stronger role and open it to itself."""
        fix = "name the roles that functions of {caller} run as, and not {role}, in its statement for iam:PassRole"
        yield from told(self, view, caller, "grant", "let itself or anyone invoke it", "allows writing its policy", fix)
