"""Restatements of Principal and NotPrincipal, one for each departure that concerns them."""

from __future__ import annotations

import re

from .restate import NOBODY, carried, listed, with_principals, with_statements
from .vocabulary import Policy, Request, Statement

SESSION = re.compile(r"arn:([^:]+):sts::(\d{12}):assumed-role/([^/]+)/(.+)")


def without_services_under_aws(request: Request) -> Request:
    """AWS principals without names that are service principals."""
    return with_statements(
        request,
        lambda _, __, statement: with_principals(
            statement, lambda entry: [] if re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com", entry) else [entry]
        ),
    )


def _role_entries_dropped(request: Request, exact: str, wrong_case: bool) -> Request:
    """Role principals that iam-simulate would take for the session's role although they are not `exact`."""
    session = SESSION.fullmatch(str(request["principal"]))
    if not session:
        return request
    prefix = f"arn:{session[1]}:iam::{session[2]}:role/"

    def entries(entry: str) -> list[str]:
        if not entry.startswith(prefix):
            return [entry]
        name = entry.rsplit("/", 1)[-1]
        if wrong_case:
            return [entry] if name == session[3] or name.lower() != session[3].lower() else [NOBODY]
        return [NOBODY] if name == session[3] and entry != exact else [entry]

    return with_statements(request, lambda _, __, statement: with_principals(statement, entries))


def exact_role_paths(request: Request) -> Request:
    """Without roles of the session's name under another path than its aws:PrincipalArn tells."""
    session = SESSION.fullmatch(str(request["principal"]))
    arn = carried(request["context"], "aws:PrincipalArn")
    if not session or not isinstance(arn, str) or arn.rsplit("/", 1)[-1] != session[3]:
        return request
    return _role_entries_dropped(request, arn, wrong_case=False)


def exact_role_case(request: Request) -> Request:
    """Without roles whose name is the session's role's in another case."""
    return _role_entries_dropped(request, "", wrong_case=True)


def spared_only_in_full(request: Request) -> Request:
    """NotPrincipal under Deny without the caller's names, where not all of them are listed."""
    caller = str(request["principal"])
    session = SESSION.fullmatch(caller)
    account = caller.split(":")[4] if caller.count(":") >= 5 else ""
    if not account or caller.endswith(":root"):
        return request

    def is_account(entry: str) -> bool:
        return entry == account or entry.endswith(f"::{account}:root")

    def is_role(entry: str) -> bool:
        if not session:
            return entry == caller
        return f"::{account}:role/" in entry and entry.rsplit("/", 1)[-1] == session[3]

    def change(_: str, __: Policy, statement: Statement) -> Statement:
        spared = statement.get("NotPrincipal")
        if statement["Effect"] == "Deny" and isinstance(spared, dict):
            entries = listed(spared.get("AWS", []))
            complete = any(map(is_account, entries)) and any(map(is_role, entries))
            picked = session and any(e.rsplit("/", 1)[0] == caller.rsplit("/", 1)[0] for e in entries)
            if "*" not in entries and not (complete and (not picked or caller in entries)):
                return with_principals(
                    statement, lambda entry: [] if is_account(entry) or is_role(entry) or entry == caller else [entry]
                )
        return statement

    return with_statements(request, change)


def services_of_amazonaws(request: Request) -> Request:
    """A service whose name ends in amazon.com by the same name under amazonaws.com, in the policies too."""

    def renamed(name: str) -> str:
        return name.removesuffix(".amazon.com") + ".amazonaws.com" if name.endswith(".amazon.com") else name

    def statement_of(_: str, __: Policy, statement: Statement) -> Statement:
        for element in ("Principal", "NotPrincipal"):
            named = statement.get(element)
            if isinstance(named, dict) and "Service" in named:
                services = [renamed(name) for name in listed(named["Service"])]
                if services != listed(named["Service"]):
                    statement[element] = {**named, "Service": services}
        return statement

    caller = request["principal"]
    if not isinstance(caller, str) or renamed(caller) == caller:
        return request
    context = {**request.get("context", {})}
    if "aws:PrincipalServiceName" in context:
        context["aws:PrincipalServiceName"] = renamed(caller)
    return {**with_statements(request, statement_of), "principal": renamed(caller), "context": context}
