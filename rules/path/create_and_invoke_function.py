"""PC301: a caller that makes a function run as a stronger role, and invokes it."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import account, allow, deny, function_arn, role_arn, table_arn, user, worker
from permcheck.rules.path._creating import CREATE, PASS, told
from permcheck.rules.path._steps import INVOKE

REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
PASSING = allow(PASS, role_arn("report-role"))


class CreateAndInvokeFunction(Rule):
    """A caller may make a function run as a stronger role, and invoke it.

    What
        A role or user may create a function (lambda:CreateFunction), give it a role that is stronger than itself
        (iam:PassRole, where the role trusts Lambda), and invoke it. The names under which it may do the one and the
        other go together, and no function need exist yet. How bad it is depends on what the role reaches: critical for
        an administrator or a role that can rewrite IAM, high for all data of a kind, medium for single things.

    Why it matters
        The code of the function is the caller's own, so the caller does whatever the role may do. Its own policies
        name none of it. A condition that the role be passed to lambda.amazonaws.com is met by doing just this.

    How to fix
        Name the roles that the caller's functions run as in the statement for iam:PassRole, and keep stronger roles out
        of its reach; or let a pipeline create functions.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained. A
        role that functions run as already is another rule's: function-escalates-through-function.

    References
        IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
        Lambda API Reference, "CreateFunction"
    """

    id = "PC301"
    name = "create-and-invoke-function"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (CREATE,)

    bad = (
        Example(
            account(REPORT, user("lee", PASSING, allow([CREATE, INVOKE], function_arn("lee-*")))),
            "one role that reads orders: medium",
        ),
        Example(
            account(REPORT, user("lee", PASSING, allow(CREATE), allow(INVOKE, function_arn("*-test")))),
            "names that fit both",
        ),
    )
    good = (
        Example(
            account(
                REPORT,
                user("lee", PASSING, allow(CREATE, function_arn("lee-*")), allow(INVOKE, function_arn("shop-*"))),
            ),
            "it creates under one name and invokes under another",
        ),
        Example(
            account(
                REPORT, user("lee", PASSING, allow([CREATE, INVOKE], function_arn("lee-*")), deny(PASS, role_arn("*")))
            ),
            "a Deny takes it back",
        ),
        Example(
            account(REPORT, user("lee", PASSING, allow([CREATE, INVOKE], function_arn("lee-*")))),
            "the user is meant to deploy",
            {"deploy_roles": ["lee"]},
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can create a function with a stronger role and invoke it."""
        fix = 'name the roles that functions of {caller} run as, and not {role}: "Action": "iam:PassRole", "Resource": '
        yield from told(self, view, caller, "invoke", "invoke it", "allows invoking it", fix + '"ARN of a weaker role"')
