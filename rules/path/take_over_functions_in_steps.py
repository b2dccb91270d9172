"""PC305: a caller that gets to administrator by taking over functions, one after the other."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User, Verdict
from permcheck.rule import Example, Rule, Strength, Trail, View
from permcheck.rules._examples import account, allow, deny, function_arn, user, worker
from permcheck.rules.path._creating import CREATE, PASS, creation
from permcheck.rules.path._steps import (
    REWRITES,
    Caller,
    along,
    called,
    deploys,
    is_function,
    left,
    shown,
    start,
    whom,
)

CODE = REWRITES[0]
TIDY = worker("tidy-role", allow(CODE, function_arn("vault")))
VAULT = worker("vault-role", allow("iam:PutRolePolicy"))
FUNCTIONS = {"tidy": "tidy-role", "vault": "vault-role"}
GIVES = "gives a function the role"
FIRST = ("rewrites", "creates a function that runs as", GIVES)


class TakeOverFunctionsInSteps(Rule):
    """A caller gets to administrator by taking over functions in steps.

    What
        A role or user may rewrite a function, or make one, whose role may rewrite or make another, and so on until a
        role that is administrator or can give itself more rights. Every step is surely allowed, and after each the
        code that runs is the caller's own. A single step is another rule's: replace-function-code,
        change-function-configuration, give-function-another-role or create-and-invoke-function; where the caller
        controls every function there is, the single step is told here, since lambda-full-control is less severe.

    Why it matters
        Each function's role looks harmless beside what its neighbour holds, and a review of one policy after the other
        shows no administrator anywhere near the caller. The steps together make it one.

    How to fix
        Take the first step away: leave lambda:UpdateFunctionCode and lambda:UpdateFunctionConfiguration to the role
        that deploys. Then the next ones: hardly any function has to rewrite others.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.

    References
        Lambda API Reference, "UpdateFunctionCode"
        IAM User Guide, "Security best practices in IAM"
    """

    id = "PC305"
    name = "take-over-functions-in-steps"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (*REWRITES, CREATE)

    bad = (
        Example(
            account(TIDY, VAULT, user("lee", allow(CODE, function_arn("tidy"))), functions=FUNCTIONS),
            "one function that may rewrite the next",
            {"ignore": ["PC133", "PC202"]},
        ),
    )
    good = (
        Example(
            account(TIDY, VAULT, user("lee", allow(CODE), deny(CODE, function_arn("*"))), functions=FUNCTIONS),
            "a Deny on the first step",
            {"ignore": ["PC133", "PC202"]},
        ),
        Example(
            account(VAULT, user("lee", allow(CODE, function_arn("vault"))), functions={"vault": "vault-role"}),
            "one step is another rule's",
            {"ignore": ["PC133", "PC202"]},
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever gets to administrator in steps that no other rule puts together."""
        if not (view.names(caller, *REWRITES) or (view.names(caller, PASS) and view.names(caller, CREATE))):
            return
        trail = view.ways.to_administrator(caller) if not is_function(view, caller) else None
        if trail is None or trail.hops[0].kind not in FIRST or _told(view, caller, trail):
            return
        functions = [f for n in trail.nodes if n.kind == "function" and (f := view.function(n.name)) is not None]
        by = f" by way of {called(functions)}" if functions else ""
        yield self.finding(
            f"{whom(caller)} can make itself administrator{by}, whose code it can replace",
            caller.arn,
            along(trail),
            path=(*start(view, caller, CODE, Verdict.ALLOWED)[:-1], *trail.steps()),
            conditions=left(trail),
            fix=f"take the first step away from {caller.name}: leave rewriting and creating functions to the role that "
            "deploys them, and name it in deploy_roles",
            witness=shown(trail),
            explained=deploys(view, caller),
        )


def _told(view: View, caller: Caller, trail: Trail) -> bool:
    """Whether the finding of a single step says as much."""
    hops = trail.hops
    if hops[0].kind == GIVES and len(hops) == 2:
        return True  # give-function-another-role
    made = creation(view, caller)
    if made is not None and made.gain.strength >= Strength.IAM_WRITE:
        return True
    return len(hops) <= 3 and view.controls_functions(caller) is Verdict.DENIED
