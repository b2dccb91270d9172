"""PC214: an access key of AWS stands in a function's environment."""

from collections.abc import Iterable

from permcheck.model import Finding, Function, PathStep, Role, User, Verdict
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules._examples import Json, account, allow, function_arn, user, worker

READS = ("lambda:GetFunctionConfiguration", "lambda:GetFunction")
_RUNS = {"orders": "orders-role"}
# In two pieces, so that nobody's search for keys stops here.
_KEY = "AKIA" + "QZ3EGW2N7KPLV4XT"


def _with(value: str, *identities: Json) -> Example:
    files = account(worker("orders-role"), *identities, functions=_RUNS)
    files["functions.json"]["Functions"][0]["Environment"] = {"Variables": {"UPLOAD_KEY": value}}
    return Example(files)


class AccessKeyInEnvironment(Rule):
    """An access key of AWS stands in a function's environment.

    What
        Reports a function one of whose environment variables is the id of a long-term access key (AKIA…), beside which
        its secret mostly stands. Medium where somebody in view may read the function's configuration, low where
        nobody may. AWS's example keys are left out. permcheck notes that there is a key and keeps nothing of it.

    Why it matters
        Environment variables are shown to everybody who may look at the function's configuration. With the key they
        act as its user, from anywhere, until somebody takes the key back.

    How to fix
        Give the execution role what the key was for, and delete the key. Keys of other services belong in Secrets
        Manager or in Parameter Store.

    When it is fine
        Never for a key that still works.

    References
        AWS Lambda Developer Guide, "Working with Lambda environment variables"
        IAM User Guide, "Manage access keys for IAM users"
    """

    id = "PC214"
    name = "access-key-in-environment"
    severity = "medium"
    confidence = "medium"
    concerns = (traits.KEY,)
    bad = (
        _with(_KEY, user("lee", allow(READS[0], function_arn("orders")))),
        _with(f"https://{_KEY}@example.com/"),
    )
    good = (_with("AKIAIOSFODNN7EXAMPLE"), _with("eu-west-1"))

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        if not function.holds_key:
            return
        everybody: tuple[Role | User, ...] = (*view.facts.roles, *view.facts.users)
        readers = [caller for caller in everybody if _reads(view, caller, function)]
        more = len(readers) - 1
        said = f"; {readers[0].name} may read it" + (f", and {more} more" if more else "") if readers else ""
        start = [s for c in readers[:1] for s in view.caller_step(c, READS[0], Verdict.ALLOWED)]
        yield self.finding(
            f"an environment variable of {function.name} is an AWS access key{said}",
            function.arn,
            [view.at(function.source, function.pointer, "the environment is not shown", function.arn)],
            severity=None if readers else "low",
            path=(*start, PathStep("function", function.name, function.arn)),
            fix=f"give the role of {function.name} what the key was for, and delete the key",
            others=[reader.arn for reader in readers[1:]],
        )


def _reads(view: View, caller: Role | User, function: Function) -> bool:
    """Whether the caller, for whom that is not its trade, may read the configuration."""
    if isinstance(caller, Role) and caller.service_linked:
        return False
    if view.administrator(caller) is Verdict.ALLOWED:
        return False
    return any(view.functions_for(caller, action).has(function.arn) for action in READS)
