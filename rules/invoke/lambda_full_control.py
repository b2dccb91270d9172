"""PC131: a caller that may do everything with every function."""

from collections.abc import Iterator, Sequence

from permcheck.model import Finding, Function, Location, Role, User
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import (
    account,
    allow,
    deny,
    document,
    function_arn,
    role,
    table_arn,
    trust,
    user_arn,
    worker,
)
from permcheck.rules.invoke._callers import (
    Caller,
    arn_like,
    controls_all,
    passed_over,
    places,
    shifted,
    shown,
    way,
    weighed,
    whom,
)

ACTIONS = ("lambda:UpdateFunctionCode", "lambda:InvokeFunction", "lambda:AddPermission")
ENDS = ("admin", "target")
_NAMED = 3  # functions named in a sentence
EVERY_FUNCTION = function_arn("*")
OPS_TRUST = trust({"AWS": user_arn("ines")})
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))


class LambdaFullControl(Rule):
    """A caller may do everything with every function.

    What
        A role or user may do with any function whatever Lambda offers: invoke it, download its code and its
        environment variables, put other code into it, change its settings, delete it, and let anyone else in. It
        usually comes from lambda:* on *, which old guides for mobile apps told people to attach to the role of their
        app, and which the AWS managed policy AWSLambda_FullAccess holds.

    Why it matters
        Whoever can put code into a function acts with the function's role. So although this caller's own policies name
        no table, bucket or secret, it reaches whatever any function of the account reaches, one call away. A role that
        an identity pool hands to guests belongs to everybody who has the app: the pool's id is inside it, and the
        limits that Cognito puts on guests leave lambda:* whole. With iam:PassRole the caller can also create functions
        that run as other roles.

    How to fix
        Give the caller the one action it needs on the functions it calls: lambda:InvokeFunction on their ARNs, one by
        one or by a prefix that only they have. An app that should not know function names goes through an API instead.
        Deployment belongs to a role of its own, which names the functions it deploys.

    When it is fine
        For a role that exists to run the account. Administrators are not reported: that they may do this is no news.
        Name pipelines under deploy_roles in permcheck.toml, and the finding is two steps less severe. A Deny, a
        permissions boundary or a service control policy that takes the dangerous actions away ends the finding by
        itself.

    References
        Lambda Developer Guide, "Identity-based IAM policies for Lambda"
        Amazon Cognito Developer Guide, "IAM roles"
        AWS Managed Policy Reference, "AWSLambda_FullAccess"
    """

    id = "PC131"
    name = "lambda-full-control"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = ACTIONS[:1]

    bad = (
        Example({"mobile-guide.json": document(allow("lambda:*"))}, "the policy of the old mobile guides, on its own"),
        Example(
            account(REPORT, role("ops", allow("lambda:*"), trusts=OPS_TRUST), functions={"report": "report-role"}),
            "a role that can put code into a function which reads orders",
        ),
        Example(
            account(
                REPORT,
                role("ops", allow("lambda:*", EVERY_FUNCTION), trusts=OPS_TRUST),
                functions={"report": "report-role"},
            ),
            "the same with a resource that only looks narrower",
        ),
    )
    good = (
        Example({"call-one.json": document(allow("lambda:InvokeFunction", function_arn("report")))}, "one function"),
        Example({"denied.json": document(allow("lambda:*"), deny("lambda:*"))}, "a Deny takes it all back"),
        Example(
            account(
                REPORT,
                role(
                    "plugins",
                    allow("lambda:*"),
                    trusts=OPS_TRUST,
                    boundary=document(allow("lambda:InvokeFunction", function_arn("report"))),
                ),
                functions={"report": "report-role"},
            ),
            "a permissions boundary leaves one invocation of it",
        ),
        Example(
            account(role("admin", managed=["AdministratorAccess"], trusts=OPS_TRUST)), "an administrator is no news"
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever controls every function."""
        answer = controls_all(view, caller)
        if answer is None or passed_over(view, caller):
            return
        guests = view.guest_who_may(caller, ACTIONS[0])
        deploys = view.is_deploy_role(caller)
        severity = weighed("critical" if guests else self.severity, answer)
        targets = view.functions_for(caller, ACTIONS[0])
        gain = view.gain(caller, targets)
        function = gain.function if gain else view.function(next(targets.sure(), ""))
        owned, spared = _spared(view, caller)
        answers = [answer, *(view.decide_any(caller, action) for action in ACTIONS[1:])]
        yield self.finding(
            _message(view, caller, guests, function, _every(owned, spared))
            + (" (one of deploy_roles)" if deploys else ""),
            caller.arn,
            [*places(view, answers, "allows everything Lambda can do, on every function"), *_handed(view, caller)],
            severity=shifted(severity, -2) if deploys else severity,
            path=way(view, caller, "lambda:*", answer, function),
            conditions=answer.conditions,
            fix=_fix(view, caller),
            witness=shown(view, caller, ACTIONS[0], function, answer),
            others=[f.arn for f in spared[_NAMED:]],
        )


def _message(view: View, caller: Caller, guests: str | None, function: Function | None, every: str) -> str:
    """Who can do what with how many functions, and what it leads to."""
    who = whom(caller)
    if guests is not None:
        pool = next((p.name for p in view.facts.pools if p.id == guests and p.name), guests)
        who = f"a guest of identity pool {pool}, without signing in,"
    last = view.function_steps(function)[-1] if function is not None else None
    prize = f", and through {function.name} reach {last.name}" if function and last and last.kind in ENDS else ""
    return f"{who} can invoke, rewrite, read and open to others {every}{prize}"


def _every(owned: int, spared: Sequence[Function]) -> str:
    """Every function, but for those in view of the caller's account on which some of it is denied."""
    seen = f" ({owned - len(spared)} in view)" if owned > len(spared) else ""
    if not spared:
        return f"every function{seen}"
    more = f" and {len(spared) - _NAMED} more" if len(spared) > _NAMED else ""
    return f"every function but {', '.join(f.name for f in spared[:_NAMED])}{more}{seen}"


def _spared(view: View, caller: Caller) -> tuple[int, list[Function]]:
    """How many functions the caller's account has, and those of them on which some of it is denied."""
    held = view.functions_for(caller, ACTIONS[0])
    for action in ACTIONS[1:]:
        held = held.meeting(view.functions_for(caller, action))
    owned, kept = held.all_but(caller.arn.split(":")[4])
    return owned, [f for f in view.facts.functions if f.arn in kept] if kept else []


def _handed(view: View, caller: Caller) -> Iterator[Location]:
    """Where pools hand the role out."""
    for pool, handed in view.holders(caller.arn):
        to = "guests" if handed.kind == "guest" else "signed-in users"
        if handed.kind != "guest" or pool.guests is not False:
            yield Location(
                handed.source, handed.pointer, note=f"identity pool {pool.name or pool.id} hands the role to {to}"
            )


def _fix(view: View, caller: Caller) -> str:
    statement = f'{{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "{arn_like(view, caller)}"}}'
    return f"put a statement in its place that names the functions {caller.name} is to call: {statement}"
