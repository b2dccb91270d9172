"""Readers for answers that say nothing of what they are about: the parameters do, so nobody has to guess."""

from permcheck.model.policy import PolicyKind
from permcheck.sources.files import user_pools
from permcheck.sources.files.function_policies import NAME, named_function
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_policies import resource_policy
from permcheck.sources.files.shapes import JsonObject, function_name


def function(reading: Reading, value: JsonObject, at: str) -> None:
    """GetPolicy, GetResourcePolicy: the policy of one function under the name that was asked for."""
    arn = reading.gathered.owners[reading.source]
    found = function_name(arn)
    if found is None:
        reading.miss(f"it was asked for {arn}, which is no function", "it is left out", at)
        return
    effect = f"who may invoke {named_function(*found)} is unknown"
    made = reading.policy(PolicyKind.RESOURCE, NAME, value.get("Policy"), f"{at}/Policy", effect, arn)
    reading.gathered.function_policy(*found, made)


def resource(reading: Reading, value: JsonObject, at: str) -> None:
    """The policy of a bucket, key, table or layer."""
    resource_policy(reading, value.get("Policy"), f"{at}/Policy", reading.gathered.owners[reading.source])


def groups(reading: Reading, value: JsonObject, at: str) -> None:
    """ListGroups of a user pool, which says nothing of the pool where it has no group."""
    if value.get("Groups"):
        user_pools.groups(reading, value, at)
        return
    pool_id = reading.gathered.owners[reading.source].rsplit("/", 1)[-1]
    reading.gathered.user_pool(pool_id, reading.source, at).groups_told = True
