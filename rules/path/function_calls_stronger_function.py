"""PC325: a function that may call one whose role is stronger."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, Verdict
from permcheck.rule import Door, Example, Openness, Rule, Strength, Trail, View
from permcheck.rules._examples import account, allow, deny, function_arn, table_arn, worker
from permcheck.rules.path._captures import open_url
from permcheck.rules.path._escalating import by_way_of, escalation, opened, way_to
from permcheck.rules.path._steps import INVOKE, along, called, left, once, shifted, shown

CALLS = allow(INVOKE, function_arn("vault"))
VAULT = worker("vault-role", allow("secretsmanager:GetSecretValue"))
BOTH = {"front": "front-role", "vault": "vault-role"}
SECRETS = {"ignore": ["PC121", "PC205"]}


class FunctionCallsStrongerFunction(Rule):
    """A function may call a function whose role is stronger.

    What
        The role of a function may invoke another function, whose role is administrator, has all data of a kind, or
        surely takes over a function that does; its own reaches no such thing. The path begins with whoever outside
        comes to the first function and not to the second, and the severity follows how many people that is. Where
        nobody does, only administrators at the end are told.

    Why it matters
        The second function does what its code does with the event it gets, and that event comes from the first. A chain
        joins a public front to a strong back although neither's policy mentions the other's data; with a star in place
        of the name, every function there will ever be is at its end.

    How to fix
        Name the functions that the first one calls, and give the second a role that reaches what it works on alone.

    When it is fine
        Where the second function takes its event for what it is, something anybody may have written. The finding says
        what is at stake, not that the code gives it away.

    References
        Lambda Developer Guide, "Identity-based IAM policies for Lambda"
        Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
    """

    id = "PC325"
    name = "function-calls-stronger-function"
    severity = "high"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            account(worker("front-role", CALLS), VAULT, functions=BOTH) | open_url("front"),
            "a public front that calls a function which reads every secret",
            SECRETS,
        ),
    )
    good = (
        Example(
            account(
                worker("front-role", CALLS),
                worker("vault-role", allow("dynamodb:Query", table_arn("Orders"))),
                functions=BOTH,
            )
            | open_url("front"),
            "the second reads one table",
            SECRETS,
        ),
        Example(
            account(worker("front-role", CALLS, deny(INVOKE)), VAULT, functions=BOTH) | open_url("front"),
            "a Deny takes it back",
            SECRETS,
        ),
        Example(account(worker("front-role", CALLS), VAULT, functions=BOTH), "nobody outside calls the first", SECRETS),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report a role of functions that may call a stronger function, unless it gets there by itself."""
        functions = view.functions_of(role.arn)
        if not functions or role.service_linked:
            return
        fronts = view.fronts(Openness.SIGN_UP, view.ways.leads_to_data)
        in_front = any(function.arn in fronts for function in functions)
        found = view.ways.invokes_stronger(role, Strength.ALL_DATA if in_front else Strength.IAM_WRITE)
        if found is None or escalation(view, role) is not None:
            return
        worth, others = found
        function, door = opened(view, functions, others)
        severity = _severity(worth, door)
        if severity is None:
            return
        trail = view.ways.over(role, others, worth)
        end = view.role(trail.nodes[-2].name)
        if end is None:
            return
        steps = (*trail.steps()[:-2], *view.role_steps(end))
        yield self.finding(
            f"{by_way_of(function, functions, door)}can invoke {called(others)}, and so have {end.name} reach "
            f"{steps[-1].name}",
            function.arn,
            once((*along(trail), *(along(door.trail) if door is not None else ()))),
            severity=severity,
            path=(*way_to(function, door), *steps),
            conditions=left(trail),
            fix=f"name the functions that {function.name} calls, and give {end_of(trail)} a role that reaches what it "
            "works on alone",
            witness=shown(trail),
            others=[f.arn for f in functions if f is not function],
        )


def end_of(trail: Trail) -> str:
    """The name of the last function on a way."""
    return next(n.name for n in reversed(trail.nodes) if n.kind == "function").rpartition(":")[2]


def _severity(worth: Strength, door: Door | None) -> str | None:
    """By whoever comes to the first function, and what lies at the end; None for what is only a call among our own.

    Code stands between, so nothing of it is a given.
    """
    strong = worth >= Strength.IAM_WRITE
    if door is None or door.journey.openness < Openness.SIGN_UP:
        return "high" if strong else None
    severity = "critical" if strong and door.journey.openness is Openness.EVERYONE else "high"
    return severity if door.trail.verdict is Verdict.ALLOWED else shifted(severity, -1)
