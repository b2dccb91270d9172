"""PC110: a function policy says who, what or which is left out, and grants the rest."""

from collections.abc import Iterable

from permcheck.model import Finding, Function, Policy, Statement
from permcheck.rule import Example, Outsider, Rule, View, traits
from permcheck.rules.invoke._coming_in import MAY, lower, named, qualified, way_in, whom
from permcheck.rules.invoke._grants import ARN, captured, grant, refuse

_ASKED = ("lambda:InvokeFunction", "lambda:UpdateFunctionCode", "lambda:AddPermission", "lambda:GetFunction")
_ELEMENTS = ("NotPrincipal", "NotAction", "NotResource")
_COLLEAGUE = {"AWS": "arn:aws:iam::111122223333:user/former-colleague"}
_SELF = {"AWS": "arn:aws:iam::111122223333:role/shop"}


def _all_but(**elements: object) -> dict[str, object]:
    return {"Sid": "all-but", "Effect": "Allow", "Resource": ARN, **elements}


class GrantByExclusion(Rule):
    """A function policy grants everything but what it names.

    What
        Reports an Allow with NotPrincipal, NotAction or NotResource in a function's policy, when somebody is let in
        by it. Where only principals of the function's own account gain, the severity is medium.

    Why it matters
        NotPrincipal with Allow lets in every AWS account but those named. NotAction hands out every action that
        nobody thought of, also those that Lambda gets next year, and NotResource every version and alias.

    How to fix
        Name what is allowed with Principal, Action and Resource. To shut somebody out, use a Deny.

    When it is fine
        Never: a Deny beside a plain Allow says the same in a way that can be read.

    References
        IAM User Guide, "AWS JSON policy elements: NotPrincipal"
        IAM User Guide, "IAM JSON policy elements: NotAction"
        AWS Lambda API Reference, "PutResourcePolicy"
    """

    id = "PC110"
    name = "grant-by-exclusion"
    severity = "high"
    concerns = (traits.NEGATED,)
    bad = (
        Example(captured(_all_but(NotPrincipal=_COLLEAGUE, Action="lambda:InvokeFunction"))),
        Example(captured(_all_but(Principal=_SELF, NotAction="lambda:DeleteFunction"))),
    )
    good = (
        Example(captured(grant(_SELF))),
        Example(captured(_all_but(NotPrincipal=_COLLEAGUE, Action="lambda:InvokeFunction"), refuse())),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for qualifier in function.qualifiers:
            policy = qualifier.policy
            for statement in policy.statements if policy is not None else ():
                if policy is not None and statement.is_allow and _negated(statement):
                    yield from self._about(view, function, qualifier.name, policy, statement)

    def _about(
        self, view: View, function: Function, qualifier: str, policy: Policy, statement: Statement
    ) -> Iterable[Finding]:
        outsider = _outsider(view, function, qualifier, statement)
        if outsider is None and not any(view.lets_its_own(function, qualifier, a, statement) for a in _ASKED):
            return
        element = " and ".join(_negated(statement))
        who = named(function, qualifier)
        change = outsider is not None and outsider.action != _ASKED[0]
        lets = f"lets {whom(outsider)} {'change' if change else 'invoke'} {who}" if outsider else f"is on {who}"
        yield self.finding(
            f"an Allow with {element} {lets}",
            qualified(function, qualifier),
            [view.place(policy, statement, f"grants everything but what {element} names")],
            severity=self.severity if outsider else lower(self.severity),
            path=way_in(view, function, outsider, "may change" if change else "") if outsider else (),
            conditions=outsider.row.conditions if outsider else (),
            fix="Name what is allowed with Principal, Action and Resource, and use a Deny for what is not.",
            witness=outsider.row.witness if outsider else None,
        )


def _negated(statement: Statement) -> list[str]:
    given = (statement.not_principals, statement.not_actions, statement.not_resources)
    return [element for element, value in zip(_ELEMENTS, given, strict=True) if value is not None]


def _outsider(view: View, function: Function, qualifier: str, statement: Statement) -> Outsider | None:
    """Somebody outside whom the statement lets do something, invoking first."""
    for action in _ASKED:
        for outsider in view.outsiders(function, action):
            same = outsider.qualifier == qualifier and outsider.verdict in MAY
            if same and any(r.statement is statement for r in outsider.reasons):
                return outsider
    return None
