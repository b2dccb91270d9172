"""Who may sign in at an identity pool: its providers, the user pools behind them, and what their users write themselves.

Cognito User Pools API Reference, UserPoolClientType (WriteAttributes) and SchemaAttributeType (Mutable).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    """Whether anybody can sign up; None where it is not told, or a function decides about each (pre sign-up trigger)."""
    if pool.self_sign_up and any(name == "PreSignUp" for name, _ in pool.triggers):
        return None
    return pool.self_sign_up


def open_to_all(facts: Facts, pool: IdentityPool) -> bool | None:
    """Whether anybody can come to be signed in: some login lets everyone sign up. None where no answer is in view."""
    answers = {self_sign_up(login.user_pool) if login.user_pool else None for login in logins(facts, pool)}
    return True if True in answers else None if None in answers else False


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
    schema = dict(pool.attributes)
    if claim not in STANDARD and not (claim.startswith("custom:") and schema.get(claim, not schema) is not None):
        return False
    if claim.startswith("custom:") and schema and claim not in schema:
        return False
    known = [c for c in pool.clients if c.writes is not None]
    if not any(claim in (c.writes or ()) or (c.writes == () and claim in STANDARD) for c in known):
        return False if known and len(known) == len(pool.clients) else None
    mutable = schema.get(claim, None if claim not in STANDARD else True)
    chooses = mutable or self_sign_up(pool)
    if chooses and any(name in ("PreTokenGeneration", "PreTokenGenerationConfig") for name, _ in pool.triggers):
        return None  # a function may put another value into the token
    return None if mutable is None and not chooses else bool(chooses)
