"""PC203: a function that may do all a service offers, to all the service holds."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, Statement
from permcheck.rule import Answer, Example, Narrowing, Rule, View, traits
from permcheck.rule.granting import samples, service_of_wildcard
from permcheck.rules._examples import ACCOUNT, REGION, account, allow, deny, worker
from permcheck.rules.reach._execution import listed, passed_over, path, places, running_too, weighed, whose

# Lambda, IAM and STS have rules of their own; logs and traces are what every function writes.
LEFT_OUT = frozenset(("lambda", "iam", "sts", "logs", "xray"))


class ServiceWildcard(Rule):
    """A function may do everything with a service.

    What
        The role of a function allows every action of a service (polly:*) on all of its resources.

    Why it matters
        Code calls a handful of actions on a handful of things. The rest is there for whoever gets the code to do
        something else: deleting, sharing with another account, and whatever the service learns to do in years to come.

    How to fix
        Name the actions the code calls and the resources it calls them on.

    When it is fine
        Services that have nothing to change, or nothing that could be named, are not reported; nor are logs and
        traces.

    References
        Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
        IAM User Guide, "Grant least privilege access"
    """

    id = "PC203"
    name = "service-wildcard"
    severity = "medium"
    confidence = "high"
    since = "0.1"
    concerns = (traits.WHOLE_SERVICE,)

    bad = (
        Example(
            account(worker("speaker-role", allow("polly:*")), functions={"speaker": "speaker-role"}),
            "for a function that reads a text aloud",
        ),
        Example(
            account(
                worker("mover-role", allow("states:*", f"arn:aws:states:{REGION}:{ACCOUNT}:*")),
                functions={"mover": "mover-role"},
            ),
            "a resource that only looks narrower",
        ),
    )
    good = (
        Example(
            account(worker("speaker-role", allow("polly:SynthesizeSpeech")), functions={"speaker": "speaker-role"}),
            "the action it needs, which takes no resource",
        ),
        Example(
            account(
                worker("sender-role", allow("sqs:*", f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs")),
                functions={"sender": "sender-role"},
            ),
            "one queue",
        ),
        Example(
            account(worker("tracer-role", allow(["logs:*", "xray:*"])), functions={"tracer": "tracer-role"}),
            "logs and traces",
        ),
        Example(
            account(worker("speaker-role", allow("polly:*"), deny("polly:*")), functions={"speaker": "speaker-role"}),
            "a Deny takes it back",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report the services of which a role may do everything."""
        services = dict.fromkeys(s for p in role.policies for st in p.statements for s in _services(st))
        if not services or passed_over(view, role):
            return
        found: dict[str, list[Answer]] = {}
        for service in services:
            answers = _all_of(view, role, service)
            if answers:
                found[service] = answers
        if not found:
            return
        given = [answer for answers in found.values() for answer in answers]
        named = listed(f"{service}:*" for service in found)
        yield self.finding(
            f"{whose(view, role)} can do everything with all of {listed(found)}",
            role.arn,
            places(view, given, "allows every action on every resource"),
            severity=weighed(self.severity, given),
            path=path(view, role, next(iter(found)) + ":*", f"all of {listed(found)}"),
            conditions=given[0].conditions,
            fix=f"replace {named} by the actions the code calls, and * by the ARNs it calls them on",
            witness=given[0].witness,
            others=running_too(view, role),
        )


def _all_of(view: View, role: Role, service: str) -> list[Answer]:
    """The answers for a few actions of the service on any resource, none where one of them is not allowed there."""
    answers = []
    if not all(view.may_name_any(role, action) for action in samples(service)):
        return []
    for action in samples(service):
        answer = view.decide_any(role, action)
        if not answer.allowed or answer.narrowing is Narrowing.RESOURCE:
            return []
        answers.append(answer)
    return answers


def _services(statement: Statement) -> Iterator[str]:
    if statement.is_allow and statement.actions:
        for pattern in statement.actions:
            if pattern.endswith("*") and (service := service_of_wildcard(pattern)) and service not in LEFT_OUT:
                yield service
