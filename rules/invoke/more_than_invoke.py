"""PC107: a function policy grants more than invoking."""

from collections.abc import Iterable, Mapping

from permcheck.model import Finding, Function, Statement
from permcheck.rule import Example, Outsider, Rule, View, traits
from permcheck.rules._examples import OTHER
from permcheck.rules.invoke._coming_in import (
    account_of,
    admitted,
    allows,
    lower,
    named,
    open_to_all,
    places,
    revoke,
    way_in,
    whom,
)
from permcheck.rules.invoke._grants import PARTNER, captured, grant, own, refuse, service, source

# What is asked about: the actions that change a function, who may use it, or that hand out its code.
_CHANGING = (
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:AddPermission",
    "lambda:PutResourcePolicy",
    "lambda:RemovePermission",
    "lambda:DeleteResourcePolicy",
    "lambda:CreateFunctionUrlConfig",
    "lambda:UpdateFunctionUrlConfig",
    "lambda:UpdateAlias",
    "lambda:CreateAlias",
    "lambda:DeleteAlias",
    "lambda:PublishVersion",
    "lambda:DeleteFunction",
    "lambda:PutFunctionConcurrency",
    "lambda:DeleteFunctionConcurrency",
    "lambda:UpdateFunctionEventInvokeConfig",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:GetFunction",
)
_EDGE = ("replicator.lambda.", "edgelambda.")  # Lambda@Edge copies the function, so it may read it
_TRUST = {"trusted_accounts": [OTHER]}


class MoreThanInvoke(Rule):
    """A function policy grants somebody outside more than invoking.

    What
        Reports a statement that lets another account, everybody or a service change the function, change who may use
        it, or read its code: * or lambda:* as much as single actions. Lambda@Edge may read the function it copies.
        For a service, which has no use for such rights, and for trusted accounts the severity is medium. NotAction
        has PC110.

    Why it matters
        Whoever may replace the code acts with the execution role, and whoever may change the policy can let in
        others. AWS's pages disagree on which of these actions it honours from another account, so the confidence is
        medium: AWS may refuse some of them.

    How to fix
        Grant lambda:InvokeFunction alone. Let deployments from another account assume a role in this one.

    When it is fine
        For a pipeline in another account that deploys this function: list its role under deploy_roles.

    References
        AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda"
        AWS Lambda API Reference, "AddPermission"
        Amazon CloudFront Developer Guide, "Set up IAM permissions and roles for Lambda@Edge"
    """

    id = "PC107"
    name = "more-than-invoke"
    severity = "high"
    confidence = "medium"
    concerns = (traits.MORE,)
    bad = (
        Example(captured(grant({"AWS": PARTNER}, Action="lambda:*")), "also a trusted account", _TRUST),
        Example(captured(grant({"AWS": PARTNER}, Action="lambda:UpdateFunctionCode"))),
        Example(captured(service("sns", source(own("sns", "orders")), Action="lambda:*"))),
    )
    good = (
        Example(captured(grant({"AWS": PARTNER}, Action="lambda:Invoke*")), "", _TRUST),
        Example(captured(grant({"AWS": PARTNER}, Action="lambda:GetPolicy"))),
        Example(captured(grant({"AWS": PARTNER}, Action="lambda:UpdateFunctionCode"), refuse(Action="lambda:*"))),
        Example(captured(grant({"AWS": PARTNER}, Action="lambda:UpdateAlias")), "", {"deploy_roles": ["partner"]}),
        Example(captured(grant({"Service": "replicator.lambda.amazonaws.com"}, on="7", Action="lambda:GetFunction"))),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for found, statements in _beyond(view, function).values():
            outsider = found[0]
            who, actions = named(function, outsider.qualifier), [o.action.removeprefix("lambda:") for o in found]
            reasons = tuple(r for r in outsider.reasons if r.statement in statements or not r.statement.is_allow)
            trusted = outsider.kind == "service" or view.trusted_account(account_of(outsider))
            severity = lower(self.severity) if trusted else self.severity
            yield self.finding(
                f"{whom(outsider)} may do more to {who} than invoke it: {', '.join(actions)}",
                outsider.resource,
                places(view, reasons, "grants more than invoking"),
                severity=severity if outsider.exposed or outsider.kind == "service" else lower(severity),
                path=way_in(view, function, outsider, "may change"),
                conditions=outsider.row.conditions,
                fix=revoke(function, outsider.qualifier, reasons) + " and grant lambda:InvokeFunction alone.",
                witness=outsider.row.witness,
                explained=_meant(view, outsider),
            )


def _beyond(view: View, function: Function) -> Mapping[tuple[str, str, str], tuple[list[Outsider], list[Statement]]]:
    """By kind, caller and qualifier: the outsider for each action it may do, and the statements that say so."""
    found: dict[tuple[str, str, str], tuple[list[Outsider], list[Statement]]] = {}
    for action in _CHANGING:
        for outsider in admitted(view, function, "aws", "account", "org", "role", "user", "service", action=action):
            if action == "lambda:GetFunction" and outsider.caller.startswith(_EDGE):
                continue
            everybody = () if outsider.kind == "aws" else open_to_all(view, function, action)
            granting = [
                s
                for s in allows(outsider.reasons)
                if s.not_actions is None and s.not_principals is None and s not in everybody
            ]
            if granting:
                key = (outsider.kind, outsider.caller, outsider.qualifier)
                outsiders, statements = found.setdefault(key, ([], []))
                outsiders.append(outsider)
                statements.extend(s for s in granting if s not in statements)
    return found


def _meant(view: View, outsider: Outsider) -> str | None:
    """Why configuration says that it is meant to be."""
    deploys = outsider.kind in ("role", "user") and view.config.is_deploy_role(outsider.caller)
    return f"{outsider.caller.rpartition('/')[2]} is among the deploy_roles" if deploys else None
