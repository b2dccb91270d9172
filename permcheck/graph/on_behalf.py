"""On whose behalf a service may call a function: the confused deputy, decided and not read off the text.

A service calls for whoever owns the topic, bucket or rule behind the call, and says so in aws:SourceArn and
aws:SourceAccount (IAM User Guide, "The confused deputy problem"). Each grant to a service is asked about a call for a
stranger's resource; what AWS would allow is what the grant leaves open.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import product

from permcheck.access.context import RESOURCE_TAG
from permcheck.access.targets import names_of, through_url
from permcheck.access.universe import Item
from permcheck.data import service_principals
from permcheck.data.service_principals import ServicePrincipal
from permcheck.frozen import dataclass
from permcheck.graph.candidates import Candidate, candidates
from permcheck.graph.outsiders import INVOKE, INVOKE_URL, Outsider, admitted, says_nothing, url_row
from permcheck.graph.strangers import STRANGER, account_fitting
from permcheck.model.answer import JsonObject
from permcheck.model.function import Function, Qualifier
from permcheck.model.policy import Condition, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import Arn, split
from permcheck.policy.contract import condition_object
from permcheck.policy.request import OpenCondition
from permcheck.policy.residue import instance
from permcheck.policy.wildcard import has_wildcard

Known = Mapping[str, tuple[str, ...]]
SOURCE_KEYS = frozenset(
    (
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "lambda:eventsourcetoken",
    )
)
_NO_SOURCE: Known = dict.fromkeys(sorted(SOURCE_KEYS), ())
_TOKEN = "amzn1.ask.skill.00000000-0000-4000-8000-000000000000"
_ACCOUNT = "aws:sourceaccount"
_OWN_NAME = "permcheckstranger"
# AWS itself gives out the ids in ARNs of these, so nobody can take one that another account has.
_IDS_BY_AWS = frozenset(
    "execute-api cognito-idp cognito-identity cloudfront lex connect bedrock appsync mobiletargeting".split()
)


class Scope(StrEnum):
    """The widest circle of resources that a grant lets a service call for."""

    ANYTHING = "anything"  # it asks for no source
    UNTOLD = "untold"  # it looks at the source only where the call tells one
    ANY_ACCOUNT = "any_account"  # it asks for a source, and one of any account will do
    NAMESAKE = "namesake"  # whatever has that name, whoever owns it
    ANY_OF_ACCOUNT = "any_of_account"  # every resource of its kind in one account


@dataclass(frozen=True, slots=True)
class ServiceGrant:
    """A service that may call for more than it should. known: the service's row, None for one not in the table.

    source: the ARN it may call for, empty where none is told. takeable: whether a stranger can make a resource of that
    name. conditions: what the grant asks of the source. outsider: the call as decided.
    """

    service: str
    known: ServicePrincipal | None
    scope: Scope
    source: str
    takeable: bool
    conditions: tuple[JsonObject, ...]
    outsider: Outsider


def service_grants(function: Function) -> Iterator[ServiceGrant]:
    """Every service that may call for a stranger, or for anything of an account; each once for a qualifier."""
    for item in names_of(function):
        qualifier = item.arn.removeprefix(function.arn).lstrip(":")
        for candidate in candidates(item, INVOKE, services=True) if item.policies else ():
            plain = admitted(candidate, item, INVOKE, "resource_policy", qualifier) if candidate.implied else None
            if candidate.kind == "service" and not (candidate.implied and says_nothing(plain, None)):
                yield from _widest(candidate, item, qualifier, None)
    for named in function.qualifiers:
        if named.url is not None and named.url.auth_type == "AWS_IAM":
            item = through_url(function, named)
            for candidate in candidates(item, INVOKE_URL):
                if candidate.kind == "service":
                    yield from _widest(candidate, item, named.name, named)


def _widest(candidate: Candidate, item: Item, qualifier: str, through: Qualifier | None) -> Iterator[ServiceGrant]:
    known = service_principals.find(candidate.name)
    for scope, source, context in _tries(candidate, item, known):
        caller = candidate._replace(context=candidate.context.merged(context))
        if through is not None and through.url is not None:
            found = url_row(caller, item, through.url, qualifier)
        else:
            found = admitted(caller, item, INVOKE, "resource_policy", qualifier)
        if found is not None and _limits_no_caller(found):
            asked = tuple(dict.fromkeys(_asked(found)))
            if scope is Scope.ANYTHING and asked:
                scope = Scope.ANY_ACCOUNT
            takeable = source == "" or _OWN_NAME in source or _takeable(source)
            conditions = tuple(condition_object(entry) for entry in asked)
            yield ServiceGrant(candidate.name, known, scope, source, takeable, conditions, found)
            return


def _limits_no_caller(outsider: Outsider) -> bool:
    """Whether what was left open says nothing about the caller: conditions it can meet, or on the function's tags."""
    return outsider.exposed or (
        outsider.verdict is Verdict.CONDITIONAL and all(key.startswith(RESOURCE_TAG) for key in outsider.limits)
    )


