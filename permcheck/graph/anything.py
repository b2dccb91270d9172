"""A resource that stands for all resources of its kind, and resources that are named but not in view."""

import re
from functools import lru_cache

from permcheck.access import Item
from permcheck.access.context import item_keys
from permcheck.data import actions
from permcheck.model.policy import Policy, PolicyKind
from permcheck.policy.action import service_of
from permcheck.policy.arn import split
from permcheck.policy.parse import parse_document

_VARIABLE = re.compile(r"\$\{[^}]*\}")


@lru_cache(maxsize=4096)
def any_resource(action: str, account: str, partition: str, region: str = "us-east-1") -> str:
    """A resource of the action's commonest type that no pattern names but one that names every resource of that type.

    ``*`` where the action takes no resource.
    """
    types = actions.resource_types(action)
    if not types or actions.has_resource_level(action) is False:
        return "*"
    arn = min(types, key=lambda t: (not t.required, len(t.arn))).arn
    for name, value in (("Partition", partition), ("Region", region), ("Account", account)):
        arn = arn.replace("${" + name + "}", value)
    return _VARIABLE.sub("zq7-permcheck-any", arn)


def item_named(arn: str, action: str, account: str) -> Item:
    """A resource outside the view, as the item of a question. account: its owner where the ARN does not tell.

    KMS and role trust must allow in words: a key is taken to have the default policy, which leaves it to its account
    (KMS Developer Guide, "Default key policy"); a role's trust that is not in view could not be read.
    """
    known = dict(item_keys(arn)[0])
    if action.lower() == "iam:passrole":
        known["iam:passedtoservice"] = ("lambda.amazonaws.com",)
    parts = split(arn)
    policies: tuple[Policy, ...] = ()
    if parts is not None and service_of(action) == "kms":
        policies = (_default_key_policy(parts.account),)
    elif parts is not None and service_of(action) == "sts":
        unread = Policy(PolicyKind.RESOURCE, "trust policy", "", "", None, unread="not in view", attached_to=arn)
        policies = (unread,)
    return Item(arn, action, policies, known=known, owner=account)


def any_role(arn: str, action: str, account: str) -> Item:
    """A role that leaves it to its account who assumes it: whoever may assume any role may assume this one."""
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:*"}
    document = parse_document({"Statement": statement})
    trust = Policy(PolicyKind.RESOURCE, "trust policy", "", "", document, attached_to=arn, trust=True)
    return Item(arn, action, (trust,), known=dict(item_keys(arn)[0]), owner=account)


@lru_cache(maxsize=256)
def _default_key_policy(account: str) -> Policy:
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "kms:*", "Resource": "*"}
    return Policy(PolicyKind.RESOURCE, "default key policy", "", "", parse_document({"Statement": statement}))
