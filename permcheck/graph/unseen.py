"""Principals of the function's own account that its policies name and that are not in view.

Where the view holds no identity of that account, none was given and the grant counts as it stands. Where it holds
some, this one was not captured or is gone: what else bears on it could not be read.
"""

from collections.abc import Iterator

from permcheck.access import Item
from permcheck.access.context import API_CALL
from permcheck.access.targets import names_of, through_url
from permcheck.graph.candidates import for_everybody
from permcheck.graph.outsiders import INVOKE, INVOKE_URL, url_verdict
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.graph.witness import witness
from permcheck.model.answer import CallerRow
from permcheck.model.function import Function, FunctionUrl
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.caller import parse_caller
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.operators import operator_named
from permcheck.policy.request import Decision, Policies, Request
from permcheck.policy.wildcard import has_wildcard

Asked = tuple[Request, Policies, Decision]
NOTE = "named by the function's policy, but not in view"


def unseen(scene: Scene, function: Function) -> Iterator[CallerRow]:
    """A row for each role, user or session the policies name that the view does not hold."""
    for item in names_of(function):
        for entry in _named(scene, function, item):
            asked = unseen_call(entry, item, INVOKE)
            if asked[2].verdict is not Verdict.DENIED:
                yield _row(scene, function, entry, "resource_policy", asked[2].verdict, (asked,))
    for qualifier in function.qualifiers:
        url = qualifier.url
        if url is not None and url.auth_type == "AWS_IAM":
            item = through_url(function, qualifier)
            for entry in _named(scene, function, item):
                verdict, grants = unseen_url_call(entry, item, url)
                if verdict is not Verdict.DENIED:
                    yield _row(scene, function, entry, "function_url", verdict, grants)


def unseen_call(entry: str, item: Item, action: str) -> Asked:
    """The call of a principal of which nothing is known but its name, decided by the function's policies alone."""
    caller = parse_caller(entry)
    known = {
        **API_CALL,
        "aws:principalaccount": (caller.account,),
        "aws:sourcearn": (),
        "aws:sourceaccount": (),
        "aws:principalisawsservice": ("false",),
    }
    if caller.role == entry or not caller.role:
        known["aws:principalarn"] = (entry,)
    context = Context(known, complete=False).merged(dict(item.known), item.closed)
    request = Request(caller, action, item.arn, context)
    policies = Policies(resource=item.policies, doubtful=item.doubtful)
    return request, policies, evaluate(request, policies)


def unseen_url_call(entry: str, item: Item, url: FunctionUrl) -> tuple[Verdict, tuple[Asked, ...]]:
    """The same through a URL that asks for a signature: both grants, and what they come to."""
    asked = tuple(unseen_call(entry, item, action) for action in (INVOKE_URL, INVOKE))
    return url_verdict(asked[0][2].verdict, asked[1][2].verdict, url), asked


def any_given(scene: Scene, account: str) -> bool:
    """Whether the view holds identities of the account."""
    return any(s.account == account for s in scene.world.subjects)


def _row(
    scene: Scene, function: Function, entry: str, via: str, verdict: Verdict, asked: tuple[Asked, ...]
) -> CallerRow:
    given = any_given(scene, account_of(function.arn))
    request, policies, decision = asked[0]
    left = {repr(c): c for _, _, d in asked for c in conditions(d)}
    return CallerRow(
        entry,
        "user" if "user/" in entry.rpartition(":")[2] else "role",
        Verdict.UNKNOWN if given else verdict,
        request.action,
        request.resource,
        via,
        tuple(left.values()),
        tuple(dict.fromkeys(b for _, _, d in asked for b in because(d.because))),
        None if given or verdict is Verdict.UNKNOWN else witness(request, policies, decision),
        note=NOTE if given else "",
    )


def _named(scene: Scene, function: Function, item: Item) -> list[str]:
    """The principals of the function's account that an Allow names and the view does not hold, by name."""
    account = account_of(function.arn)
    named = {e for e in _principals(item) if account_of(e) == account and is_identity(e)}
    return sorted(e for e in named if not _seen(scene, e))


def is_named(function: Function, arn: str) -> bool:
    """Whether some Allow of the function's policies names this principal."""
    return any(arn in _principals(item) for item in names_of(function))


def _principals(item: Item) -> Iterator[str]:
    """Principals named by ARN: in Principal or, beside ``*``, in a condition on aws:PrincipalArn.

    Where everybody is let in, whom a Deny spares is named as well.
    """
    statements = [s for policy in (*item.policies, *item.doubtful) for s in policy.statements]
    everybody = any(s.is_allow and for_everybody(s) for s in statements)
    for statement in statements if everybody else (s for s in statements if s.is_allow):
        names = statement.principals if statement.is_allow else statement.not_principals
        yield from names.aws if names is not None else ()
        for condition in statement.conditions if for_everybody(statement) else ():
            operator = operator_named(condition.operator)
            wanted = operator is not None and operator.negated is not statement.is_allow
            if wanted and condition.key.lower() == "aws:principalarn":
                yield from (value for value in condition.values if not has_wildcard(value) and "$" not in value)


def is_identity(entry: str) -> bool:
    """Whether an ARN is that of a role, a user, a federated user or a session of a role."""
    arn = split(entry)
    kind, _, rest = arn.resource.partition("/") if arn is not None else ("", "", "")
    return kind in ("role", "user", "federated-user") or (kind == "assumed-role" and "/" in rest)


def _seen(scene: Scene, entry: str) -> bool:
    if scene.subject(entry) is not None:
        return True
    arn = split(entry)
    if arn is None or not arn.resource.startswith("assumed-role/"):
        return False
    name = arn.resource.split("/")[1]
    return any(r.name == name and account_of(r.arn) == arn.account for r in scene.facts.roles)
