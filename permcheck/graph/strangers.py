"""Whom a stranger can be: names, organizations and ways in that are its own to choose, as policies ask for them.

Anybody may open accounts and organizations, and gives its principals the names it likes. What nobody can choose is an
account or organization that a policy spells out, or somebody else's endpoint (IAM User Guide, "AWS global condition
context keys").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product

from permcheck.graph.common_text import Pattern, Shape, Slot, common_text, literally
from permcheck.model.policy import Condition, Policy, Statement
from permcheck.policy.arn import account_of, partition_of
from permcheck.policy.condition import keys_read
from permcheck.policy.operators import operator_named
from permcheck.policy.wildcard import glob, has_wildcard

# An account that no policy names: what it may do, everybody may.
STRANGER = "000000000000"
Known = Mapping[str, tuple[str, ...]]
NO_SOURCE: Known = {
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
# An account in an organization or in none, a call over the internet (its address is open) or through an interface
# endpoint of its own, where aws:SourceIp is absent.
IN_ORG: Known = {
    "aws:principalorgid": ("o-permcheckstranger",),
    "aws:principalorgpaths": ("o-permcheckstranger/r-none/ou-none/",),
    "aws:principalorgmasteraccountid": (STRANGER,),
}
IN_NO_ORG: Known = dict.fromkeys(IN_ORG, ())
BY_ENDPOINT: Known = {
    "aws:sourcevpc": ("vpc-0000permcheck",),
    "aws:sourcevpcarn": (f"arn:aws:ec2:us-east-1:{STRANGER}:vpc/vpc-0000permcheck",),
    "aws:sourcevpce": ("vpce-0000permcheck",),
    "aws:vpceaccount": (STRANGER,),
    "aws:vpceorgid": ("o-permcheckstranger",),
    "aws:vpceorgpaths": ("o-permcheckstranger/r-none/ou-none/",),
    "aws:vpcsourceip": ("10.77.7.7",),
    "aws:sourceip": (),
}
BY_INTERNET: Known = {key: () for key in BY_ENDPOINT if key != "aws:sourceip"}
# Through an endpoint that a policy names, whose owner lets others in.
BY_ANY_ENDPOINT: Known = {"aws:sourceip": ()}
_ARN, _ACCOUNT = "aws:principalarn", "aws:principalaccount"
_DIGITS, _LOWER = "0123456789", "xabcdefghijklmnopqrstuvwyz0123456789"
_NAME = "xabcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-"
_ID, _NUMBER, _HEX = [Slot(_LOWER)] * 10, [Slot(_DIGITS)] * 12, [Slot("0123456789abcdef")] * 17
_SHAPES: Mapping[str, Shape] = {
    "aws:principalorgid": [*literally("o-"), *_ID, Slot(_LOWER, True)],
    "aws:principalorgpaths": [
        *(*literally("o-"), *_ID, Slot(_LOWER, True), *literally("/r-"), *[Slot(_LOWER)] * 4, Slot("/")),
        Slot(_LOWER + "-/", True),
    ],
    "aws:sourcevpc": [*literally("vpc-"), *_HEX],
    "aws:sourcevpce": [*literally("vpce-"), *_HEX],
}
_LIKE = ("StringLike", "ArnLike", "ArnEquals")
_WRITTEN = (*_LIKE, "StringEquals", "StringEqualsIgnoreCase")
_MOST = 24  # ways to combine what conditions ask that are tried


@lru_cache(maxsize=1 << 10)
def known_of(policies: tuple[Policy, ...], arn: str, by_url: bool) -> Sequence[Known]:
    """What a stranger's request may carry, the plainest first; the keys left out are open.

    policies: those of the resource with this ARN. by_url: whether it comes through a function URL, which no endpoint
    leads to. Only what some condition reads is varied.
    """
    statements = [s for p in policies for s in p.statements]
    read = {key for s in statements for c in s.conditions for key in keys_read(c, s.variables)}
    me: list[Known] = [{_ARN: (f"arn:aws:iam::{STRANGER}:role/permcheck-stranger",), _ACCOUNT: (STRANGER,)}]
    if read & {_ARN, _ACCOUNT}:
        named = dict.fromkeys(_principals(statements, arn))
        # Where no name was found in time, and none was ruled out, the name is open.
        me += ({_ARN: (name,), _ACCOUNT: (account_of(name),)} if name else {} for name in islice(named, _MOST))
    orgs: list[Known] = [IN_ORG]
    if read & IN_ORG.keys():
        orgs += [IN_NO_ORG, *({**IN_ORG, **chosen} for chosen in _chosen(statements, IN_ORG))]
    nets, last = [BY_INTERNET], list[Known]()
    if not by_url and read & BY_ENDPOINT.keys():
        nets += [BY_ENDPOINT, *({**BY_ENDPOINT, **chosen} for chosen in _chosen(statements, BY_ENDPOINT))]
    if not by_url and read & BY_INTERNET.keys():
        last = [BY_ANY_ENDPOINT]
    each = (*product(nets, orgs, me), *product(last, orgs, me))
    return tuple({**NO_SOURCE, **who, **org, **net} for net, org, who in each)


def account_fitting(pattern: str) -> str:
    """An account that a stranger may have and that fits a pattern; empty where the pattern leaves nothing open."""
    if not has_wildcard(pattern):
        return ""
    return STRANGER if glob(pattern)(STRANGER) else common_text([Pattern(pattern)], _NUMBER) or ""


def _principals(statements: Sequence[Statement], arn: str) -> Iterator[str]:
    """Principals of accounts that nobody spelled out, named as the conditions ask; empty for one not found in time."""
    own, partition = account_of(arn), partition_of(arn) or "aws"
    head, account = literally(f"arn:{partition}:iam::"), [*_NUMBER, Slot(":")]
    rest = [Slot(_NAME[0] + "/" + _NAME[1:], True), Slot(_NAME)]
    shapes = [[*head, *account, *literally(kind), *rest] for kind in ("role/", "user/")]
    shapes.append([*head, *account, *literally("root")])
    keys = (_ARN, _ACCOUNT)
    avoid = tuple(p for s in statements for each in _alternatives(s, keys, met=False) for p in each)
    for patterns in ((), *islice(_asked(statements, keys), _MOST)):
        for out, shape in product((avoid, ()) if avoid else ((),), shapes):
            found = common_text(patterns, shape, out)
            if found is not None:
                theirs = account_of(found)
                if not found or (theirs != own and not any(theirs in p.text for p in patterns)):
                    yield found
                break


def _chosen(statements: Sequence[Statement], group: Known) -> Iterator[Known]:
    """Other values for keys of the group that fit a wildcard of the conditions, one key at a time."""
    for key in group:
        shape = _SHAPES.get(key)
        if shape is None:
            continue
        avoid = tuple(p for s in statements for each in _alternatives(s, (key,), met=False) for p in each)
        for patterns in ((), *islice(_asked(statements, (key,)), _MOST)):
            if (patterns or avoid) and all("*" in p.text or "?" in p.text for p in patterns):
                found = common_text(patterns, shape, avoid) or common_text(patterns, shape)
                if found:
                    yield {key: (found,)}


def _asked(statements: Sequence[Statement], keys: tuple[str, ...]) -> Iterator[Sequence[Pattern]]:
    """What has to be matched together: the conditions of one Allow, without or with what Denies spare."""
    spared = [list(_alternatives(s, keys)) for s in statements if not s.is_allow]
    spared = [s for s in spared if s]
    together = [alternatives for each in spared for alternatives in each]
    extra = [[], *([together] if len(spared) > 1 else []), *spared]
    allowed = [list(_alternatives(s, keys)) for s in statements if s.is_allow]
    seen = set()
    for own, more in product(allowed, extra):
        for patterns in islice(product(*own, *more), _MOST):
            kept = tuple(dict.fromkeys(patterns))
            if kept and kept not in seen:
                seen.add(kept)
                yield kept


def _alternatives(statement: Statement, keys: tuple[str, ...], met: bool = True) -> Iterator[Sequence[Pattern]]:
    """The patterns of each condition that the value of a key has to match, so that an Allow applies or a Deny does not.

    met: False for those that the value must not match.
    """
    for condition in statement.conditions:
        operator = operator_named(condition.operator)
        if operator is None or condition.key.lower() not in keys or operator.base not in _WRITTEN:
            continue
        if (operator.negated is not statement.is_allow) is met:
            yield list(_patterns(condition, operator.base))


def _patterns(condition: Condition, base: str) -> Iterable[Pattern]:
    for value in condition.values if base in _LIKE else ():
        if "$" in value:
            continue
        if condition.key.lower() == _ACCOUNT:
            yield Pattern(f"arn:*:iam::{value}:*", True)
        else:
            yield Pattern(value, base.startswith("Arn"))
