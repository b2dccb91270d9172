"""One concrete request that the policies allow, for whoever wants to replay an answer."""

from collections.abc import Mapping

from permcheck.model.verdict import Verdict
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Policies, Request, Way
from permcheck.policy.residue import SESSION_NAME, by_key, solve

JsonObject = Mapping[str, object]
_SPELLED = {
    key.lower(): key
    for key in (
        "aws:FederatedProvider",
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalIsAWSService",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgMasterAccountId",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalServiceName",
        "aws:PrincipalType",
        "aws:RequestedRegion",
        "aws:ResourceAccount",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceVpce",
        "aws:VpcSourceIp",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:VpceOrgPaths",
        "iam:PassedToService",
        "lambda:EventSourceToken",
        "lambda:FunctionUrlAuthType",
        "lambda:InvokedViaFunctionUrl",
    )
}


def witness(request: Request, policies: Policies, decision: Decision, way: Way | None = None) -> JsonObject | None:
    """Principal, action, resource and context of a request that is allowed, None where the conditions were not solved.

    way: the way to take where there are several. Every key that is known goes into the context; open ones get a value
    that meets the open conditions. A conditional
    answer's witness is decided again before it is given out.
    """
    if decision.verdict not in (Verdict.ALLOWED, Verdict.CONDITIONAL):
        return None
    chosen: dict[str, tuple[str, ...]] = {}
    session = ""
    for key, entries in by_key((way or decision).conditions):
        if key == SESSION_NAME:
            session = entries[0].condition.values[0]
            continue
        values = solve([e.condition for e in entries], request.context, entries[0].statement.variables)
        if values is None:
            return None
        chosen[key] = values
    known = {k: v for k, v in request.context.items() if v}
    known.update((k, v) for k, v in chosen.items() if v)
    caller = _concrete(request.caller, session)
    if decision.verdict is Verdict.CONDITIONAL:
        again = Request(caller, request.action, request.resource, Context.of(known), request.resource_account)
        if evaluate(again, policies).verdict is not Verdict.ALLOWED:
            return None
    spelled = {c.condition.key.lower(): c.condition.key for c in decision.conditions}
    context = {
        spelled.get(key) or _SPELLED.get(key, key): known[key][0] if len(known[key]) == 1 else list(known[key])
        for key in sorted(known)
    }
    principal: object = {"federated": caller.name} if caller.kind is CallerKind.WEB_IDENTITY else caller.name
    return {"principal": principal, "action": request.action, "resource": request.resource, "context": context}


def _concrete(caller: Caller, session: str) -> Caller:
    """The caller as one session, where the grant asks for a session name."""
    if caller.kind is not CallerKind.ROLE or not session:
        return caller
    partition = caller.name.split(":", 2)[1]
    name = caller.role.rsplit("/", 1)[-1]
    arn = f"arn:{partition}:sts::{caller.account}:assumed-role/{name}/{session}"
    return Caller(CallerKind.SESSION, arn, caller.account, caller.role)
