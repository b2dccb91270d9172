"""Whether a role's trust policy takes the token of an identity pool.

Cognito Developer Guide, "IAM roles", "Security best practices for identity pools" and "Using attributes for access
control"; IAM User Guide, "Available keys for AWS web identity federation".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from permcheck.access.subject import limits_on
from permcheck.frozen import dataclass
from permcheck.graph.cognito import is_audience, is_cognito, is_methods, names_in, region_of, token_keys
from permcheck.model.facts import Facts
from permcheck.model.identity import Role
from permcheck.model.policy import Condition, Document, Policy, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.condition import Match, holds
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.operators import read_operator
from permcheck.policy.request import Decision, Policies, Request
from permcheck.policy.residue import instance

ASSUME, TAG_SESSION = "sts:AssumeRoleWithWebIdentity", "sts:TagSession"
ORDER = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)
# In the enhanced flow Cognito itself calls STS, so a condition on the user's address meets one of AWS's.
_ADDRESS_OF_COGNITO = {"aws:sourceip": ("18.200.10.3",)}
_SEVERAL = "AWS does not say how an operator without ForAnyValue compares the several values of amr"
_ACROSS = "AWS does not say whether STS lets a pool of another account in where aud or amr accept everything"


@dataclass(frozen=True, slots=True)
class Token:
    """What an identity pool vouches for. pool: its id. methods: ``amr``. enhanced: whether Cognito takes the role.

    across: whether the pool is in another account than the role. region: where an empty id stands for no ``aud``.
    """

    pool: str
    methods: tuple[str, ...]
    enhanced: bool = False
    across: bool = False
    region: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether the role is given for a token. known: the keys that the session then carries."""

    verdict: Verdict
    decision: Decision
    known: Mapping[str, tuple[str, ...]]
    asked: tuple[Request, Policies] | None = None
    note: str = ""


def take(facts: Facts, role: Role, token: Token) -> Taken:
    """The best answer over the names that identity pools have in the pool's Region."""
    answers = (_take(facts, role, token, *name) for name in names_in(token.region or region_of(token.pool)))
    return min(answers, key=lambda taken: ORDER.index(taken.verdict))


def tagging(facts: Facts, role: Role, taken: Taken) -> Verdict:
    """Whether the trust policy lets the pool put tags on the session: an action of its own."""
    if taken.asked is None:
        return Verdict.UNKNOWN
    request, policies = taken.asked
    return evaluate(request._replace(action=TAG_SESSION), policies).verdict


def _take(facts: Facts, role: Role, token: Token, provider: str, prefix: str) -> Taken:
    known = token_keys(prefix, provider, token.pool, token.methods)
    if role.trust is None:
        return Taken(Verdict.UNKNOWN, Decision(Verdict.UNKNOWN), known)
    by_cognito = token.enhanced and any(
        c.key.lower() == "aws:sourceip" for s in role.trust.statements for c in s.conditions
    )
    context = Context({**known, **(_ADDRESS_OF_COGNITO if by_cognito else {})}, complete=False)
    request = Request(Caller(CallerKind.WEB_IDENTITY, provider), ASSUME, role.arn, context)
    rcps = limits_on(facts, account_of(role.arn))

    def ask(trust: Policy) -> tuple[Decision, Policies]:
        policies = Policies(resource=(trust,), rcps=rcps)
        return evaluate(request, policies), policies

    trust = only(role.trust, _names_audience) if token.across else role.trust
    decision, policies = ask(trust)
    verdict, note = decision.verdict, ""
    if token.across and verdict is not Verdict.DENIED:
        chosen, _ = ask(only(trust, _picks_pool))
        if ORDER.index(chosen.verdict) > ORDER.index(verdict):
            verdict, note = Verdict.UNKNOWN, _ACROSS
    if len(token.methods) > 1 and _compares_plainly(role.trust):
        readings = {
            ask(_with_quantifier(trust, quantifier))[0].verdict for quantifier in ("ForAnyValue", "ForAllValues")
        }
        if readings != {decision.verdict}:
            verdict, note = Verdict.UNKNOWN, _SEVERAL
    return Taken(verdict, decision, known, (request, policies), note)


