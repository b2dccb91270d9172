"""Callers from outside the view: the world, other accounts, organizations, services and anonymous users of a URL.

Nothing is known of their own policies, so the function's side decides: ``allowed`` for ``*`` (anyone can own an
account), ``conditional`` for an account, an organization or a service whose grant names a source.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from permcheck.access.targets import LATEST, names_of, through_url
from permcheck.access.universe import Item
from permcheck.data import condition_keys
from permcheck.graph.candidates import Candidate, anonymous, candidates, stranger, ways_of
from permcheck.graph.places import because, conditions
from permcheck.graph.witness import witness
from permcheck.model.answer import CallerRow, JsonObject
from permcheck.model.function import Function, FunctionUrl, Qualifier
from permcheck.model.policy import Condition, Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.caller import CallerKind, parse_caller
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.operators import operator_named
from permcheck.policy.parse import parse_document
from permcheck.policy.request import Decision, OpenCondition, Policies, Reason, Request
from permcheck.policy.residue import by_key, solve
from permcheck.policy.wildcard import has_wildcard

INVOKE, INVOKE_URL = "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"
# New URLs need both grants from this month on (Lambda, "Control access to Lambda function URLs").
TWO_GRANTS_SINCE = "2025-10"
# Addresses with nothing in common: a condition on aws:SourceIp that lets in all of one family keeps nobody out.
_ADDRESSES = (("203.0.113.77", "18.200.10.3", "100.20.5.9"), ("2001:db8:77::5", "2600:1f18::7", "2a05:d018::9"))
_ANOTHER_SERVICE = ("one-that-no-policy-names.amazonaws.com",)
_NOT_TOLD = "whether the function has a URL is not in view; one of type NONE would be open to the internet"
_SUREST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN)
Asked = tuple[tuple[Request, Policies, Decision], ...]
_OWN_SIDE = Policy(
    PolicyKind.IDENTITY,
    "the caller's own account",
    "",
    "",
    parse_document({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}),
)


class Outsider:
    """A caller from outside whom a function's policies admit. Row, witness and exposure are made when asked for.

    verdict: of the whole decision. reasons: the statements. qualifier: of the policy. asked: what was decided, the
    decisive request first (a URL asks for two). item: what lets it in. url: by which it comes, if it does. note: what
    the verdict rests on.
    """

    def __init__(
        self,
        candidate: Candidate,
        item: Item,
        via: str,
        qualifier: str,
        verdict: Verdict,
        asked: Asked,
        url: FunctionUrl | None = None,
        note: str = "",
    ) -> None:
        self.caller, self.kind = candidate.name, candidate.kind
        self.via, self.qualifier, self.verdict = via, qualifier, verdict
        self.item, self.url, self.resource = item, url, item.arn
        self.action = asked[0][0].action
        self._candidate = candidate
        self._asked = asked
        self.note = note

    def as_decided(self, verdict: Verdict) -> "Outsider":
        """The same caller, of whose own side more is known: the verdict of both sides."""
        needs = () if verdict is Verdict.ALLOWED else self._candidate.needs
        candidate = self._candidate._replace(needs=needs)
        return Outsider(candidate, self.item, self.via, self.qualifier, verdict, self._asked, self.url, self.note)

    @property
    def asked(self) -> Asked:
        """What was decided, the decisive request first."""
        return self._asked

    @property
    def request(self) -> tuple[Request, Policies]:
        """The decisive request, and the policies that bear on it."""
        return self._asked[0][:2]

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The statements that admit the caller."""
        found = (r for _, _, decision in self._asked for r in decision.because if r.policy is not _OWN_SIDE)
        return tuple(dict.fromkeys(found))

    @property
    def principal(self) -> str:
        """The one principal of an account that is meant where the policies ask everybody for it, else empty."""
        known = self._candidate.context.get("aws:principalarn") if self.kind == "account" else ()
        return known[0] if known else ""

    @cached_property
    def exposed(self) -> bool:
        """Whether nobody is kept out: a stranger can meet every open condition by itself."""
        return self.verdict is not Verdict.UNKNOWN and all(keeps_nobody_out(*asked) for asked in self._asked)

    @cached_property
    def limits(self) -> frozenset[str]:
        """Keys, lower case, of the open conditions that a stranger cannot meet by itself; empty where it meets all."""
        if self.exposed:
            return frozenset()
        asked = (entry for _, _, decision in self._asked for entry in by_key(decision.conditions))
        return frozenset(key for key, entries in asked if not _meets(key, entries))

    @cached_property
    def witness(self) -> JsonObject | None:
        """A request like the decisive one that the policies allow, whatever else the verdict rests on."""
        return witness(*self._asked[0]) if self._candidate.replayable else None

    @cached_property
    def conditions(self) -> tuple[JsonObject, ...]:
        """What must hold besides: on the caller's own side, and of the request."""
        entries = (*self._candidate.needs, *(c for _, _, d in self._asked for c in conditions(d)))
        return tuple({repr(e): e for e in entries}.values())

    @cached_property
    def row(self) -> CallerRow:
        """The row of ``who``."""
        return CallerRow(
            self.caller,
            self.kind,
            self.verdict,
            self.action,
            self.resource,
            self.via,
            self.conditions,
            because(self.reasons),
            self.witness if self.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL) else None,
            note=self.note,
        )


