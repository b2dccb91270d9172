"""Who may sign in at an identity pool: its providers, the user pools behind them, and what users write themselves.

Cognito User Pools API Reference, UserPoolClientType (WriteAttributes) and SchemaAttributeType (Mutable).
"""

from collections.abc import Iterator, Mapping

from permcheck.frozen import dataclass
from permcheck.graph.cognito import described
from permcheck.model.facts import Facts
from permcheck.model.pool import IdentityPool
from permcheck.model.user_pool import UserPool
from permcheck.policy.arn import split

# OpenID Connect Core, "Standard Claims", as Cognito has them; what AWS answers without WriteAttributes.
STANDARD = frozenset(
    "address birthdate email family_name gender given_name locale middle_name name nickname phone_number picture "
    "preferred_username profile updated_at website zoneinfo".split()
)

# Providers at which everybody may have an account.
PUBLIC = frozenset(
    ("accounts.google.com", "appleid.apple.com", "api.twitter.com", "graph.facebook.com", "www.amazon.com")
)


@dataclass(frozen=True, slots=True)
class Login:
    """One way to sign in. key: what role mappings and tag maps call it. methods: what the token's ``amr`` holds.

    told: whether the pool says that it accepts it; False for one that is only supposed, because the pool itself is not
    in view.
    """

    name: str
    key: str
    methods: tuple[str, ...]
    client: str = ""
    user_pool: UserPool | None = None
    told: bool = True

    @property
    def strangers(self) -> bool | None:
        """Whether anybody can come in this way: by signing up, or with an account anybody has. None where not told."""
        if self.user_pool is not None:
            return self_sign_up(self.user_pool)
        if self.name in PUBLIC:
            return True
        return False if split(self.name) is not None else None

    @property
    def claims(self) -> Mapping[str, str]:
        """Claims of its tokens that are the same for everybody."""
        if not self.client:
            return {}
        return {"aud": self.client, "iss": f"https://{self.name}", "token_use": "id"}


def logins(facts: Facts, pool: IdentityPool) -> Iterator[Login]:
    """Every way to sign in at a pool, in the order of the input."""
    for provider in pool.providers:
        yield _of_user_pool(facts, provider.name, provider.client_id)
    for name in pool.other_logins:
        yield Login(name, name, ("authenticated", *_issuers(name)))
    if not described(pool) and (pool.mappings or any(r.kind == "signed_in" for r in pool.roles)):
        for mapping in pool.mappings:
            name, _, client = mapping.provider.partition(":")
            if client:
                yield _of_user_pool(facts, name, client)
            else:
                yield Login(name, name, ("authenticated", *_issuers(name)))
        yield Login("", "", ("authenticated",), told=False)


def _of_user_pool(facts: Facts, name: str, client: str) -> Login:
    pool_id = name.partition("/")[2]
    pool = next((p for p in facts.user_pools if p.id == pool_id), None)
    # The third value names the user; one stands for all.
    methods = ("authenticated", name, f"{name}:CognitoSignIn:permcheck")
    return Login(name, f"{name}:{client}" if client else name, methods, client, pool)


def _issuers(name: str) -> tuple[str, ...]:
    """A provider as ``amr`` may tell it: by its name, and for an OIDC provider in IAM by its host."""
    arn = split(name)
    return (name, arn.resource.partition("/")[2]) if arn is not None else (name,)


def self_sign_up(pool: UserPool) -> bool | None:
    """Whether anybody can sign up; None where it is not told, or a function (pre sign-up trigger) decides."""
    if pool.self_sign_up and any(name == "PreSignUp" for name, _ in pool.triggers):
        return None
    return pool.self_sign_up


def writes(login: Login, claim: str) -> bool | None:
    """Whether a user decides what a claim of its own token says. None where the input does not tell enough.

    An attribute belongs to the user, not to the client by which it signed in, so any client of the user pool that may
    write it will do. One that cannot be changed can still be chosen by whoever signs up.
    """
    pool = login.user_pool
    if pool is None:
        return None
    if claim == "cognito:username":
        return self_sign_up(pool)
    if claim not in STANDARD and not claim.startswith("custom:"):
        return False  # Cognito's own: groups, sub, aud …
    schema = dict(pool.attributes)
    if schema and claim not in schema and claim not in STANDARD:
        return False
    told = [c.writes for c in pool.clients if c.writes is not None]
    if not any(claim in written or (not written and claim in STANDARD) for written in told):
        return False if told and len(told) == len(pool.clients) else None
    mutable = schema.get(claim, True if claim in STANDARD else None)
    chosen = True if mutable else _either(mutable, self_sign_up(pool))
    replaced = any(name == "PreTokenGeneration" for name, _ in pool.triggers)  # a function may write another value
    return None if chosen and replaced else chosen


def _either(one: bool | None, other: bool | None) -> bool | None:
    """Kleene's or."""
    if one or other:
        return True
    return None if one is None or other is None else False
