"""Who may assume a role, by its trust policy alone.

IAM User Guide, "Creating a role to delegate permissions to an AWS service"; Lambda Developer Guide, "Execution role".
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from permcheck.access import Item
from permcheck.access.context import SERVICE_CLOSED
from permcheck.errors import PermcheckError
from permcheck.frozen import dataclass
from permcheck.graph.candidates import Candidate, candidates, ways_of
from permcheck.graph.outsiders import keeps_nobody_out
from permcheck.graph.places import conditions
from permcheck.model.answer import JsonObject
from permcheck.model.identity import Role
from permcheck.model.policy import Condition, Document, Policy, PolicyKind, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.caller import Caller, CallerKind, account_in, is_account, parse_caller
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.parse import parse_document
from permcheck.policy.request import Decision, Policies, Reason, Request
from permcheck.policy.residue import instance

LAMBDA = "lambda.amazonaws.com"
ASSUME = "sts:AssumeRole"
# What AWS tells a role's trust policy when a service assumes it for something; more conditions have to be decided.
_SOURCE_KEYS = frozenset(("aws:sourcearn", "aws:sourceaccount"))
_OWN_SIDE = Policy(
    PolicyKind.IDENTITY,
    "the caller's own policies",
    "",
    "",
    parse_document({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}),
)
ANY_FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:permcheck"
_FEDERATED = ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")


@dataclass(frozen=True, slots=True)
class LetIn:
    """Somebody whom a trust policy lets assume the role, with a policy of its own that allows it where it needs one.

    kind: ``aws`` (everybody), ``org``, ``account``, ``service``, ``role``, ``user`` or ``web_identity``.
    own: whether it belongs to the role's account. verdict: ``allowed`` or ``conditional``, the caller's own side
    granted. exposed: whether whoever comes can meet every open condition by itself.
    """

    name: str
    kind: str
    own: bool
    verdict: Verdict
    reasons: tuple[Reason, ...]
    conditions: tuple[JsonObject, ...]
    exposed: bool = False


def lets_in_service(document: Document, service: str = LAMBDA) -> bool:
    """Whether a role with this trust policy can be given to the service, conditions on what it is for granted."""
    allows = [s for s in document.statements if s.is_allow]
    if not any(_may_name(s, service) for s in allows):
        return False
    if len(allows) == len(document.statements) and any(_plainly_names(s, service) for s in allows):
        return True
    policy = Policy(PolicyKind.RESOURCE, "trust policy", "", "", document, trust=True)
    told = _functions_asked(document) if service == LAMBDA else ()
    for source in told or ("",):
        keys = {**_keys_of(service), **({"aws:sourcearn": (source,)} if source else {})}
        if _decide(Caller(CallerKind.SERVICE, service), ASSUME, "*", policy, keys).verdict in _YES:
            return True
    return False


def _functions_asked(document: Document) -> tuple[str, ...]:
    """Functions that Lambda may tell as what it acts for, as the document asks for them; empty where it asks nothing.

    Lambda Developer Guide, "Defining Lambda function permissions with an execution role": the source is the function.
    """
    conditions = [c for s in document.statements for c in s.conditions if c.key.lower() == "aws:sourcearn"]
    asked = (instance(v) for c in conditions for v in c.values if ":lambda:" in v)
    return (*dict.fromkeys(asked), ANY_FUNCTION) if conditions else ()


@lru_cache(maxsize=1 << 14)
def asks_source(document: Document) -> bool:
    """Whether a trust policy that lets Lambda in keeps it out where it acts for a function of another account.

    Lambda Developer Guide, "Defining Lambda function permissions with an execution role": aws:SourceAccount and
    aws:SourceArn can be used there.
    """
    policy = Policy(PolicyKind.RESOURCE, "trust policy", "", "", document, trust=True)
    known = {
        **_keys_of(LAMBDA),
        "aws:sourceaccount": ("000000000000",),
        "aws:sourcearn": ("arn:aws:lambda:us-east-1:000000000000:function:permcheck-stranger",),
        "aws:sourceorgid": (),
        "aws:sourceorgpaths": (),
    }
    return _decide(Caller(CallerKind.SERVICE, LAMBDA), ASSUME, "*", policy, known).verdict not in _YES


_YES = (Verdict.ALLOWED, Verdict.CONDITIONAL)


def _keys_of(service: str) -> Mapping[str, tuple[str, ...]]:
    """What is known of a service's own request."""
    return {
        "aws:principalservicename": (service,),
        "aws:principalisawsservice": ("true",),
        "aws:principalarn": (),
        "aws:principalorgid": (),
    }


