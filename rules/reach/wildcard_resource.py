"""PC204: an action that could be limited to resources, and is not."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, Statement
from permcheck.rule import Answer, Example, Narrowing, Rule, View, traits
from permcheck.rule.around import POOL_ADMINISTRATION
from permcheck.rule.granting import (
    IAM_WRITE,
    OF_AWS,
    OPENS_RESOURCES,
    READS_ALL,
    RETURNS_CREDENTIALS,
    broad,
    concrete,
    could_be_limited,
    service_of_wildcard,
    writes,
)
from permcheck.rules._examples import account, allow, deny, table_arn, worker
from permcheck.rules.reach._execution import MAY, listed, passed_over, path, places, running_too, whose

# A statement that another rule speaks of is not spoken of twice.
OTHERS = ("iam:PassRole", "sts:AssumeRole", "lambda:GetFunction")
TOLD = frozenset((*IAM_WRITE, *OPENS_RESOURCES, *READS_ALL, *RETURNS_CREDENTIALS, *OTHERS))
TOLD_PREFIX = "lambda:"
MOST = 4  # actions of a statement that are decided
# Names of reading actions that tell about a thing rather than what is in it.
ABOUT = ("Describe", "List", "Head", "GetQueue")


class WildcardResource(Rule):
    """An action on all resources that could be limited to some.

    What
        The role of a function allows an action on *, or on everything of a kind, and AWS lets that action be limited
        to named resources. Medium where the action changes something, low where it reads.

    Why it matters
        The code works on one table or one queue; the role lets it work on all of them, those of other teams included.

    How to fix
        Name the resources. permcheck reach FUNCTION shows what is allowed now.

    When it is fine
        Where the resources are not known beforehand: sns:Publish to phone numbers needs *. Actions that take no
        resource are not reported, nor metrics, traces, logs and the network interfaces of a function in a VPC.
        Policies written by AWS are the subject of broad-managed-policy.

    References
        Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
        Amazon SNS Developer Guide, "Sending SMS messages"
    """

    id = "PC204"
    name = "wildcard-resource"
    severity = "medium"
    confidence = "medium"
    since = "0.1"
    concerns = (traits.BROAD,)

    bad = (
        Example(
            account(worker("tagger-role", allow("dynamodb:PutItem")), functions={"tagger": "tagger-role"}),
            "every table, for a function that writes one",
        ),
        Example(
            account(worker("sums-role", allow("kinesis:GetRecords")), functions={"sums": "sums-role"}), "reading: low"
        ),
    )
    good = (
        Example(
            account(
                worker("tagger-role", allow("dynamodb:PutItem", table_arn("Tags"))), functions={"tagger": "tagger-role"}
            ),
            "one table",
        ),
        Example(
            account(
                worker(
                    "metrics-role",
                    allow(
                        [
                            "cloudwatch:PutMetricData",
                            "xray:PutTraceSegments",
                            "logs:PutLogEvents",
                            "ec2:CreateNetworkInterface",
                            "ec2:DeleteNetworkInterface",
                            "ec2:DescribeNetworkInterfaces",
                            "rekognition:DetectLabels",
                        ]
                    ),
                ),
                functions={"metrics": "metrics-role"},
            ),
            "what has no narrower form that works",
        ),
        Example(
            account(
                worker("tagger-role", allow("dynamodb:PutItem"), deny("dynamodb:*")),
                functions={"tagger": "tagger-role"},
            ),
            "a Deny takes it back",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report the statements of a role that name no resource where they could."""
        own = (policy for policy in role.policies if OF_AWS not in (policy.arn or ""))
        suspects = [statement for policy in own for statement in policy.statements if _suspect(statement)]
        if not suspects or passed_over(view, role):
            return
        found: dict[str, Answer] = {}
        for statement in suspects:
            found.update(_limitable(view, role, statement))
        if not found:
            return
        changing = [action for action in found if writes(action)]
        yield self.finding(
            f"{whose(view, role)} can do {listed(changing or found)} on every resource",
            role.arn,
            places(view, found.values(), "names no resource"),
            severity=self.severity if changing else "low",
            path=path(view, role, next(iter(changing or found)), "every resource"),
            conditions=next(iter(found.values())).conditions,
            fix=f'name the resources {role.name} works on in "Resource"',
            witness=next(iter(found.values())).witness,
            others=running_too(view, role),
        )


def _suspect(statement: Statement) -> bool:
    """Whether the statement names everything of a kind."""
    for resource in statement.resources or ():
        if resource.endswith("*") and broad(resource):
            return statement.is_allow and statement.actions is not None
    return False


def _limitable(view: View, role: Role, statement: Statement) -> Iterator[tuple[str, Answer]]:
    """The actions of the statement that the role may do on any resource, though they could be limited."""
    named = [a for p in statement.actions or () if service_of_wildcard(p) is None for a in concrete(p)]
    if role.arn in view.around.roles_of_pool_triggers:
        named = [a for a in named if a not in POOL_ADMINISTRATION]  # powerful-pool-trigger speaks of these
    if any((a in TOLD or a.startswith(TOLD_PREFIX)) and view.may_any(role, a) in MAY for a in named):
        return
    for action in [a for a in named if _worth_limiting(a)][:MOST]:
        answer = view.decide_any(role, action) if view.may_name_any(role, action) else None
        if answer is not None and answer.allowed and answer.narrowing is Narrowing.NONE:
            yield action, answer


def _worth_limiting(action: str) -> bool:
    service, _, name = action.partition(":")
    return could_be_limited(action) and (writes(action) or not (service == "iam" or name.startswith(ABOUT)))