def outsiders(function: Function, action: str = INVOKE) -> Iterator[Outsider]:
    """Everybody outside the view whom the function's policies let do the action, one for each qualifier and way in."""
    for item in names_of(function):
        qualifier = item.arn.removeprefix(function.arn).lstrip(":")
        named = candidates(item, action, services=True)
        tried = ((c, admitted(c, item, action, "resource_policy", qualifier)) for c in named)
        yield from _without_implied(tried)
    if action == INVOKE:
        yield from _through_urls(function)


def _without_implied(tried: Iterable[tuple[Candidate, Outsider | None]]) -> Iterator[Outsider]:
    """Those that are admitted, and services that nobody named only where that says more than the row for everybody."""
    everybody: Outsider | None = None
    for candidate, found in tried:
        if found is not None and found.kind == "aws":
            everybody = found
        if found is not None and not (candidate.implied and says_nothing(found, everybody)):
            yield found


def says_nothing(services: Outsider | None, everybody: Outsider | None) -> bool:
    """Whether it goes without saying what services come to that only a grant to everybody means."""
    if services is None or not services.exposed:
        return True
    return everybody is not None and _SUREST.index(everybody.verdict) <= _SUREST.index(services.verdict)


def admitted(candidate: Candidate, item: Item, action: str, via: str, qualifier: str) -> Outsider | None:
    """The candidate as an outsider, None where it is denied."""
    if not candidate.strange:
        return _row(candidate, item, action, via, qualifier)
    return _openest(_row(way, item, action, via, qualifier) for way in ways_of(candidate, item, via == "function_url"))


def _row(candidate: Candidate, item: Item, action: str, via: str, qualifier: str) -> Outsider | None:
    """The caller as an outsider, in its first context alone; None where it is denied."""
    request, policies = request_for(candidate, item, action)
    decision = evaluate(request, policies)
    if decision.verdict is Verdict.DENIED:
        return None
    conditional = decision.verdict is Verdict.ALLOWED and bool(candidate.needs)
    verdict = Verdict.CONDITIONAL if conditional else decision.verdict
    return Outsider(candidate, item, via, qualifier, verdict, ((request, policies, decision),))


def _openest(found: Iterator[Outsider | None]) -> Outsider | None:
    """The first that keeps nobody out, else the first that is admitted at all."""
    best: Outsider | None = None
    for outsider in found:
        if outsider is not None and outsider.exposed:
            return outsider
        best = best or outsider
    return best


def request_for(candidate: Candidate, item: Item, action: str) -> tuple[Request, Policies]:
    """The request of a caller from outside, in its first context, with the policies that bear on it."""
    context = item.context(candidate.context)
    request = Request(candidate.caller, action, item.arn, context, item.owner)
    # Nothing is known of a foreign caller's own policies; its administrator can always let it.
    identity = () if candidate.caller.kind is CallerKind.ROOT else (_OWN_SIDE,)
    return request, Policies(identity=identity, resource=item.policies, doubtful=item.doubtful)


def keeps_nobody_out(request: Request, policies: Policies, decision: Decision) -> bool:
    """Whether nobody is kept out: each open condition is on a key the caller sets itself, or passes any address."""
    if decision.verdict is Verdict.ALLOWED:
        return True
    if decision.verdict is not Verdict.CONDITIONAL:
        return False
    known: dict[str, tuple[str, ...]] = {}
    for key, entries in by_key(decision.conditions):
        if key == "aws:sourceip":
            continue
        if key == "aws:principalservicename" and request.caller.kind is CallerKind.SERVICE:
            # Of all services there is always another than those that are named.
            known[key] = _ANOTHER_SERVICE
            continue
        if not _meets(key, entries):
            return False
        values = solve([e.condition for e in entries], request.context, entries[0].statement.variables)
        if values is None:
            return False
        known[key] = values

    def passes(address: tuple[str, ...]) -> bool:
        context = request.context.merged({**known, "aws:sourceip": address})
        again = Request(request.caller, request.action, request.resource, context, request.resource_account)
        return evaluate(again, policies).verdict is Verdict.ALLOWED

    if request.context.get("aws:sourceip") is not None:
        return passes(())
    return any(all(passes((address,)) for address in family) for family in _ADDRESSES)


def _meets(key: str, entries: Iterable[OpenCondition]) -> bool:
    """Whether a stranger meets conditions on a key by itself.

    The id before the colon of aws:userid is AWS's to give, and never given twice (IAM User Guide, "IAM identifiers",
    "Unique identifiers"): one that a condition spells out is somebody else's.
    """
    return caller_sets(key) and not (key == "aws:userid" and any(_spells_out(e.condition) for e in entries))


