"""PC334: a service calls a strong function for a stranger."""

from collections.abc import Iterator

from permcheck.model import Finding, Function, PathStep, Verdict
from permcheck.rule import Example, Rule, Scope, ServiceGrant, Strength, View, traits
from permcheck.rules._examples import account, allow, table_arn, worker
from permcheck.rules.path._captures import BUCKET, from_service, grant, policy
from permcheck.rules.path._steps import DOES_NOT_APPLY, once, reached, shifted

S3 = {"Service": "s3.amazonaws.com"}
STRANGERS = (Scope.ANYTHING, Scope.UNTOLD, Scope.ANY_ACCOUNT, Scope.NAMESAKE)
RESIZE = {"resize": "resize-role"}
STRONG = worker("resize-role", allow("secretsmanager:GetSecretValue"))
# What the single steps are reported as.
PARTS = {"ignore": ["PC103", "PC104", "PC105", "PC205", "PC17*"]}


class ServiceLeadsStrangerToData(Rule):
    """A service calls a function for a stranger, and the function reaches all data of a kind.

    What
        The policy of a function lets a service call it without saying for whose resource, or for one of any account, or
        for a bucket that a stranger can come to own. The function's role is administrator, can give itself more rights,
        or has all data of a kind.

    Why it matters
        A stranger points a bucket, topic or rule of an own account at the function, whose ARN is no secret, and the
        service passes on events of the stranger's making. The service is the deputy, the function's role the prize.

    How to fix
        Name the resource and its account in the grant (aws:SourceArn, aws:SourceAccount), and give the function a role
        that reaches what it works on and nothing else.

    When it is fine
        For services that cannot be held to a source the single grant is reported as less severe, and this finding
        follows it: it is never above high.

    References
        Lambda Developer Guide, "Granting Lambda function access to AWS services"
        IAM User Guide, "The confused deputy problem"
    """

    id = "PC334"
    name = "service-leads-stranger-to-data"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (traits.SERVICE,)

    bad = (
        Example(
            account(STRONG, functions=RESIZE) | policy("resize", grant("resize", S3)), "buckets of any account", PARTS
        ),
    )
    good = (
        Example(
            account(STRONG, functions=RESIZE) | policy("resize", from_service("resize", "s3", BUCKET)),
            "one bucket, of our own account",
            PARTS,
        ),
        Example(
            account(worker("resize-role", allow("dynamodb:PutItem", table_arn("Files"))), functions=RESIZE)
            | policy("resize", grant("resize", S3)),
            "the function writes one table",
            PARTS,
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterator[Finding]:
        """Report a strong function that a service calls for a stranger."""
        role = view.role_of(function)
        if role is None or view.strength(role) < Strength.ALL_DATA:
            return
        found = next((g for g in view.service_grants(function) if g.scope in STRANGERS and g.takeable), None)
        if found is None:
            return
        made = found.outsider
        steps = tuple(view.function_steps(function, made.qualifier))
        yield self.finding(
            f"a stranger can have {found.service} call {function.name}, and so reach {steps[-1].name}",
            function.arn,
            once(
                (
                    *(
                        view.place(r.policy, r.statement, "names no source" if r.statement.is_allow else DOES_NOT_APPLY)
                        for r in made.reasons
                    ),
                    *reached(view, role),
                )
            ),
            severity=_severity(self.severity, found),
            path=(PathStep(made.kind, made.caller, None, "may invoke", Verdict.CONDITIONAL), *steps),
            conditions=found.conditions,
            fix=f"name the resource and its account in the grant to {found.service}, by aws:SourceArn and "
            f"aws:SourceAccount, and give {function.name} a role that reaches what it works on alone",
            witness=made.row.witness,
            explained=view.public_reason(function),
        )


def _severity(severity: str, found: ServiceGrant) -> str:
    """No more than the grant by itself would be; a name that has to be free first makes it less."""
    if found.known is not None and found.known.without_source in ("medium", "low", "exempt"):
        return "low" if found.known.without_source == "exempt" else found.known.without_source
    return shifted(severity, -1) if found.scope is Scope.NAMESAKE else severity
