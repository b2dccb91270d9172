"""PC215: code of another account inside a function that matters."""

from collections.abc import Iterator

from permcheck.model import Finding, Function, Location, PathStep, Verdict
from permcheck.rule import Example, Rule, Strength, View, traits
from permcheck.rule.granting import publisher
from permcheck.rules._examples import OTHER, REGION, account, allow, table_arn, worker

LAYER = f"arn:aws:lambda:{REGION}:{OTHER}:layer:telemetry:12"
INSIGHTS = f"arn:aws:lambda:{REGION}:580247275435:layer:LambdaInsightsExtension:55"
PRICES = worker("prices-role", allow("dynamodb:GetItem", table_arn("Prices")))


class ForeignLayer(Rule):
    """A function that reaches something runs a layer of another account.

    What
        A function runs with a layer that belongs to another account. Medium where its role reaches everything of some
        kind or can rewrite IAM, low where it reaches single things; not reported where it only writes logs.

    Why it matters
        The code of a layer runs inside the function, with its role, and often before the function's own code. A
        version of a layer does not change, but what it holds is what that account put there, and who deploys the next
        version takes it from there again.

    How to fix
        Copy the layer into an account of yours after looking at it, and use that; or give the function less to lose.

    When it is fine
        Layers of AWS and of well-known makers of tracing tools are not reported; permcheck has a dated list of their
        accounts. Other accounts you trust belong under trusted_accounts in permcheck.toml.

    References
        Lambda Developer Guide, "Managing Lambda dependencies with layers"
        Lambda API Reference, "AddLayerVersionPermission"
    """

    id = "PC215"
    name = "foreign-layer"
    severity = "medium"
    confidence = "high"
    since = "0.1"
    concerns = (traits.LAYERS,)

    bad = (
        Example(
            account(PRICES, functions={"prices": "prices-role"}, layers=[LAYER]),
            "its code reads what the function reads: low, for one table",
        ),
    )
    good = (
        Example(account(worker("hello-role"), functions={"hello": "hello-role"}, layers=[LAYER]), "nothing to lose"),
        Example(account(PRICES, functions={"prices": "prices-role"}, layers=[INSIGHTS]), "AWS's own layer"),
        Example(
            account(PRICES, functions={"prices": "prices-role"}, layers=[LAYER]),
            "an account that configuration trusts",
            {"trusted_accounts": [OTHER]},
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterator[Finding]:
        """Report layers of accounts that nobody vouches for, in functions that matter."""
        own = _account(function.arn)
        foreign = [
            layer for layer in function.layers if _account(layer.arn) != own and not publisher(_account(layer.arn))
        ]
        role = view.role_of(function) if foreign else None
        if role is None or view.strength(role) is Strength.NOTHING:
            return
        severity = self.severity if view.strength(role) >= Strength.ALL_DATA else "low"
        for layer in foreign:
            account_id, name = _account(layer.arn), layer.arn.partition(":layer:")[2].partition(":")[0] or layer.arn
            start = PathStep("account", account_id, None, f"its layer {name} runs in", Verdict.ALLOWED)
            yield self.finding(
                f"function {function.name} runs layer {name} of account {account_id} with {role.name}",
                function.arn,
                [Location(layer.source, layer.pointer, function.arn, note="code of another account")],
                severity=severity,
                path=(start, *view.function_steps(function)),
                fix=f"publish the layer from an account of yours, or name {account_id} in trusted_accounts",
                explained="trusted_accounts names it" if view.trusted_account(account_id) else None,
            )


def _account(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 4 else ""
