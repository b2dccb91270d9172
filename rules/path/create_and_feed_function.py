"""PC303: a caller that makes a function run as a stronger role, and connects it to a queue or stream."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import ACCOUNT, REGION, account, allow, function_arn, role_arn, table_arn, user, worker
from permcheck.rules.path._creating import CREATE, MAP, PASS, told

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
POLLS = allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], QUEUE)
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")), POLLS)
MAKING = (allow(PASS, role_arn("report-role")), allow(CREATE, function_arn("lee-*")))


class CreateAndFeedFunction(Rule):
    """A caller may make a function run as a stronger role, and feed it.

    What
        A role or user may create a function, give it a role that is stronger than itself, and connect it to a queue or
        stream (lambda:CreateEventSourceMapping) that the role may read. Either the caller may write to it, or functions
        in view read it already, so that records come anyway. The severity is that of create-and-invoke-function.

    Why it matters
        A mapping makes Lambda read the source and run the function, with the stronger role, for every record. Neither
        the caller's right to invoke nor the function's policy is asked.

    How to fix
        Name the roles that the caller's functions run as in the statement for iam:PassRole, and keep stronger roles out
        of its reach; limit lambda:CreateEventSourceMapping by a condition on lambda:FunctionArn.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.
        With less confidence where nothing in view shows that the queue or the table's stream exists.

    References
        Lambda API Reference, "CreateEventSourceMapping"
        Lambda Developer Guide, "How Lambda processes records from stream and queue-based event sources"
    """

    id = "PC303"
    name = "create-and-feed-function"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (CREATE,)

    bad = (
        Example(
            account(REPORT, user("lee", *MAKING, allow(MAP), allow("sqs:SendMessage", QUEUE))),
            "a queue that the role reads and the caller writes",
        ),
    )
    good = (
        Example(account(REPORT, user("lee", *MAKING, allow(MAP))), "nothing to put a record into"),
        Example(
            account(
                worker("report-role", allow("dynamodb:Query", table_arn("Orders"))),
                user("lee", *MAKING, allow(MAP), allow("sqs:SendMessage", QUEUE)),
            ),
            "the role may not read the queue, so the mapping does not work",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can create a function with a stronger role and have a mapping run it."""
        fix = "name the roles that functions of {caller} run as, and not {role}, in its statement for iam:PassRole"
        yield from told(
            self, view, caller, "source", "connect it to a queue or stream", "allows connecting it to a source", fix
        )
