"""PC163: an identity pool that does not ask the user pool whether a user is still signed in."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep
from permcheck.rule import Example, Rule, View
from permcheck.rules.invoke._pool_examples import app, user
from permcheck.rules.invoke._pools import named

SWITCH = "ServerSideTokenCheck"


class SignOutNotChecked(Rule):
    """An identity pool does not ask the user pool whether a user is still signed in.

    What
        ServerSideTokenCheck is off for a client of a user pool.

    Why it matters
        Whoever was signed out everywhere, disabled or deleted keeps getting AWS credentials until the token runs out,
        which may be set to a day: just when somebody tries to stop a stolen account.

    How to fix
        Set ServerSideTokenCheck to true for the provider.

    When it is fine
        Where tokens live for minutes.

    References
        Amazon Cognito Federated Identities API Reference, "CognitoIdentityProvider"
    """

    id = "PC163"
    name = "sign-out-not-checked"
    severity = "low"
    confidence = "high"
    since = "0.1"

    bad = (Example(app(user(), check=False)),)
    good = (Example(app(user())),)

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report the pool's providers that are not checked."""
        unchecked = [provider for provider in pool.providers if provider.token_check is False]
        if unchecked:
            names = ", ".join(dict.fromkeys(provider.name.rpartition("/")[2] for provider in unchecked[:3]))
            yield self.finding(
                f"identity pool {named(pool)} gives credentials to users of {names} who were signed out or deleted",
                view.pools.arn(pool),
                [
                    view.at(pool.source, f"{provider.pointer}/{SWITCH}", "the token alone counts", view.pools.arn(pool))
                    for provider in unchecked
                ],
                path=[PathStep("signed_in", pool.id)],
                fix=f"set {SWITCH} to true",
            )