def _spells_out(condition: Condition) -> bool:
    operator = operator_named(condition.operator)
    if operator is None or operator.negated or operator.base in ("Null", "Bool"):
        return False
    return not any(has_wildcard(value.partition(":")[0]) for value in condition.values)


def caller_sets(key: str) -> bool:
    """Whether whoever calls decides the value: its own tags, headers, TLS, MFA in an account of its own, the time."""
    if key.startswith("aws:principaltag/") or key in _CALLERS_OWN:
        return True
    found = condition_keys.find(key)
    return found is not None and found.caller_chosen


_CALLERS_OWN = frozenset(
    (
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:securetransport",
        "aws:currenttime",
        "aws:epochtime",
        "aws:tokenissuetime",
        "aws:useragent",
        "aws:referer",
        "aws:principaltype",
        "aws:username",
        "aws:userid",
        "aws:federatedprovider",
        "aws:viaawsservice",
        "aws:calledvia",
        "aws:requestedregion",
        "aws:sourceidentity",
    )
)


def _through_urls(function: Function) -> Iterator[Outsider]:
    """Who comes in through a function URL: anyone where it asks for no signature, else whom both grants name."""
    for qualifier in function.qualifiers:
        url = qualifier.url
        if url is None:
            if not function.urls_told:
                yield from latent(function, qualifier)
            continue
        item = through_url(function, qualifier)
        found = [anonymous()] if url.auth_type != "AWS_IAM" else candidates(item, INVOKE_URL, services=True)
        tried = (
            (c, _openest(url_row(way, item, url, qualifier.name) for way in ways_of(c, item, by_url=True)))
            for c in found
        )
        yield from _without_implied(tried)


def latent(function: Function, qualifier: Qualifier) -> Iterator[Outsider]:
    """Anyone, where the policy opens a URL of type NONE that is not in view: with it the function is public.

    The permissions for a URL stay when it is deleted, and the console and SAM write them when one is made (Lambda,
    "Control access to Lambda function URLs").
    """
    # A URL is on the function itself or on an alias.
    if qualifier.url is None and qualifier.policy is not None and not qualifier.name.lstrip("$").isdecimal():
        item = through_url(function, qualifier)
        found = url_row(anonymous(), item, FunctionUrl("NONE", function.source), qualifier.name)
        if found is not None and qualifier.name != LATEST:
            yield Outsider(
                anonymous(), item, "function_url", qualifier.name, Verdict.UNKNOWN, found.asked, None, _NOT_TOLD
            )


def url_row(candidate: Candidate, item: Item, url: FunctionUrl, qualifier: str) -> Outsider | None:
    """A caller of a URL needs two grants; a URL older than that rule, with the first alone, is unknown."""
    asked = []
    verdicts = []
    for action in (INVOKE_URL, INVOKE):
        request, policies = request_for(candidate, item, action)
        decision = evaluate(request, policies)
        conditional = decision.verdict is Verdict.ALLOWED and bool(candidate.needs)
        verdicts.append(Verdict.CONDITIONAL if conditional else decision.verdict)
        if decision.verdict is not Verdict.DENIED:
            asked.append((request, policies, decision))
    verdict = url_verdict(verdicts[0], verdicts[1], url)
    if verdict is Verdict.DENIED:
        return None
    verdict = verdict if url.auth_type else Verdict.UNKNOWN
    note = "the URL may be older than the rule that both grants are needed" if len(asked) == 1 else ""
    return Outsider(candidate, item, "function_url", qualifier, verdict, tuple(asked), url, note)


def url_verdict(first: Verdict, second: Verdict, url: FunctionUrl) -> Verdict:
    """The two grants of a function URL as one verdict."""
    if first is Verdict.DENIED:
        return Verdict.DENIED
    if second is Verdict.DENIED:
        young = url.created is not None and url.created[:7] >= TWO_GRANTS_SINCE
        return Verdict.DENIED if young else Verdict.UNKNOWN
    return max(first, second, key=_SUREST.index)


def stranger_or(name: str, item: Item, action: str) -> tuple[Request, Policies]:
    """The request of a caller that is not in view: ``*``, ``anyone``, an account, a service or a foreign ARN.

    Raises PermcheckError for a name that is no principal.
    """
    if name == "anyone":
        return request_for(anonymous(), item, action)
    if name == "*":
        by_url = item.known.get("lambda:invokedviafunctionurl") == ("true",)
        found = admitted(stranger(), item, action, "function_url" if by_url else "resource_policy", "")
        return found.request if found is not None else request_for(stranger(), item, action)
    caller = parse_caller(name)
    context = Context({"aws:principalaccount": (caller.account,)} if caller.account else {}, complete=False)
    return request_for(Candidate(name, str(caller.kind), caller, context), item, action)
