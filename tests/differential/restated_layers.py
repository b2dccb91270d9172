"""Restatements that move whole layers of policies, one for each departure that concerns them."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

from .generate import FULL_ACCESS
from .restate import NOBODY, listed, with_principals, with_statements
from .vocabulary import Policy, Request, Statement

# Of the services that requests are drawn for. The list of services that have RCPs is permcheck's to know.
WITHOUT_RCPS = ("lambda", "sns")
IDENTITY_SIDE = ("identity_policies", "permissions_boundary", "session_policies", "service_control_policies")
LINKED_ROLE = re.compile(r":role/aws-service-role/|:assumed-role/AWSServiceRoleFor")
NO_GRANT: Policy = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "nobody.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def _without(request: Request, fields: tuple[str, ...]) -> Request:
    return {field: value for field, value in request.items() if field not in fields}


def without_words_as_resource(request: Request) -> Request:
    """Resource entries that are neither an ARN nor a star, in the form of an ARN."""

    def entry(text: str) -> str:
        return text if ":" in text or "*" in text else f"arn:aws:none:::{text}"

    return _with_resources(request, entry)


def _with_resources(request: Request, entry: Callable[[str], str]) -> Request:
    def change(_: str, __: Policy, statement: Statement) -> Statement:
        for element in ("Resource", "NotResource"):
            if element in statement:
                written = statement[element]
                statement[element] = entry(written) if isinstance(written, str) else [entry(one) for one in written]
        return statement

    return with_statements(request, change)


def without_arns_beside_no_resource(request: Request) -> Request:
    """Patterns of ARNs in NotResource as one whole ARN, for an action that has no resources."""
    if request["resource"] != "*":
        return request

    def change(_: str, __: Policy, statement: Statement) -> Statement:
        if "NotResource" in statement:
            entries = listed(statement["NotResource"])
            whole = [entry if entry.strip("*") == "" or "*" not in entry else NOBODY for entry in entries]
            statement["NotResource"] = statement["NotResource"] if whole == entries else whole
        return statement

    return with_statements(request, change)


def without_wildcards_in_type(request: Request) -> Request:
    """Resource patterns with a wildcard before the first `:` or `/` of the resource part, decided here.

    One that matches becomes the resource itself, one that does not becomes a name that nothing has.
    """
    asked = request["resource"].split(":", 5)

    def entry(text: str) -> str:
        segments = text.split(":", 5)
        if len(segments) < 6 or "${" in segments[5] or len(asked) < 6 or asked[2] in ("s3", "sqs", "sns"):
            return text
        kind = re.match(r"[^:/]*[*?][^:/]*[:/]", segments[5])
        if not kind:
            return text
        pattern = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in segments[5])
        return ":".join([*segments[:5], asked[5] if re.fullmatch(pattern, asked[5], re.DOTALL) else "none/none"])

    return _with_resources(request, entry)


def root_with_full_access(request: Request) -> Request:
    """A root user with an identity policy that allows everything, and no boundary."""
    if not str(request["principal"]).endswith(":root"):
        return request
    return {**_without(request, ("permissions_boundary",)), "identity_policies": [FULL_ACCESS]}


def without_identity_side(request: Request) -> Request:
    """A service, a federated or an anonymous caller without policies that only users and roles have."""
    principal = request["principal"]
    if isinstance(principal, str) and (principal.startswith("arn:") or principal.isdigit()):
        return request
    return _without(request, IDENTITY_SIDE)


def without_organization_for_linked_roles(request: Request) -> Request:
    """A service-linked role without SCPs and RCPs."""
    if not LINKED_ROLE.search(str(request["principal"])):
        return request
    return _without(request, ("service_control_policies", "resource_control_policies"))


def without_rcps_where_none_apply(request: Request) -> Request:
    """No RCPs for an action whose service has none."""
    if request["action"].split(":")[0].lower() not in WITHOUT_RCPS:
        return request
    return _without(request, ("resource_control_policies",))


def with_a_trust_policy(request: Request) -> Request:
    """A trust policy that names somebody else, for a role that was given without one."""
    if not request["action"].startswith("sts:AssumeRole") or request.get("resource_policy"):
        return request
    return {**request, "resource_policy": NO_GRANT}


def direct_grant_apart(request: Request) -> tuple[Request, ...]:
    """The request twice: as it is, and with only those grants that no session policy limits, each layer else silent.

    In the second one identity and session policies keep their Deny statements; the resource policy keeps, of its Allow
    statements, those for everyone and for the session by its own ARN.
    """
    caller, resource = str(request["principal"]), request["resource"]
    owner = resource.split(":")[4] if resource.count(":") >= 5 else ""
    account = caller.split(":")[4] if caller.count(":") >= 5 else ""
    owner = owner or request.get("resource_account", account)
    if not request.get("session_policies") or not request.get("resource_policy") or owner != account:
        return (request,)

    def change(field: str, _: Policy, statement: Statement) -> Statement | None:
        if statement["Effect"] == "Deny" or field in ("permissions_boundary", "service_control_policies"):
            return statement
        if field == "resource_policy":
            return _direct(statement, caller)
        return None

    apart = with_statements(request, change)
    apart["session_policies"] = [*apart["session_policies"], copy.deepcopy(FULL_ACCESS)]
    return request, apart


def _direct(statement: Statement, caller: str) -> Statement | None:
    """The Allow statement as far as it is for everyone or the caller's own ARN; None when it names neither."""
    named = statement.get("Principal")
    # A role's ARN grants to its sessions, and session policies do limit that.
    direct_names = ("*",) if ":role/" in caller else ("*", caller)
    if (isinstance(named, str) and named in direct_names) or "NotPrincipal" in statement:
        return statement
    if not isinstance(named, dict):
        return None
    direct = [entry for entry in listed(named.get("AWS", [])) if entry in direct_names]
    if not direct:
        return None
    return with_principals({**statement, "Principal": {"AWS": direct}}, lambda entry: [entry])
