"""Whom a resource policy might mean outside the view: a candidate for each name, source or organization in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from permcheck.access.universe import Item
from permcheck.model.policy import Condition, Policy, Statement
from permcheck.policy.arn import account_of, split
from permcheck.policy.caller import Caller, CallerKind, account_in, is_account
from permcheck.policy.context import Context
from permcheck.policy.matching import action_applies
from permcheck.policy.operators import operator_named
from permcheck.policy.residue import instance

# An account that no policy names: what it may do, everybody may.
STRANGER = "000000000000"
Known = Mapping[str, tuple[str, ...]]
# What a stranger may bring along: an account in an organization or in none, a call over the internet (its address is
# open) or through an interface endpoint of its own, where aws:SourceIp is absent (IAM, "AWS global condition keys").
_IN_ORG: Known = {
    "aws:principalorgid": ("o-permcheckstranger",),
    "aws:principalorgpaths": ("o-permcheckstranger/r-none/ou-none/",),
    "aws:principalorgmasteraccountid": (STRANGER,),
}
_IN_NO_ORG: Known = dict.fromkeys(_IN_ORG, ())
_BY_ENDPOINT: Known = {
    "aws:sourcevpc": ("vpc-0000permcheck",),
    "aws:sourcevpcarn": (f"arn:aws:ec2:us-east-1:{STRANGER}:vpc/vpc-0000permcheck",),
    "aws:sourcevpce": ("vpce-0000permcheck",),
    "aws:vpceaccount": (STRANGER,),
    "aws:vpceorgid": ("o-permcheckstranger",),
    "aws:vpceorgpaths": ("o-permcheckstranger/r-none/ou-none/",),
    "aws:vpcsourceip": ("10.77.7.7",),
    "aws:sourceip": (),
}
_BY_INTERNET: Known = {key: () for key in _BY_ENDPOINT if key != "aws:sourceip"}
_NO_SOURCE: Mapping[str, tuple[str, ...]] = {
    "aws:sourcearn": (),
    "aws:sourceaccount": (),
    "aws:sourceorgid": (),
    "aws:sourceorgpaths": (),
    "aws:sourceowner": (),
    "lambda:eventsourcetoken": (),
    "aws:principalisawsservice": ("false",),
    "aws:principalservicename": (),
    "lambda:functionurlauthtype": (),
    "lambda:invokedviafunctionurl": ("false",),
}
# Keys that only a service's own call carries: a condition on one makes * mean services.
_MEANS_SERVICE = frozenset(
    (
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:principalisawsservice",
        "aws:principalservicename",
    )
)
# The service behind the first segment of a source ARN, where its principal is not SERVICE.amazonaws.com.
_SERVICE_OF = {"execute-api": "apigateway", "cloudwatch": "lambda.alarms.cloudwatch"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A caller to try. needs: conditions beyond the function's side (its own account must allow it too).

    replayable: whether a witness with this principal means something. ways: other contexts the same caller can come
    with.
    """

    name: str
    kind: str
    caller: Caller
    context: Context
    needs: tuple[Mapping[str, object], ...] = ()
    note: str = ""
    replayable: bool = True
    ways: tuple["Way", ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Another context a caller can come with.

    differs: groups of keys (lower case) that are not as in the first; unless some condition asks for one of each group,
    another way does as well. endpoint: through a VPC endpoint, which leads to no function URL.
    """

    context: Context
    differs: tuple[frozenset[str], ...]
    endpoint: bool = False


def candidates(item: Item, action: str) -> Iterator[Candidate]:
    """The callers that the item's policies name for this action, each once, in a fixed order."""
    found: dict[tuple[str, str], Candidate] = {}
    for policy in (*item.policies, *item.doubtful):
        for statement in policy.statements:
            if statement.is_allow and _reaches(statement, item.arn) and action_applies(statement, action):
                for candidate in _named(policy, statement, item):
                    found.setdefault((candidate.kind, candidate.name), candidate)
    yield from (found[key] for key in sorted(found))


def _reaches(statement: Statement, arn: str) -> bool:
    """Whether Resource may name the ARN: a cheap no for the many statements that spell out another name."""
    named = statement.resources
    if named is None or arn in named:
        return True
    return any("*" in r or "?" in r or "$" in r or r.lower() == arn.lower() for r in named)


def _named(policy: Policy, statement: Statement, item: Item) -> Iterator[Candidate]:
    principals = statement.principals
    if principals is None:
        if statement.not_principals is not None:
            yield stranger()
        return
    if principals.everyone:
        yield from _everyone(policy, statement, item)
    for entry in principals.aws:
        if entry != "*" and account_in(entry) not in ("", item.account):
            yield from _foreign(entry, policy, statement)
    for service in principals.service:
        yield service_caller(service)


def _everyone(policy: Policy, statement: Statement, item: Item) -> Iterator[Candidate]:
    """``*`` means the world, unless a condition names organizations, accounts or sources."""
    yield stranger()
    for condition in statement.conditions:
        operator = operator_named(condition.operator)
        if operator is None or operator.negated or operator.base == "Null":
            continue
        key = condition.key.lower()
        for value in condition.values:
            if key == "aws:principalorgid":
                yield _organization(value, policy, condition)
            elif key == "aws:principalorgpaths":
                yield _organization(value.partition("/")[0], policy, condition, instance(value))
            elif key in ("aws:principalaccount", "aws:principalarn"):
                account = value if key == "aws:principalaccount" else account_of(value)
                if account.isdigit() and account != item.account:
                    yield _account(account, policy, statement, value if key == "aws:principalarn" else None)
            elif key in _MEANS_SERVICE:
                yield service_caller(_service_from(value, key))


def _service_from(value: str, key: str) -> str:
    if key == "aws:principalservicename" and "*" not in value:
        return value
    if key != "aws:sourcearn":
        return "*"
    arn = split(value)
    if arn is None or "*" in arn.service:
        return "*"
    return f"{_SERVICE_OF.get(arn.service, arn.service)}.amazonaws.com"


@lru_cache(maxsize=1)
def stranger() -> Candidate:
    """Any principal of any account. It comes in whichever way the policies leave open."""
    arn = f"arn:aws:iam::{STRANGER}:root"
    known = {
        **_NO_SOURCE,
        "aws:principalarn": (f"arn:aws:iam::{STRANGER}:role/permcheck-stranger",),
        "aws:principalaccount": (STRANGER,),
    }
    first = {**known, **_IN_ORG, **_BY_INTERNET}
    org, net = frozenset(_IN_ORG), frozenset(_BY_ENDPOINT)
    ways = (
        Way(Context({**first, **_IN_NO_ORG}, False), (org,)),
        Way(Context({**first, **_BY_ENDPOINT}, False), (net,), endpoint=True),
        Way(Context({**first, **_IN_NO_ORG, **_BY_ENDPOINT}, False), (org, net), endpoint=True),
    )
    return Candidate("*", "aws", Caller(CallerKind.ROOT, arn, STRANGER), Context(first, False), ways=ways)


def anonymous() -> Candidate:
    """Anyone at all, who signs nothing and comes over the internet: who opens a function URL of type NONE."""
    known = {
        **_NO_SOURCE,
        **_IN_NO_ORG,
        **_BY_INTERNET,
        "aws:principalarn": (),
        "aws:principalaccount": ("anonymous",),
        "aws:principaltype": ("Anonymous",),
    }
    return Candidate("anyone", "anyone", Caller(CallerKind.ANONYMOUS, "*"), Context(known, False))


def _own_side(key: str, value: str, policy: Policy, statement: Statement) -> Mapping[str, object]:
    """What the other side has to add: a caller there that its own account lets."""
    pointer = f"{policy.pointer}{statement.pointer}/Principal"
    return {"operator": "StringEquals", "key": key, "values": [value], "source": policy.source, "pointer": pointer}


def _foreign(entry: str, policy: Policy, statement: Statement) -> Iterator[Candidate]:
    """A principal of another account: the account as a whole, or one role, user or session of it."""
    account = account_in(entry)
    if is_account(entry):
        yield _account(account, policy, statement, None)
        return
    arn = split(entry)
    if arn is None or not account:
        return
    kind = arn.resource.partition("/")[0]
    known = {**_NO_SOURCE, "aws:principalarn": (entry,), "aws:principalaccount": (account,)}
    needs = (_own_side("aws:PrincipalArn", entry, policy, statement),)
    if kind == "user":
        yield Candidate(entry, "user", Caller(CallerKind.USER, entry, account), Context(known, False), needs)
    elif kind == "role":
        caller = Caller(CallerKind.ROLE, entry, account, entry, session_open=True)
        yield Candidate(entry, "role", caller, Context(known, False), needs)
    elif kind == "assumed-role":
        role = f"arn:{arn.partition}:iam::{account}:role/{arn.resource.split('/')[1]}"
        caller = Caller(CallerKind.SESSION, entry, account, role, role_exact=False)
        known["aws:principalarn"] = (role,)
        yield Candidate(entry, "role", caller, Context(known, False), needs)


def _account(account: str, policy: Policy, statement: Statement, arn: str | None) -> Candidate:
    root = f"arn:aws:iam::{account}:root"
    known = {**_NO_SOURCE, "aws:principalaccount": (account,)}
    if arn is not None and "*" not in arn and "$" not in arn:
        known["aws:principalarn"] = (arn,)
    needs = (_own_side("aws:PrincipalAccount", account, policy, statement),)
    return Candidate(account, "account", Caller(CallerKind.ROOT, root, account), Context(known, False), needs)


def _organization(org: str, policy: Policy, condition: Condition, path: str = "") -> Candidate:
    """Any principal of an organization, or of the part of it at this path; its account is a stranger's."""
    needs = (
        {
            "operator": condition.operator,
            "key": condition.key,
            "values": list(condition.values),
            "source": policy.source,
            "pointer": policy.pointer + condition.pointer,
        },
    )
    known = {**_NO_SOURCE, "aws:principalorgid": (org,), **({"aws:principalorgpaths": (path,)} if path else {})}
    caller = Caller(CallerKind.ROOT, f"arn:aws:iam::{STRANGER}:root", STRANGER)
    return Candidate(org, "org", caller, Context(known, False), needs)


def service_caller(name: str) -> Candidate:
    """A service, for whatever source it may call."""
    known = {
        "aws:principalarn": (),
        "aws:principalorgid": (),
        "aws:principalorgpaths": (),
        "aws:principalisawsservice": ("true",),
        **_BY_INTERNET,
        "aws:sourceip": (),
        "lambda:functionurlauthtype": (),
        "lambda:invokedviafunctionurl": ("false",),
    }
    if name != "*":
        known["aws:principalservicename"] = (name,)
    return Candidate(name, "service", Caller(CallerKind.SERVICE, name), Context(known, False), replayable=name != "*")
