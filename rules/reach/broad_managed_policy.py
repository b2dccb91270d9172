"""PC208: a function with a policy that AWS wrote for everybody."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from permcheck.model import Document, Finding, Policy, Role
from permcheck.rule import Answer, Example, Narrowing, Rule, View, traits
from permcheck.rule.granting import (
    OF_AWS,
    READS_ALL,
    broad,
    concrete,
    could_be_limited,
    samples,
    service_of_wildcard,
    writes,
)
from permcheck.rules._examples import BASIC, account, allow, deny, document, role, worker
from permcheck.rules.reach._execution import listed, passed_over, path, running_too, whose

# Made for the work Lambda itself does with the function's role: logs, network, polling a queue or stream, tracing.
FOR_LAMBDA = re.compile(
    r"service-role/AWSLambda\w*ExecutionRole|AWSLambda\w*ExecutionRole|\w*LambdaInsights\w*|AWSXRay\w+"
)
MOST = 8
Told = tuple[str, str]  # a pattern of actions as written, and one action it names


class BroadManagedPolicy(Rule):
    """A function's role has a broad AWS managed policy.

    What
        The role of a function has an AWS managed policy that lets it change or read things without naming any:
        AWSLambda_FullAccess, AWSLambdaRole, AWSLambdaExecute, AmazonS3FullAccess, and many more.

    Why it matters
        Such policies are written for people who try things out, in any account. They name no resource of yours, and
        AWS adds to them. Some have names that sound like less: AWSLambdaExecute lets a function read and write every
        object of every bucket, AWSLambdaRole lets it invoke every function.

    How to fix
        Detach the policy, and write one that names the actions the code calls and the resources it calls them on.
        AWSLambdaBasicExecutionRole and its kin, which are for what Lambda does on the function's behalf, can stay.

    When it is fine
        Where a boundary or a Deny takes the broad part away the policy is not reported. For a function that serves to
        explore an account, say so in a suppression.

    References
        AWS Managed Policy Reference, "AWSLambdaExecute"
        Lambda Developer Guide, "AWS managed policies for Lambda features"
    """

    id = "PC208"
    name = "broad-managed-policy"
    severity = "medium"
    confidence = "high"
    since = "0.1"
    concerns = (traits.BROAD_OF_AWS,)

    bad = (
        Example(
            account(worker("chat-role", managed=["AmazonAPIGatewayInvokeFullAccess"]), functions={"chat": "chat-role"}),
            "every API, for a function that answers one",
        ),
        Example(
            account(worker("doors-role", managed=["AWSIoTDataAccess"]), functions={"doors": "doors-role"}),
            "every topic of every device",
        ),
    )
    good = (
        Example(
            account(
                role(
                    "poller-role",
                    managed=[BASIC, "service-role/AWSLambdaSQSQueueExecutionRole", "AWSXRayDaemonWriteAccess"],
                ),
                functions={"poller": "poller-role"},
            ),
            "policies for what Lambda does itself",
        ),
        Example(
            account(
                worker("thumbs-role", managed=["AWSLambdaExecute"], boundary=document(allow("logs:*"))),
                functions={"thumbs": "thumbs-role"},
            ),
            "a boundary leaves logs",
        ),
        Example(
            account(
                worker("thumbs-role", deny("s3:*"), managed=["AWSLambdaExecute"]), functions={"thumbs": "thumbs-role"}
            ),
            "a Deny takes the broad part back",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report the broad policies of AWS on a role."""
        attached = [
            p for p in role.policies if OF_AWS in (p.arn or "") and p.document is not None and _broad_actions(p)
        ]
        if not attached or passed_over(view, role):
            return
        found = {p: left for p in attached if (left := _effective(view, role, _broad_actions(p)))}
        if not found:
            return
        names = listed(policy.name for policy in found)
        patterns = [pattern for pattern, _ in found.values()]
        answers = [answer for _, answer in found.values()]
        yield self.finding(
            f"{whose(view, role)} has {names}, which allows {listed(patterns)} on everything",
            role.arn,
            [view.place(p, None, f"allows {pattern} on everything") for p, (pattern, _) in found.items()],
            path=path(view, role, patterns[0], "every resource"),
            conditions=answers[0].conditions,
            fix=f"detach {names} from {role.name}, and allow by name what its code does",
            witness=answers[0].witness,
            others=running_too(view, role),
        )


def _effective(view: View, role: Role, told: Sequence[Told]) -> tuple[str, Answer] | None:
    """The first of the actions that the role may do on any resource after all."""
    for pattern, action in told:
        answer = view.decide_any(role, action)
        if answer.allowed and answer.narrowing is not Narrowing.RESOURCE:
            return pattern, answer
    return None


def _broad_actions(policy: Policy) -> tuple[Told, ...]:
    """Some actions, each with the pattern that names it, that a policy of AWS allows on everything."""
    if policy.document is None or FOR_LAMBDA.fullmatch((policy.arn or "").partition(OF_AWS)[2]):
        return ()
    return _told(policy.document)


@lru_cache(maxsize=256)
def _told(document: Document) -> tuple[Told, ...]:
    """Those of a document, as far as they could be limited. Few documents are attached to many roles."""
    found = []
    for statement in document.statements:
        if statement.is_allow and any(broad(r) for r in statement.resources or ()):
            for pattern in statement.actions or ():
                service = service_of_wildcard(pattern)
                named = samples(service) if service else concrete(pattern)
                found += [(pattern, a) for a in named if (writes(a) and could_be_limited(a)) or a in READS_ALL]
    return tuple(found[:MOST])