def only(trust: Policy, keep: Callable[[Statement], bool]) -> Policy:
    """The trust policy with those Allow statements alone that are kept, and every Deny."""
    return trust if trust.document is None else replace(trust, document=_kept(trust.document, keep))


@lru_cache(maxsize=1 << 12)
def _kept(document: Document, keep: Callable[[Statement], bool]) -> Document:
    statements = tuple(s for s in document.statements if not s.is_allow or keep(s))
    return document if len(statements) == len(document.statements) else Document(statements, document.version)


def _names_audience(statement: Statement) -> bool:
    return any(is_audience(c.key.lower()) for c in statement.conditions)


def _picks_pool(statement: Statement) -> bool:
    """Whether the statement tells one pool from another, and guests from users or one provider from another."""
    audience = [c for c in statement.conditions if is_audience(c.key.lower())]
    methods = [c for c in statement.conditions if is_methods(c.key.lower())]
    return _excludes(audience, "us-east-1:00000000-0000-0000-0000-permcheck000") and (
        _excludes(methods, "unauthenticated") or _excludes(methods, "authenticated")
    )


def _excludes(conditions: Iterable[Condition], value: str) -> bool:
    """Whether one of the conditions fails for this value, and for no value at all."""
    return any(
        holds(c, Context({c.key: (value,)}), True) is Match.NO and holds(c, Context(), True) is Match.NO
        for c in conditions
    )


def _compares_plainly(trust: Policy) -> bool:
    conditions = (c for s in trust.statements for c in s.conditions)
    return any(_is_plain(c) for c in conditions)


def _is_plain(condition: Condition) -> bool:
    """Whether it compares ``amr``, which has several values, by an operator for one."""
    operator = read_operator(condition.operator)
    return is_methods(condition.key.lower()) and operator.quantifier is None and operator.base != "Null"


def _with_quantifier(trust: Policy, quantifier: str) -> Policy:
    return trust if trust.document is None else replace(trust, document=_quantified(trust.document, quantifier))


@lru_cache(maxsize=1 << 12)
def _quantified(document: Document, quantifier: str) -> Document:
    def turned(condition: Condition) -> Condition:
        plain = _is_plain(condition)
        return replace(condition, operator=f"{quantifier}:{condition.operator}") if plain else condition

    statements = (replace(s, conditions=tuple(turned(c) for c in s.conditions)) for s in document.statements)
    return Document(tuple(statements), document.version)


@lru_cache(maxsize=1 << 16)
def may_take_tokens(document: Document) -> bool:
    """Whether some Allow of a trust policy could mean Cognito's tokens: a first look, cheaper than the decision."""
    return any(_may_mean_cognito(s) for s in document.statements)


@lru_cache(maxsize=1 << 16)
def audiences(document: Document) -> frozenset[str] | None:
    """The pools outside which a trust policy surely takes no token, None where no such list can be told at a glance."""
    found: set[str] = set()
    for statement in document.statements:
        if _may_mean_cognito(statement):
            named = [c.values for c in statement.conditions if _lists_audience(c)]
            if not named:
                return None
            found.update(named[0])
    return frozenset(found)


@lru_cache(maxsize=1 << 12)
def methods_named(document: Document) -> tuple[str, ...]:
    """The ways to sign in that a trust policy names in conditions: providers, and single users of a user pool."""
    conditions = (c for s in document.statements if s.is_allow for c in s.conditions)
    values = (instance(v) for c in conditions if is_methods(c.key.lower()) for v in c.values)
    return tuple(dict.fromkeys(v for v in values if not v.endswith("authenticated")))


def _may_mean_cognito(statement: Statement) -> bool:
    names = statement.principals
    if not statement.is_allow:
        return False
    return names is None or names.everyone or any(is_cognito(federated) for federated in names.federated)


def _lists_audience(condition: Condition) -> bool:
    plain = condition.operator.lower() == "stringequals" and not any("${" in value for value in condition.values)
    return plain and is_audience(condition.key.lower())
