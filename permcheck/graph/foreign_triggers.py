"""Services that may call a function for what belongs to another account, which its policy names."""

from collections.abc import Iterable, Iterator, Mapping

from permcheck.access.targets import names_of, through_url
from permcheck.access.universe import Item
from permcheck.frozen import dataclass
from permcheck.graph.candidates import Candidate, candidates
from permcheck.graph.on_behalf import any_source_of, call_for
from permcheck.graph.outsiders import INVOKE, INVOKE_URL, Outsider, admitted, url_row
from permcheck.model.function import Function, FunctionUrl
from permcheck.model.policy import Policy
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.operators import operator_named
from permcheck.policy.residue import instance

_MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)
_SOURCE = ("aws:sourceaccount", "aws:sourcearn")


@dataclass(frozen=True, slots=True)
class ForeignTrigger:
    """A call that a function's policy lets a service make. account: whose resource it is for.

    source: what the policy asks of the resource's ARN, empty where any of that account will do. outsider: the call.
    """

    account: str
    source: str
    outsider: Outsider


def foreign_triggers(function: Function) -> Iterator[ForeignTrigger]:
    """One for each service, account and name of the function, or one for each source where the policy names them."""
    own = {account_of(function.arn)}
    policies = [q.policy for q in function.qualifiers if q.policy is not None]
    if not any(_named((policy,))[0] - own for policy in policies):
        return
    for item in names_of(function):
        qualifier = item.arn.removeprefix(function.arn).lstrip(":")
        for candidate in candidates(item, INVOKE) if _named(item.policies)[0] - own else ():
            yield from _of(candidate, item, qualifier, None)
    for named in function.qualifiers:
        if named.url is not None and named.url.auth_type == "AWS_IAM":
            item = through_url(function, named)
            for candidate in candidates(item, INVOKE_URL):
                yield from _of(candidate, item, named.name, named.url)


def _of(candidate: Candidate, item: Item, qualifier: str, url: FunctionUrl | None) -> Iterator[ForeignTrigger]:
    if candidate.kind != "service":
        return
    accounts, patterns = _named(item.policies)
    for account in sorted(accounts - {item.account}):
        any_of_it = any_source_of(candidate.name, item.arn, account)
        whole = _call(candidate, item, qualifier, url, call_for(any_of_it, account))
        if whole is not None:
            yield ForeignTrigger(account, "", whole)
            continue
        for pattern in sorted(patterns):
            if account_of(pattern) in (account, ""):
                made = _call(candidate, item, qualifier, url, call_for(instance(pattern), account))
                if made is not None:
                    yield ForeignTrigger(account, pattern, made)


def _call(
    candidate: Candidate, item: Item, qualifier: str, url: FunctionUrl | None, known: Mapping[str, tuple[str, ...]]
) -> Outsider | None:
    caller = candidate._replace(context=candidate.context.merged(dict(known)))
    if url is not None:
        found = url_row(caller, item, url, qualifier)
    else:
        found = admitted(caller, item, INVOKE, "resource_policy", qualifier)
    return found if found is not None and found.verdict in _MAY else None


def _named(policies: Iterable[Policy]) -> tuple[set[str], set[str]]:
    """The accounts that policies ask of a source, and the ARNs, patterns as they are."""
    accounts: set[str] = set()
    patterns: set[str] = set()
    for statement in (s for policy in policies for s in policy.statements):
        for condition in statement.conditions:
            key = condition.key.lower()
            operator = operator_named(condition.operator) if key in _SOURCE else None
            if operator is None or operator.negated is statement.is_allow:
                continue
            if key == "aws:sourceaccount":
                accounts.update(v for v in condition.values if v.isdecimal() and len(v) == 12)
            elif key == "aws:sourcearn":
                for value in condition.values:
                    arn = split(value)
                    if arn is not None and "$" not in value:
                        patterns.add(value)
                        accounts.update({arn.account} if arn.account.isdecimal() else ())
    return accounts, patterns
