"""Trust policies that a custom resource writes at deploy, as Amplify's root stack does.

Its two roles are declared with a trust policy that denies everything; a function (``UpdateRolesWithIDPFunction``) then
writes into them that the identity pool may hand them out: the one to signed-in users, the other to guests (Amplify CLI,
"amplify-category-auth"). Read as declared, nobody could ever assume them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from permcheck.sources.cloudformation.stack import Notes
from permcheck.sources.declared import Declared, Value

_ROLES = {"authRoleName": "authenticated", "unauthRoleName": "unauthenticated"}
_CALLOUT = "Custom::LambdaCallout"
_PROVIDER = "cognito-identity.amazonaws.com"


def with_trusts(declared: Iterable[Declared], notes: Notes) -> Iterator[Declared]:
    """The resources, with the trust policies that such a custom resource gives to roles among them."""
    listed = list(declared)
    trusts: dict[str, Value] = {}
    for each in listed:
        if each.type != _CALLOUT or each.properties.get("idpId") is None:
            continue
        named = []
        for key, amr in _ROLES.items():
            role = each.properties.text(key)
            if role is not None:
                trusts[role] = _trust(each, each.properties.get("idpId"), amr)
                named.append(role)
        notes.assumptions[
            f"The trust policies of {' and '.join(named)} are set at deploy by {each.address}: they are taken to let"
            " in users of the identity pool."
        ] = None
    for each in listed:
        trust = trusts.get(each.names.name) if each.type == "AWS::IAM::Role" else None
        if trust is None or not _refuses(each.properties.get("AssumeRolePolicyDocument")):
            yield each
            continue
        old = each.properties
        members = dict(old.members())
        members["AssumeRolePolicyDocument"] = trust
        yield replace(each, properties=Value(members, old.source, old.pointer))


def _refuses(trust: Value | None) -> bool:
    """Whether a trust policy lets nobody in."""
    statements = trust.entries("Statement") if trust is not None else ()
    return all(statement.text("Effect") == "Deny" for statement in statements)


def _trust(callout: Declared, pool: Value | None, amr: str) -> Value:
    source, pointer = callout.source, callout.pointer
    place = pool if pool is not None else callout.properties

    def here(raw: object) -> Value:
        return Value(raw, source, pointer)  # type: ignore[arg-type]

    condition = {
        "StringEquals": here({f"{_PROVIDER}:aud": place}),
        "ForAnyValue:StringLike": here({f"{_PROVIDER}:amr": here(amr)}),
    }
    statement = {
        "Effect": here("Allow"),
        "Principal": here({"Federated": here(_PROVIDER)}),
        "Action": here("sts:AssumeRoleWithWebIdentity"),
        "Condition": here(condition),
    }
    return here({"Version": here("2012-10-17"), "Statement": here((here(statement),))})
