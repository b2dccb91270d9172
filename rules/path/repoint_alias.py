"""PC310: a caller that may make an alias call other code."""

from collections.abc import Iterator
from itertools import islice

from permcheck.model import Finding, Function, Location, PathStep, Qualifier, Role, User, Verdict
from permcheck.rule import Answer, Example, Narrowing, Rule, Strength, View
from permcheck.rules._examples import Json, account, allow, deny, function_arn, user, worker
from permcheck.rules.path._steps import (
    INVOKE,
    REWRITES,
    Caller,
    deploys,
    is_function,
    limited,
    once,
    places,
    shifted,
    start,
    whom,
)

MOVE, PUBLISH = "lambda:UpdateAlias", "lambda:PublishVersion"
LOOKED_AT = 32
SECRETS = {"ignore": ["PC205"]}
LIVE = {"AliasArn": function_arn("vault:live"), "Name": "live", "FunctionVersion": "2"}


def _files(*statements: Json, version: str = "1") -> Json:
    versions = [
        {"FunctionName": "vault", "FunctionArn": function_arn(f"vault:{v}"), "Version": v} for v in (version, "2")
    ]
    vault = worker("vault-role", allow("secretsmanager:GetSecretValue"))
    return {
        **account(
            vault,
            user("lee", *statements),
            user("tom", allow(INVOKE, function_arn("vault:live"))),
            functions={"vault": "vault-role"},
        ),
        "aliases.json": {"Aliases": [LIVE]},
        "versions.json": {"Versions": versions if version != "2" else versions[1:]},
    }


class RepointAlias(Rule):
    """A caller may make an alias call other code.

    What
        A role or user may point an alias of a function at another version (lambda:UpdateAlias), one in view or one that
        it may publish, though it may not rewrite the function. The role that the other version runs as is
        administrator, or has all data of a kind, and the caller is weaker.

    Why it matters
        Whoever calls the alias gets the code of the other version from then on, with the role that version was
        published with: an old one with a hole that was mended since, or work in progress that nobody has looked at.
        With its routing weights an alias can also send it one call in a hundred.

    How to fix
        Leave lambda:UpdateAlias to the role that deploys, and delete versions that nothing calls.

    When it is fine
        For the role that shifts traffic between versions: name it under deploy_roles in permcheck.toml, and the finding
        is listed as explained.

    References
        Lambda API Reference, "UpdateAlias"
        Lambda Developer Guide, "Manage Lambda function versions"
    """

    id = "PC310"
    name = "repoint-alias"
    severity = "medium"
    confidence = "medium"
    since = "0.1"
    concerns = (MOVE,)

    bad = (Example(_files(allow(MOVE, function_arn("vault"))), "an old version it can bring back", SECRETS),)
    good = (
        Example(_files(allow(MOVE, function_arn("vault")), version="2"), "there is no other version", SECRETS),
        Example(_files(allow(MOVE), deny(MOVE, function_arn("vault"))), "a Deny takes it back", SECRETS),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can have an alias of a strong function call other code."""
        if not view.names(caller, MOVE) or is_function(view, caller) or view.strength(caller) >= Strength.ALL_DATA:
            return
        functions = view.functions_for(caller, MOVE).within(view.ways.aliased)
        for action in REWRITES if functions else ():
            functions = functions.without(view.functions_for(caller, action))
        found = (f for arn in islice(functions.sure(), LOOKED_AT) if (f := view.function(arn)) is not None)
        for function in found:
            move, other = view.decide(caller, MOVE, function.arn), _other(view, caller, function)
            if other is None or move.narrowing is Narrowing.RESOURCE:
                continue
            alias, version, publish = other
            answers = [move, *publish]
            yield self.finding(
                f"{whom(caller)} can have {function.name}:{alias.name} call {version} in place of version "
                f"{alias.version}, with what its role may do",
                caller.arn,
                once(
                    (
                        *places(view, answers, "allows pointing the alias elsewhere"),
                        Location(alias.source, alias.pointer, f"{function.arn}:{alias.name}", note="the alias"),
                    )
                ),
                severity=shifted(self.severity, -1) if limited(answers) else None,
                path=(
                    *start(view, caller, MOVE, move.verdict),
                    PathStep("function", f"{function.name}:{alias.name}", function.arn, "runs as", Verdict.ALLOWED),
                    *tuple(view.function_steps(function))[1:],
                ),
                conditions=move.conditions,
                fix=f"leave {MOVE} on {function.name} to the role that deploys it",
                witness=move.witness,
                explained=deploys(view, caller),
            )
            return


def _other(view: View, caller: Caller, function: Function) -> tuple[Qualifier, str, tuple[Answer, ...]] | None:
    """An alias that something calls, other code for it, and what allows publishing that, where it is not published."""
    aliases = [q for q in function.qualifiers if q.version is not None]
    used = [a for a in aliases if a.policy or a.url or view.decide(caller, INVOKE, f"{function.arn}:{a.name}").allowed]
    for alias in used or (aliases if view.ways.called(function) else []):
        for version in (q for q in function.qualifiers if q.name.isdigit() and q.name != alias.version):
            if _strong(view, function, version.role):
                return alias, f"version {version.name}", ()
        publish = view.decide(caller, PUBLISH, function.arn)
        if publish.allowed and publish.narrowing is not Narrowing.RESOURCE and _strong(view, function, None):
            return alias, "what is in $LATEST", (publish,)
    return None


def _strong(view: View, function: Function, kept: str | None) -> bool:
    """Whether the role is one of those worth it. kept: the ARN of the role that a version was published with."""
    role = view.role(kept) if kept else view.role_of(function)
    return role is not None and view.strength(role) >= Strength.ALL_DATA
