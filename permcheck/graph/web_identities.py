"""Roles that people and programs take with a token of an identity provider, or with a SAML assertion.

IAM User Guide, "OIDC federation", "Create a role for OpenID Connect federation" and "SAML 2.0 federation". A user pool
that is registered as a provider of its own belongs here too: no identity pool stands in between, and no ceiling.
"""

from collections.abc import Iterable, Iterator, Mapping

from permcheck.access.subject import Holder, limits_on
from permcheck.frozen import dataclass
from permcheck.graph.cognito import is_cognito
from permcheck.graph.logins import PUBLIC, self_sign_up
from permcheck.graph.pool_trust import ASSUME, ORDER
from permcheck.model.facts import Facts
from permcheck.model.identity import Role
from permcheck.model.user_pool import UserPool
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.matching import action_applies
from permcheck.policy.request import Decision, Policies, Request
from permcheck.policy.residue import instance

ASSUME_SAML = "sts:AssumeRoleWithSAML"
_SIGN_IN = "https://signin.aws.amazon.com/saml"
_GOOGLE = "accounts.google.com"
# Issuers that serve everybody: what their ``sub`` begins with, and what ends the name of the tenant in it. The rest,
# and ``aud``, a tenant chooses for itself. GitHub Docs, "OpenID Connect reference"; GitLab Docs, "OpenID Connect";
# HCP Terraform, "Workload identity tokens"; Buildkite, "OIDC".
_TENANTS = {
    "token.actions.githubusercontent.com": ("repo:", "/"),
    "gitlab.com": ("project_path:", "/"),
    "app.terraform.io": ("organization:", ":"),
    "agent.buildkite.com": ("organization:", ":"),
}
_STRANGER = "permcheck-stranger"
# Other keys by which GitHub's tokens tell the tenant (IAM User Guide, "Available keys for AWS OIDC federation").
_GITHUB: Mapping[str, str] = {
    "repository": f"{_STRANGER}/permcheck",
    "repository_id": "1",
    "repository_owner": _STRANGER,
    "repository_owner_id": "1",
    "actor": _STRANGER,
    "actor_id": "1",
}
Known = Mapping[str, tuple[str, ...]]
Asked = tuple[Request, Policies]


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody with a token. strangers: whether anybody could be it, None where not told."""

    known: Known
    strangers: bool | None = False


def web_identities(facts: Facts) -> Iterator[Holder]:
    """A holder for each provider that each role's trust policy lets in, identity pools left aside."""
    user_pools = {f"/{pool.id}": pool for pool in facts.user_pools}
    for role in facts.roles:
        for provider in dict.fromkeys(_providers(role)):
            name = provider_name(provider)
            pool = user_pools.get(name[name.find("/") :]) if name.startswith("cognito-idp.") else None
            holder = _holder(facts, role, provider, name, pool)
            if holder is not None:
                yield holder


def provider_name(federated: str) -> str:
    """A federated principal as people know it: the host of an OIDC provider ARN, or the text itself."""
    arn = split(federated)
    return arn.resource.partition("/")[2] if arn is not None else federated


def _providers(role: Role) -> Iterator[str]:
    """Providers the trust policy could mean. Where it names everybody, one that needs no registration stands in."""
    for statement in role.trust.statements if role.trust is not None else ():
        names = statement.principals
        if not statement.is_allow:
            continue
        if names is not None and not names.everyone:
            yield from (federated for federated in names.federated if not is_cognito(federated))
        elif action_applies(statement, ASSUME):
            yield _GOOGLE


def _holder(facts: Facts, role: Role, provider: str, name: str, pool: UserPool | None) -> Holder | None:
    best: tuple[_Person, Decision, Asked] | None = None
    for person in _people(role, provider, name, pool):
        decision, asked = _ask(facts, role, provider, person)
        if best is None or ORDER.index(decision.verdict) < ORDER.index(best[1].verdict):
            best = person, decision, asked
            if decision.verdict is ORDER[0]:
                break
    if best is None or best[1].verdict is Verdict.DENIED:
        return None
    person, decision, asked = best
    known = {"aws:federatedprovider": (provider,), **person.known}
    return Holder(
        "web_identity",
        name,
        "web_identity",
        role.arn,
        decision.verdict,
        known,
        decision,
        # Whether a stranger meets what is left open is not known.
        strangers=person.strangers if decision.verdict is Verdict.ALLOWED or not person.strangers else None,
        asked=asked,
    )


def _ask(facts: Facts, role: Role, provider: str, person: _Person) -> tuple[Decision, Asked]:
    action = ASSUME_SAML if ":saml-provider/" in provider else ASSUME
    known = {"aws:federatedprovider": (provider,), **person.known}
    request = Request(Caller(CallerKind.WEB_IDENTITY, provider), action, role.arn, Context(known, complete=False))
    trust = (role.trust,) if role.trust is not None else ()
    policies = Policies(resource=trust, rcps=limits_on(facts, account_of(role.arn)))
    return evaluate(request, policies), (request, policies)


def _people(role: Role, provider: str, name: str, pool: UserPool | None) -> Iterator[_Person]:
    """Whom to try, the one of whom there are most first."""
    if ":saml-provider/" in provider:
        yield _Person({"saml:aud": (_SIGN_IN,)})
    elif name in _TENANTS:
        for subject in _subjects(role, name):
            for audience in dict.fromkeys(("sts.amazonaws.com", *_asked_for(role, f"{name}:aud"))):
                more = {f"{name}:{key}": (value,) for key, value in _GITHUB.items() if "github" in name}
                yield _Person({f"{name}:sub": (subject,), f"{name}:aud": (audience,), **more}, True)
    elif pool is not None:
        for client in pool.clients:
            yield _Person({f"{name}:aud": (client.id,)}, self_sign_up(pool))
    if not (pool is not None and pool.clients):
        yield _Person({}, None if name.startswith("cognito-idp.") else name in PUBLIC)


def _subjects(role: Role, name: str) -> Iterator[str]:
    """What a stranger can make its token say: its own tenant, and whatever follows, as the trust policy wants it."""
    prefix, end = _TENANTS[name]
    yield f"{prefix}{_STRANGER}{end}permcheck"
    for wanted in _asked_for(role, f"{name}:sub", literal=True):
        tenant = wanted.removeprefix(prefix).partition(end)[0]
        if wanted.startswith(prefix) and ("*" in tenant or "?" in tenant) and "<" not in tenant:
            # The name is not given in full, so one that fits can be had. (What is not known before a deploy, and is
            # written <NAME>, may be the whole name.)
            yield instance(wanted)


def _asked_for(role: Role, key: str, literal: bool = False) -> Iterable[str]:
    """The values that conditions of the trust policy compare a key with; patterns as a text that fits them."""
    conditions = (c for s in (role.trust.statements if role.trust else ()) for c in s.conditions)
    values = (v for c in conditions if c.key.lower() == key for v in c.values)
    return dict.fromkeys(v if literal else instance(v) for v in values)
