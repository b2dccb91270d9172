"""PC177: a function that a user pool calls may administer user pools at will."""

from collections.abc import Iterable

from permcheck.model import Facts, Finding, PathStep, Verdict
from permcheck.rule import Example, Narrowing, Rule, Strength, View
from permcheck.rule.around import POOL_ADMINISTRATION
from permcheck.rules._examples import account, allow, worker
from permcheck.rules.invoke._callers import administers, places, weighed
from permcheck.rules.invoke._grants import captured, service, source
from permcheck.rules.invoke._pool_examples import USERS_ARN, users

_LETS_IN = service("cognito-idp", source(USERS_ARN))


def _signs_up(resource: str, trigger: str = "PostConfirmation") -> Example:
    runs = {"orders": "orders-role"}
    made = account(worker("orders-role", allow(POOL_ADMINISTRATION[0], resource)), functions=runs)
    policy = {name: value for name, value in captured(_LETS_IN).items() if name.startswith("get-policy")}
    arn = captured()["list-functions.json"]["Functions"][0]["FunctionArn"]
    return Example(made | policy | {"describe-user-pool.json": users(sign_up=True, **{trigger: arn})})


class PowerfulPoolTrigger(Rule):
    """A function that a user pool calls may administer every user pool.

    What
        Reports a trigger of a user pool whose execution role may change users, groups, clients or settings of any
        user pool. The severity is high where anybody may sign up and so sets the trigger off.

    Why it matters
        The trigger runs on what users say of themselves: names, addresses, custom attributes. A mistake in its code
        then reaches every user and group of every pool, and with the groups the AWS roles that they carry.

    How to fix
        Allow the actions on the one user pool. A pool and its trigger can name each other where the permission is a
        resource of its own in the template.

    When it is fine
        For a function that moves users between pools. Suppress it there with that reason.

    References
        Amazon Cognito Developer Guide, "Customizing user pool workflows with Lambda triggers"
        Service Authorization Reference, "Actions, resources, and condition keys for Amazon Cognito User Pools"
    """

    id = "PC177"
    name = "powerful-pool-trigger"
    severity = "medium"
    bad = (_signs_up("*"), _signs_up("arn:aws:cognito-idp:*:*:userpool/*", "PreSignUp"))
    good = (_signs_up(USERS_ARN),)

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        seen: set[str] = set()
        for pool, trigger, function, verdict in view.around.pool_triggers() if facts.user_pools else ():
            role = view.role_of(function)
            if role is None or function.arn in seen or administers(view, role):
                continue
            answers = [a for action in POOL_ADMINISTRATION if (a := view.decide_any(role, action)).allowed]
            answers = [a for a in answers if a.narrowing is not Narrowing.RESOURCE]
            if not answers or view.strength(role) >= Strength.IAM_WRITE:
                continue
            seen.add(function.arn)
            severity = "high" if pool.self_sign_up else self.severity
            more = len(answers) - 1
            people = pool.name or pool.id
            yield self.finding(
                f"{function.name}, which user pool {people} calls ({trigger}), may {answers[0].action} in every user "
                f"pool" + (f" and {more} more such actions" if more else ""),
                function.arn,
                [
                    *places(view, answers, "names no user pool"),
                    view.at(pool.source, pool.pointer, f"calls {function.name}", pool.arn),
                ],
                severity=weighed(severity, answers[0]),
                path=(
                    *(
                        [PathStep("anyone", "anyone", None, "signs up at", Verdict.ALLOWED)]
                        if pool.self_sign_up
                        else []
                    ),
                    PathStep("event_source", f"user pool {people}", pool.arn, f"triggers ({trigger})", verdict),
                    PathStep("function", function.name, function.arn, "runs as", Verdict.ALLOWED),
                    PathStep("role", role.name, role.arn, answers[0].action, answers[0].verdict),
                    PathStep("target", "every user pool"),
                ),
                conditions=answers[0].conditions,
                fix=f'name the pool: "Resource": "{pool.arn}"',
                witness=answers[0].witness,
                others=[answer.action for answer in answers[1:]],
            )
