"""PC004: an Allow that names what it leaves out."""

from collections.abc import Iterable

from permcheck.model import Finding, Policy, PolicyKind, Statement
from permcheck.rule import Example, Rule, View, traits
from permcheck.rule.tables import whose, written_by_aws

_ROLE = "arn:aws:iam::111122223333:role/resize"


def _policy(**elements: object) -> Example:
    return Example({"all-but.json": {"Version": "2012-10-17", "Statement": [{"Sid": "AllBut", **elements}]}})


class AllowAllBut(Rule):
    """An Allow that names what it leaves out.

    What
        Reports NotAction or NotResource together with Allow in identity policies, and NotPrincipal together with
        Allow in trust policies. The severity is low for NotAction where every Resource belongs to one service. Left
        out are policies that limit and do not grant (boundaries, session policies, service control policies), and
        function policies, for which PC110 reports it.

    Why it matters
        Such a statement grants everything that nobody thought of: every other service, every resource made later,
        every action that AWS adds next year. NotPrincipal with Allow lets in everyone but those named.

    How to fix
        Name what is allowed, with Action, Resource and Principal. Where something must stay out of reach, allow what
        is needed and add a Deny.

    When it is fine
        For an administrator's role that is to have everything but one service. Suppress it there with that reason.

    References
        IAM User Guide, "IAM JSON policy elements: NotAction"
        IAM User Guide, "IAM JSON policy elements: NotResource"
        IAM User Guide, "AWS JSON policy elements: NotPrincipal"
    """

    id = "PC004"
    name = "allow-all-but"
    severity = "medium"
    concerns = (traits.NEGATED,)
    bad = (
        _policy(Effect="Allow", Action="sqs:GetQueueUrl", NotResource="arn:aws:sqs:us-east-1:111122223333:jobs"),
        _policy(Effect="Allow", NotAction="s3:DeleteObject", Resource="arn:aws:s3:::trail-photos/*"),
    )
    good = (
        _policy(Effect="Deny", NotAction="lambda:GetPolicy", Resource="*"),
        _policy(Effect="Deny", Action="lambda:InvokeFunction", NotResource="arn:aws:lambda:*:*:function:resize"),
        _policy(Effect="Allow", Action="iam:GetRole", Resource=_ROLE),
    )

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        if not statement.is_allow or (
            statement.not_actions is None and statement.not_resources is None and statement.not_principals is None
        ):
            return ()
        grants = policy.kind is PolicyKind.IDENTITY or (policy.kind is PolicyKind.RESOURCE and policy.trust)
        if not grants or written_by_aws(policy):
            return ()
        if statement.not_principals is not None:
            element, wide = "NotPrincipal", "everyone but those named"
        elif statement.not_actions is not None:
            element, wide = "NotAction", "every action but those named"
        else:
            element, wide = "NotResource", "every resource but those named"
        named = {"NotPrincipal": "Principal", "NotAction": "Action", "NotResource": "Resource"}[element]
        return (
            self.finding(
                f"Allow with {element} grants {wide}",
                whose(policy),
                [view.place(policy, statement, f"what is left out is all that {element} names", f"/{element}")],
                severity="low" if _within_a_service(statement) else self.severity,
                fix=f"Name what is allowed with {named} in place of {element}.",
            ),
        )


def _within_a_service(statement: Statement) -> bool:
    """Whether actions and resources together stay within one service, so that there is little to forget."""
    if statement.not_principals is not None or statement.not_resources is not None:
        return False
    services = {resource.split(":")[2] if resource.count(":") > 2 else "*" for resource in statement.resources or ()}
    return len(services) == 1 and not any("*" in service for service in services)