def _asked(outsider: Outsider) -> Iterator[OpenCondition]:
    """What the granting statements ask of the source."""
    for reason in outsider.reasons:
        if reason.statement.is_allow:
            for condition in _source_conditions(reason.statement):
                yield OpenCondition(condition, reason.policy, reason.statement)


def _tries(candidate: Candidate, item: Item, known: ServicePrincipal | None) -> Iterator[tuple[Scope, str, Known]]:
    """Calls to ask about, for the widest circle first."""
    function = split(item.arn)
    if function is None:
        return
    asked = (c for p in item.policies for s in p.statements for c in s.conditions if c.key.lower() == _ACCOUNT)
    accounts = dict.fromkeys((STRANGER, *filter(None, (account_fitting(v) for c in asked for v in c.values))))
    if known is not None and known.event_source_token:
        yield Scope.ANYTHING, "", {**_NO_SOURCE, "lambda:eventsourcetoken": (_TOKEN,)}
    else:
        for template, account in product(known.source_arns if known and known.source_arns else ("",), accounts):
            arn = _of_account(account, template, candidate.name, function.partition, function.region)
            yield Scope.ANYTHING, arn, call_for(arn, account)
    yield Scope.UNTOLD, "", _NO_SOURCE
    statements = [s for p in item.policies for s in p.statements if s.is_allow]
    for statement in statements:
        conditions = _source_conditions(statement)
        for pattern in (v for c in conditions if c.key.lower() == "aws:sourcearn" for v in c.values):
            found = _like(pattern, known, others=len({c.key.lower() for c in conditions}) > 1)
            if found is not None:
                scope, arn, account = found
                yield scope, arn, call_for(arn, account)


def call_for(arn: str, account: str) -> Known:
    """The source keys of a call for this resource; whoever owns it can be in no organization that a policy names."""
    org: Known = {"aws:sourceorgid": (), "aws:sourceorgpaths": ()}
    if account == STRANGER:
        org = {"aws:sourceorgid": ("o-permcheckstranger",), "aws:sourceorgpaths": ("o-permcheckstranger/r-none/",)}
    return {**_NO_SOURCE, "aws:sourcearn": (arn,), "aws:sourceaccount": (account,), **org}


def any_source_of(service: str, function_arn: str, account: str) -> str:
    """The ARN of some resource of the account for which the service may call the function; empty for none."""
    known, function = service_principals.find(service), split(function_arn)
    template = known.source_arns[0] if known is not None and known.source_arns else ""
    return _of_account(account, template, service, function.partition, function.region) if function is not None else ""


@lru_cache(maxsize=1 << 10)
def _of_account(account: str, template: str, service: str, partition: str, region: str) -> str:
    """A resource of an account, of the kind the service calls for, in a Region."""
    known = {"Partition": partition, "Region": region, "Account": account}
    if not template:
        name = service.partition(".")[0].strip("*") or "sns"
        template = f"arn:${{Partition}}:{name}:${{Region}}:${{Account}}:${{Name}}"
    return re.sub(r"\$\{(\w+)\}", lambda found: known.get(found[1], _OWN_NAME), template).replace("*", _OWN_NAME)


def _source_conditions(statement: Statement) -> list[Condition]:
    """The conditions that are meant to tell the source."""
    return [c for c in statement.conditions if c.key.lower() in SOURCE_KEYS]


def _like(pattern: str, known: ServicePrincipal | None, others: bool) -> tuple[Scope, str, str] | None:
    """What a SourceArn pattern lets in beyond one resource: the scope, an ARN that fits and its account.

    others: whether the statement also asks for the account or the organization, so that the pattern need not.
    """
    arn = split(pattern)
    if arn is None or "$" in pattern:
        return None
    if has_wildcard(arn.account):
        account = account_fitting(arn.account) or STRANGER
        return Scope.ANY_ACCOUNT, instance(":".join(("arn", *arn._replace(account=account)))), account
    if not arn.account:
        return Scope.NAMESAKE, instance(pattern), STRANGER
    if not others and _any_id(arn, known):
        filled = arn._replace(resource=arn.resource.replace("*", _OWN_NAME, 1))
        return Scope.ANY_OF_ACCOUNT, instance(":".join(("arn", *filled))), arn.account
    return None


def _any_id(arn: Arn, known: ServicePrincipal | None) -> bool:
    """Whether the part of the pattern that names the resource is nothing but a wildcard.

    What follows it (stages and methods of an API) is usually one, and need not be more.
    """
    if arn.resource.startswith("*"):
        return True
    for template in known.source_arns if known else ():
        parts = split(template)
        prefix = parts.resource.partition("${")[0] if parts is not None and parts.service == arn.service else ""
        if prefix and arn.resource.startswith(prefix):
            return re.split("[/:]", arn.resource.removeprefix(prefix))[0].strip("*?") == ""
    return False


def _takeable(arn: str) -> bool:
    """Whether names of this kind are chosen by whoever makes the resource."""
    parts = split(arn)
    return parts is None or parts.service not in _IDS_BY_AWS