def _may_name(statement: Statement, service: str) -> bool:
    principals = statement.principals
    return principals is None or principals.everyone or service in principals.service


def _plainly_names(statement: Statement, service: str) -> bool:
    return (
        statement.principals is not None
        and service in statement.principals.service
        and ASSUME in (statement.actions or ())
        and all(_may_be_of_lambda(c) for c in statement.conditions)
    )


def _may_be_of_lambda(condition: Condition) -> bool:
    """Whether a condition asks for a source, and for one that may be a function."""
    key = condition.key.lower()
    return key in _SOURCE_KEYS and (key != "aws:sourcearn" or any(":lambda:" in value for value in condition.values))


def let_in(role: Role) -> Iterator[LetIn]:
    """Everybody the role's trust policy lets in, each once, in a fixed order."""
    trust = role.trust
    if trust is None or trust.document is None:
        return
    own = account_of(role.arn)
    item = Item(role.arn, policies=(trust,), known={"aws:resourceaccount": (own,)})
    found: dict[tuple[str, str], LetIn] = {}
    for candidate in (*candidates(item, ASSUME, services=True), *_of_own_account(trust, own)):
        # An account's own administrator can always grant its half, so what is conditional on that alone is granted.
        asked = [_asked(way.caller, role.arn, trust, way.context) for way in ways_of(candidate, item, by_url=False)]
        let = [(each, evaluate(*each)) for each in asked]
        exposed = next((d for each, d in let if keeps_nobody_out(*each, d)), None)
        decision = exposed or next((d for _, d in let if d.verdict in _YES), let[0][1])
        if candidate.implied and (exposed is None or ("aws", "*") in found):
            continue
        own_one = candidate.caller.account == own
        _keep(found, candidate.name, candidate.kind, own_one, decision, exposed is not None)
    for name in dict.fromkeys(f for s in trust.statements if s.principals for f in s.principals.federated):
        for action in _FEDERATED:
            decision = _decide(Caller(CallerKind.WEB_IDENTITY, name), action, role.arn, trust, Context({}, False))
            _keep(found, name, "web_identity", False, decision)
    yield from (found[key] for key in sorted(found))


def _keep(
    found: dict[tuple[str, str], LetIn], name: str, kind: str, own: bool, decision: Decision, exposed: bool = False
) -> None:
    if decision.verdict in _YES and (kind, name) not in found:
        reasons = tuple(r for r in decision.because if r.policy is not _OWN_SIDE)
        found[kind, name] = LetIn(name, kind, own, decision.verdict, reasons, conditions(decision), exposed)


def _of_own_account(trust: Policy, own: str) -> Iterator[Candidate]:
    """The role's own account, and roles and users of it, that the trust policy names."""
    named = (e for s in trust.statements if s.is_allow and s.principals for e in s.principals.aws)
    for entry in dict.fromkeys(named):
        if entry == "*" or account_in(entry) != own:
            continue
        known = {"aws:principalaccount": (own,)}
        if is_account(entry):
            root = Caller(CallerKind.ROOT, f"arn:aws:iam::{own}:root", own)
            yield Candidate(own, "account", root, Context(known, False))
            continue
        try:
            caller = parse_caller(entry, open_session=True)
        except PermcheckError:
            continue  # a group, or no ARN at all: AWS lets nobody in by it
        kind = "user" if caller.kind is CallerKind.USER else "role"
        principal = {"aws:principalarn": (caller.role or entry,)}
        yield Candidate(entry, kind, caller, Context({**known, **principal}, False))


def _decide(
    caller: Caller, action: str, resource: str, trust: Policy, context: Context | Mapping[str, tuple[str, ...]]
) -> Decision:
    known = context if isinstance(context, Context) else Context(dict(context), False, closed=SERVICE_CLOSED)
    return evaluate(*_asked(caller, resource, trust, known, action))


def _asked(
    caller: Caller, resource: str, trust: Policy, context: Context, action: str = ASSUME
) -> tuple[Request, Policies]:
    identity = (_OWN_SIDE,) if caller.has_identity_policies and caller.kind is not CallerKind.ROOT else ()
    return Request(caller, action, resource, context), Policies(identity=identity, resource=(trust,))
