"""PC304: a caller that makes a function run as a stronger role, and gives it a URL."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import account, allow, function_arn, role_arn, table_arn, user, worker
from permcheck.rules.path._creating import CREATE, INVOKE_URL, PASS, URL, told
from permcheck.rules.path._steps import INVOKE

OWN = function_arn("lee-*")
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
MAKING = (allow(PASS, role_arn("report-role")), allow([CREATE, URL], OWN))
THROUGH_URL = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}


class CreateAndCallFunctionByUrl(Rule):
    """A caller may make a function run as a stronger role, and call its URL.

    What
        A role or user may create a function, give it a role that is stronger than itself, give it a URL
        (lambda:CreateFunctionUrlConfig) and call that, with lambda:InvokeFunctionUrl and a lambda:InvokeFunction that
        holds for URLs alone. Whoever may invoke the function in any other way has create-and-invoke-function instead,
        and whoever may open it, to everybody if need be, create-and-open-function. The severity is the same.

    Why it matters
        A right to invoke that holds for URLs only looks like a door that somebody else has to build. The caller builds
        it, and its code runs with the stronger role.

    How to fix
        Name the roles that the caller's functions run as in the statement for iam:PassRole, and keep stronger roles out
        of its reach; leave lambda:CreateFunctionUrlConfig to the pipeline.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.

    References
        Lambda Developer Guide, "Control access to Lambda function URLs"
        Lambda API Reference, "CreateFunctionUrlConfig"
    """

    id = "PC304"
    name = "create-and-call-function-by-url"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (CREATE,)

    bad = (
        Example(
            account(REPORT, user("lee", *MAKING, allow(INVOKE_URL, OWN), allow(INVOKE, OWN, Condition=THROUGH_URL))),
            "it may invoke through URLs, and makes one",
        ),
    )
    good = (
        Example(account(REPORT, user("lee", *MAKING, allow(INVOKE_URL, OWN))), "a URL takes two grants"),
        Example(
            account(REPORT, user("lee", MAKING[0], allow(CREATE, OWN), allow(INVOKE, OWN, Condition=THROUGH_URL))),
            "nobody gives it a URL",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can create a function with a stronger role and call it by a URL it gives it."""
        fix = "name the roles that functions of {caller} run as, and not {role}, in its statement for iam:PassRole"
        yield from told(
            self, view, caller, "url", "give it a URL and call that", "allows giving it a URL and calling that", fix
        )
