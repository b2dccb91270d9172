"""What is known of a request before it is made: the caller's own keys, the resource's, and those of the way it comes.

IAM User Guide, "AWS global condition context keys"; Lambda Developer Guide, "Control access to function URLs".
"""

from collections.abc import Mapping

from permcheck.model.function import Function
from permcheck.model.identity import Role, User
from permcheck.policy.arn import account_of, split
from permcheck.policy.context import Context
from permcheck.policy.matching import naming

TAG = "aws:principaltag/"
RESOURCE_TAG = "aws:resourcetag/"
Known = Mapping[str, tuple[str, ...]]

# Absent whenever a caller signs its own request: only a service that acts for a resource sets these.
_DIRECT: Known = {
    "aws:sourcearn": (),
    "aws:sourceaccount": (),
    "aws:sourceorgid": (),
    "aws:sourceorgpaths": (),
    "aws:principalisawsservice": ("false",),
    "aws:principalservicename": (),
    "aws:principalservicenameslist": (),
}
# Lambda's Invoke API is no function URL.
API_CALL: Known = {"lambda:functionurlauthtype": (), "lambda:invokedviafunctionurl": ("false",)}
# A service that calls in its own name is no user, role or session: it has no tags, did not sign in with a device, and
# holds no token of an identity provider (IAM User Guide, "IAM and AWS STS condition context keys").
SERVICE_CLOSED = (
    TAG,
    "aws:multifactorauth",
    "aws:username",
    "aws:federatedprovider",
    "aws:sourceidentity",
    "cognito-identity.amazonaws.com:",
    "accounts.google.com:",
    "graph.facebook.com:",
    "www.amazon.com:",
    "saml:",
)
# What any role or user brings along. It has all keys already: then a copy takes one step.
_OF_ANYBODY: Known = {
    **_DIRECT,
    **API_CALL,
    "aws:principalarn": (),
    "aws:principalaccount": (),
    "aws:principaltype": ("AssumedRole",),
    "aws:username": (),
}
_ITEM_KEYS = frozenset(("aws:resourceaccount", "aws:requestedregion", "iam:passedtoservice", *API_CALL))


_USER = ("User",)


def url_call(auth_type: str) -> Known:
    """The keys of a request that comes through a function URL of this auth type."""
    return {"lambda:functionurlauthtype": (auth_type,), "lambda:invokedviafunctionurl": ("true",)}


def is_item_key(key: str) -> bool:
    """Whether a key (lower case) is decided by what is called."""
    return key in _ITEM_KEYS or key.startswith(RESOURCE_TAG)


def caller_context(entity: Role | User) -> Context:
    """The keys a session of this role, or this user, brings along; request keys stay open.

    Where the trust policy lets the caller set session tags, the role's tags are only what it starts from.
    """
    known = dict(_OF_ANYBODY)
    known["aws:principalarn"] = (entity.arn,)
    known["aws:principalaccount"] = (account_of(entity.arn),)
    if not isinstance(entity, Role):
        known["aws:principaltype"] = _USER
        known["aws:username"] = (entity.name,)
    if entity.tags is None:
        return Context.of(known, complete=False)
    for key, value in entity.tags.items():
        known[TAG + key.lower()] = (value,)
    chosen = (TAG,) if isinstance(entity, Role) and lets_tag_session(entity) else ()
    return Context.of(known, complete=False, chosen=chosen, closed=(TAG,))


def lets_tag_session(role: Role) -> bool:
    """Whether some statement of the trust policy allows sts:TagSession."""
    document = role.trust.document if role.trust is not None else None
    if document is None:
        return False
    return any(s.is_allow and s.actions is not None for s in naming(document, "sts:TagSession"))


def item_keys(arn: str, function: Function | None = None) -> tuple[dict[str, tuple[str, ...]], bool]:
    """The keys of a resource, and whether all its tags are known."""
    known: dict[str, tuple[str, ...]] = {}
    parts = split(arn)
    if parts is not None and parts.account:
        known["aws:resourceaccount"] = (parts.account,)
    if parts is not None and parts.region:
        known["aws:requestedregion"] = (parts.region,)
    tags = function.tags if function is not None else None
    if tags:
        known.update((RESOURCE_TAG + key.lower(), (value,)) for key, value in tags.items())
    return known, tags is not None
