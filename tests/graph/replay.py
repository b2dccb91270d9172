"""Replays a witness as somebody without permcheck's graph would: the request, with the policies taken from the input.

The documents come from the texts that were read, by source and pointer, and ``permcheck.policy.evaluate_request``
decides. What an account outside the view allows its own principals is taken to be everything.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from permcheck.data import cognito_guest, managed_policies
from permcheck.model import Facts, Policy, Role, User
from permcheck.policy import evaluate_request
from permcheck.policy.arn import account_of, split
from permcheck.sources.files import load_texts

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Replay:
    """The policies of one input, ready to be joined to requests."""

    def __init__(self, texts: Mapping[str, str], facts: Facts | None = None) -> None:
        self.facts = facts if facts is not None else load_texts(texts)
        self._texts = texts

    def verdict(self, witness: Mapping[str, Any]) -> str:
        """What the policies of the input say of a witness."""
        return str(evaluate_request(self.request(witness))["verdict"])

    def request(self, witness: Mapping[str, Any]) -> dict[str, Any]:
        """The request in the form of ``permcheck evaluate``."""
        assert set(witness) == {"principal", "action", "resource", "context"}
        identity = self._identity(witness["principal"])
        asked: dict[str, Any] = {**witness, "resource_policy": self._on(witness["resource"])}
        if identity is not None:
            asked["identity_policies"] = [self.document(policy) for policy in identity.policies]
            if identity.boundary is not None:
                asked["permissions_boundary"] = self.document(identity.boundary)
            asked["session_policies"] = self._session(witness)
        elif isinstance(witness["principal"], str) and _of_account(witness["principal"]):
            asked["identity_policies"] = [EVERYTHING]
        if not account_of(witness["resource"]) and (owner := self._owner(witness)):
            asked["resource_account"] = owner
        organization = self.facts.organization
        if organization is not None and isinstance(witness["principal"], str):
            levels = organization.scps.get(account_of(witness["principal"]), ())
            asked["service_control_policies"] = [[self.document(p) for p in level] for level in levels]
        if organization is not None:
            levels = organization.rcps.get(account_of(witness["resource"]), ())
            asked["resource_control_policies"] = [[self.document(p) for p in level] for level in levels]
        return asked

    def document(self, policy: Policy) -> Any:
        """The text of a policy, as it stands in the input; of AWS's own that is not there, as the table has it."""
        if policy.source not in self._texts and policy.arn is not None and ":iam::aws:" in policy.arn:
            return managed_policies.document(policy.arn)
        value: Any = json.loads(self._texts[policy.source])
        for token in policy.pointer.split("/")[1:]:
            value = json.loads(value) if isinstance(value, str) else value
            name = token.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
        return json.loads(value) if isinstance(value, str) else value

    def _owner(self, witness: Mapping[str, Any]) -> str:
        """Who owns what has no account in its ARN: as the input tells it, or else the caller's own account."""
        named = str(witness["resource"])
        told = (
            r.account for r in self.facts.resources if r.account and (named == r.arn or named.startswith(f"{r.arn}/"))
        )
        principal = witness["principal"] if isinstance(witness["principal"], str) else ""
        return next(told, account_of(principal) or (principal if principal.isdigit() else ""))

    def _identity(self, principal: Any) -> Role | User | None:
        if not isinstance(principal, str):
            return None
        everybody: Iterable[Role | User] = (*self.facts.roles, *self.facts.users)
        arn = split(principal)
        if arn is not None and arn.resource.startswith("assumed-role/"):
            name = arn.resource.split("/")[1]
            found = [r for r in self.facts.roles if (r.name, account_of(r.arn)) == (name, arn.account)]
            return found[0] if found else None
        return next((each for each in everybody if each.arn == principal), None)

    def _session(self, witness: Mapping[str, Any]) -> list[Any]:
        """What Cognito puts over a guest of the enhanced flow, whose session has a name of Cognito's."""
        told = witness["context"].get("cognito-identity.amazonaws.com:amr")
        if told != "unauthenticated" or not witness["principal"].endswith("/CognitoIdentityCredentials"):
            return []
        region = witness["context"]["cognito-identity.amazonaws.com:aud"].partition(":")[0]
        return [dict(document) for document in cognito_guest.session_policies(region)]

    def _on(self, resource: str) -> Any:
        """The resource policy that governs a request for this ARN."""
        for function in self.facts.functions:
            for qualifier in function.qualifiers:
                arn = f"{function.arn}:{qualifier.name}" if qualifier.name else function.arn
                if arn == resource:
                    return self.document(qualifier.policy) if qualifier.policy is not None else None
        for role in self.facts.roles:
            if role.arn == resource:
                return self.document(role.trust) if role.trust is not None else None
        for other in self.facts.resources:
            if resource == other.arn or resource.startswith(f"{other.arn}/"):
                return self.document(other.policy) if other.policy is not None else None
        return None


def _of_account(principal: str) -> bool:
    """Whether a caller has an account whose administrator allows it things; services and anonymous ones have none."""
    return principal.startswith("arn:") or principal.isdigit()
