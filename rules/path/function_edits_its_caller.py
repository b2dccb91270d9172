"""PC313: a function that may edit whoever invokes it."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User, Verdict
from permcheck.rule import Deputy, Example, Rule, Strength, View
from permcheck.rules._examples import account, allow, function_arn, role, trust, user, user_arn, worker
from permcheck.rules.path._steps import (
    INVOKE,
    MAY,
    REWRITES,
    WORTH,
    Caller,
    along,
    deploys,
    is_function,
    left,
    shifted,
    shown,
    whom,
)

EDIT = "iam:AttachUserPolicy"
INVOKES = allow(INVOKE, function_arn("badges"))
BADGES = worker("badges-role", allow(EDIT, user_arn("bea")))
RUNNER = role("runner", INVOKES, trusts=trust({"AWS": user_arn("bea")}))
BY_BADGE = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::111122223333:policy/badge"}}


class FunctionEditsItsCaller(Rule):
    """A function may edit its own caller.

    What
        A user or role may have a function invoked, itself or as a role it can assume, and the function's role may
        change the caller's rights: attach or write a policy for the user, the role, a group it belongs to, or a new
        version of a policy it has. The severity is what the caller could be at most: critical, or less where its
        permissions boundary or a policy of the organization sets a limit that the function cannot lift.

    Why it matters
        The caller has nothing, and asks a function that may give it everything. Which requests the function agrees to
        is up to its code, which permcheck does not read: if the function can be made to, by a name that ends up in a
        query or a field nobody checks, it makes the caller administrator.

    How to fix
        Name the policies that the function may attach by a condition on iam:PolicyARN, ask for a permissions boundary
        by one on iam:PermissionsBoundary, and keep the function's callers out of the identities it edits.

    When it is fine
        For a function that only the pipeline invokes: name that role under deploy_roles in permcheck.toml, and the
        finding is listed as explained. With a condition on the policies there is no finding.

    References
        IAM User Guide, "Permissions boundaries for IAM entities"
        IAM API Reference, "AttachUserPolicy"
    """

    id = "PC313"
    name = "function-edits-its-caller"
    severity = "critical"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            account(BADGES, RUNNER, user("bea"), functions={"badges": "badges-role"}),
            "the user assumes a role that invokes the function",
            {"ignore": ["PC202"]},
        ),
        Example(
            account(BADGES, user("bea", INVOKES), functions={"badges": "badges-role"}),
            "the user invokes it itself",
            {"ignore": ["PC202"]},
        ),
    )
    good = (
        Example(account(BADGES, user("bea"), RUNNER), "no function runs as the role", {"ignore": ["PC202"]}),
        Example(
            account(
                worker("badges-role", allow(EDIT, user_arn("bea"), Condition=BY_BADGE)),
                user("bea", INVOKES),
                functions={"badges": "badges-role"},
            ),
            "one policy, and no other",
            {"ignore": ["PC202"]},
        ),
        Example(
            account(
                worker("badges-role", allow(EDIT, user_arn("tom"))),
                user("bea", INVOKES),
                functions={"badges": "badges-role"},
            ),
            "it edits somebody who cannot invoke it",
            {"ignore": ["PC202"]},
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report a caller that a function it can have invoked may edit."""
        deputy = view.ways.deputy(caller)
        if deputy is None or _told(view, caller, deputy) or (isinstance(caller, Role) and caller.service_linked):
            return
        limit = Strength.ADMINISTRATOR if view.ways.lifts_limits(deputy, caller) else view.ways.ceiling(caller)
        within = "" if limit is Strength.ADMINISTRATOR else " within its permissions boundary"
        trail, function = deputy.trail, deputy.function
        what = caller.name if deputy.edited == caller.arn else deputy.edited.rpartition(":")[2]
        as_whom = [n.name.rpartition("/")[2] for n in trail.nodes[1:-3] if n.kind == "role"]
        through = f" as {as_whom[0]}" if as_whom else ""
        yield self.finding(
            f"{whom(caller)} can have {function.name} invoked{through}, whose role may edit {what} "
            f"({deputy.edit.action}): if the function can be made to, it gives {caller.name} any right{within}",
            caller.arn,
            along(trail),
            severity=shifted(WORTH[limit], 0 if trail.verdict is Verdict.ALLOWED else -1),
            path=trail.steps(),
            conditions=left(trail),
            fix=f"limit {deputy.edit.action} of {deputy.role.name} by a condition on iam:PolicyARN or "
            f"iam:PermissionsBoundary, or keep {caller.name} out of what it edits",
            witness=shown(trail),
            explained=deploys(view, caller),
        )


def _told(view: View, caller: Caller, deputy: Deputy) -> bool:
    """Whether other findings say it, or worse: of who may rewrite the function, or may call all that edit everybody."""
    if any(view.functions_for(caller, action).has(deputy.function.arn) for action in REWRITES):
        return True
    if view.strength(deputy.role) < Strength.IAM_WRITE:
        return False
    if view.ways.held(caller) or is_function(view, caller):
        return True
    return len(deputy.trail.hops) > 3 or view.may_any(caller, INVOKE) in MAY
