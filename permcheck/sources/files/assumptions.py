"""What is taken for granted because the input has no trace of it, one sentence for each kind of document."""

from collections.abc import Iterator

from permcheck.model.function import Function
from permcheck.sources.files.drafts import PoolDraft
from permcheck.sources.files.gathered import Gathered

_APIS = ("apigateway:GetRestApis", "apigatewayv2:GetApis")
_TRIGGERS = ("s3:ListBuckets", "sns:ListSubscriptions", "events:ListEventBuses", "iot:ListTopicRules")
_RESOURCES = ("s3:ListBuckets", "sqs:ListQueues", "kms:ListKeys", "secretsmanager:ListSecrets", "dynamodb:ListTables")


def assumptions(gathered: Gathered, functions: tuple[Function, ...], untold: list[str], roles: bool) -> Iterator[str]:
    """Sentences in a fixed order, by what the view holds. untold: names of identities without a word on policies."""
    if functions:
        yield from _about_functions(gathered, functions)
        if not roles:
            yield "No identities were given: nobody is taken to be allowed by a policy of their own."
    elif roles:
        yield "No functions were given."
    if functions or roles:
        yield from _around(gathered)
    if untold:
        yield f"Policies were not given for {', '.join(untold)}: none are taken to be attached."
    if gathered.passed_over:
        parts = ", ".join(f"{service} ({count})" for service, count in sorted(gathered.passed_over.items()))
        yield f"Files of the store about other services are not used: {parts}."
    yield from sorted(gathered.assumptions)


def _told(gathered: Gathered, *calls: str) -> bool:
    """Whether all of these calls were made and answered: then what is not there was not left out, there is none."""
    return gathered.asked.issuperset(calls)


def _around(gathered: Gathered) -> Iterator[str]:
    """What stands around functions and roles: pools, APIs, triggers, resources."""
    if not gathered.pools and not _told(gathered, "cognito-identity:ListIdentityPools"):
        yield "No identity pools were given: none is taken to hand out a role."
    if gathered.functions and not gathered.apis and not _told(gathered, *_APIS):
        yield "No APIs were given: none is taken to call a function."
    triggers = any(draft.triggers for draft in gathered.resources.values()) or _told(gathered, *_TRIGGERS)
    if gathered.functions and not triggers:
        yield "No buckets, topics, rules or other triggers were given: none is taken to call a function."
    if not any(draft.policy_read for draft in gathered.resources.values()) and not _told(gathered, *_RESOURCES):
        yield "No policies of buckets, queues, keys or other resources were given: they are taken to have none."
    for api_id, api in sorted(gathered.apis.items()):
        if not api.routes_told:
            yield f"Routes were not given for the API {api.name or api_id}: what it calls is unknown."
    for pool_id in sorted({told for pool in gathered.pools.values() for told in _chosen_by_groups(pool)}):
        pool = gathered.user_pools.get(pool_id)
        if pool is None or not (pool.groups or pool.groups_told):
            yield f"Groups were not given for the user pool {pool_id}: none of them is taken to carry a role."


def _chosen_by_groups(pool: PoolDraft) -> Iterator[str]:
    """Ids of the user pools whose groups choose the roles of an identity pool's users."""
    for mapping in pool.mappings:
        if mapping.kind == "Token":
            yield mapping.provider.partition("/")[2].partition(":")[0]


def _about_functions(gathered: Gathered, functions: tuple[Function, ...]) -> Iterator[str]:
    qualifiers = [qualifier for function in functions for qualifier in function.qualifiers]
    policies = _told(gathered, "lambda:GetPolicy") or _told(gathered, "lambda:GetResourcePolicy")
    if not any(qualifier.policy for qualifier in qualifiers) and not policies:
        yield "No function policies were given: functions are taken to have none."
    if not any(qualifier.url for qualifier in qualifiers) and not _told(gathered, "lambda:ListFunctionUrlConfigs"):
        yield "No function URLs were given: functions are taken to have none."
    if not any(qualifier.name for qualifier in qualifiers) and not _told(gathered, "lambda:ListAliases"):
        yield "No aliases or versions were given: functions are taken to have none."
    if not gathered.mappings and not _told(gathered, "lambda:ListEventSourceMappings"):
        yield "No event source mappings were given: functions are taken to have none."
