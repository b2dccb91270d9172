"""Why a caller may or may not invoke a function: the decision behind each way in, layer by layer.

For whatever ``who`` prints as a caller, the answers here have the same verdicts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from permcheck.access import Item, Subject
from permcheck.access.targets import LATEST, names_of, through_url
from permcheck.access.world import request_of
from permcheck.graph import signed_routes
from permcheck.graph.caller_named import callers_named
from permcheck.graph.candidates import Candidate, ways_of
from permcheck.graph.in_view import subject_of
from permcheck.graph.layers import NOT_IN_VIEW, OWN_SIDE, layers, of_each
from permcheck.graph.outsiders import (
    INVOKE,
    INVOKE_URL,
    Outsider,
    admitted,
    request_for,
    says_nothing,
    url_row,
    url_verdict,
)
from permcheck.graph.places import conditions
from permcheck.graph.scene import Scene
from permcheck.graph.unseen import any_given, is_identity, is_named, unseen_call, unseen_url_call
from permcheck.graph.why_in_front import for_anyone, for_api, for_source
from permcheck.graph.witness import witness
from permcheck.model.answer import JsonObject, WhyAnswer, WhyLayer
from permcheck.model.function import Function, FunctionUrl
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Policies, Request

Asked = tuple[Request, Policies, Decision]


def why(scene: Scene, caller: str, function: Function, qualifier: str | None = None) -> Iterator[WhyAnswer]:
    """An answer for each name the function can be called by, for its URLs, and for what stands in front of it.

    caller: an ARN, an account, organization or service, ``*``, ``anyone``, an API or an event source. Nothing for a
    text that names no caller. qualifier: of the only name asked about; None for all, the plain name first.
    """
    if qualifier is None:
        yield from _without_repeats(function, _each(scene, caller, function, None))
        return
    asked = f"{function.arn}:{qualifier}"
    yield from (a for a in _each(scene, caller, function, asked) if a.resource == asked)


def _each(scene: Scene, caller: str, function: Function, asked: str | None) -> Iterator[WhyAnswer]:
    """The answers, in order. asked: the ARN that is asked about, None for every name of the function."""
    if caller == "anyone":
        yield from for_anyone(scene, function, asked or function.arn)
        return
    subject = subject_of(scene.world, caller)
    if subject is not None:
        yield from _of_subject(subject, caller, function)
        yield from signed_routes.for_subject(scene, subject, caller, function)
    elif is_identity(caller) and account_of(caller) == account_of(function.arn):
        if not any_given(scene, account_of(caller)) or is_named(function, caller):
            yield from _of_unseen(scene, caller, function)
    else:
        yield from _of_outsider(caller, function)
        yield from signed_routes.for_outsider(scene, caller, function)
        yield from for_api(scene, caller, function, asked)
        yield from for_source(scene, caller, function, asked)


def _of_subject(subject: Subject, caller: str, function: Function) -> Iterator[WhyAnswer]:
    def ask(action: str, item: Item) -> Asked:
        request, policies = request_of(subject, action, item)
        return request, policies, evaluate(request, policies)

    yield from (_plain(caller, ask(INVOKE, item)) for item in names_of(function))
    for item, url in _signed_urls(function):
        grants = (ask(INVOKE_URL, item), ask(INVOKE, item))
        verdict = url_verdict(grants[0][2].verdict, grants[1][2].verdict, url)
        yield _through_url(caller, grants, verdict)


def _of_unseen(scene: Scene, caller: str, function: Function) -> Iterator[WhyAnswer]:
    """A principal of the function's account that is not in view: all that is known is what the policies say of it."""
    given = any_given(scene, account_of(function.arn))

    def judged(verdict: Verdict, grants: Iterable[Asked]) -> Verdict:
        # A URL that may be older than the second grant is not shut by a Deny of it.
        if verdict is Verdict.DENIED and any((d.denied_by or "").startswith("explicit") for _, _, d in grants):
            return Verdict.DENIED
        # What its own policies allow could not be read; where no identity was given at all, none is missed.
        return Verdict.UNKNOWN if given or verdict is Verdict.DENIED else verdict

    for item in names_of(function):
        asked = unseen_call(caller, item, INVOKE)
        yield _plain(caller, asked, judged(asked[2].verdict, (asked,)), NOT_IN_VIEW)
    for item, url in _signed_urls(function):
        verdict, grants = unseen_url_call(caller, item, url)
        yield _through_url(caller, grants, judged(verdict, grants), NOT_IN_VIEW)


def _of_outsider(caller: str, function: Function) -> Iterator[WhyAnswer]:
    for item in names_of(function):
        named = callers_named(caller, item, INVOKE)
        yield from _without_implied(named, (_outside(candidate, item) for candidate in named))
    for item, url in _signed_urls(function):
        named = callers_named(caller, item, INVOKE_URL)
        yield from _without_implied(named, (_outside_by_url(candidate, item, url) for candidate in named))


def _without_implied(
    candidates: Iterable[Candidate], judged: Iterable[tuple[WhyAnswer, Outsider | None]]
) -> Iterator[WhyAnswer]:
    """The answers, and that for services which nobody named only where it says more than the one for everybody."""
    everybody: Outsider | None = None
    for candidate, (answer, found) in zip(candidates, judged, strict=True):
        if found is not None and found.kind == "aws":
            everybody = found
        if not (candidate.implied and says_nothing(found, everybody)):
            yield answer


def _outside(candidate: Candidate, item: Item) -> tuple[WhyAnswer, Outsider | None]:
    ways = [(way, admitted(way, item, INVOKE, "resource_policy", "")) for way in ways_of(candidate, item, by_url=False)]
    way, found = _openest(ways)
    asked = _asked(way, item, INVOKE)
    verdict = found.verdict if found is not None else Verdict.DENIED
    return _as_found(_plain(candidate.name, asked, verdict, _own_side(asked[0])), found), found


def _outside_by_url(candidate: Candidate, item: Item, url: FunctionUrl) -> tuple[WhyAnswer, Outsider | None]:
    way, found = _openest([(way, url_row(way, item, url, "")) for way in ways_of(candidate, item, by_url=True)])
    grants = tuple(_asked(way, item, action) for action in (INVOKE_URL, INVOKE))
    verdict = found.verdict if found is not None else Verdict.DENIED
    return _as_found(_through_url(candidate.name, grants, verdict, _own_side(grants[0][0])), found), found


def _openest(found: list[tuple[Candidate, Outsider | None]]) -> tuple[Candidate, Outsider | None]:
    """The way ``who`` shows: the first that keeps nobody out, else the first that is admitted at all."""
    exposed = ((way, o) for way, o in found if o is not None and o.exposed)
    let_in = ((way, o) for way, o in found if o is not None)
    return next(exposed, None) or next(let_in, found[0])


def _asked(candidate: Candidate, item: Item, action: str) -> Asked:
    request, policies = request_for(candidate, item, action)
    return request, policies, evaluate(request, policies)


def _own_side(request: Request) -> WhyLayer | None:
    return OWN_SIDE if request.caller.has_identity_policies and request.cross_account else None


def _as_found(answer: WhyAnswer, found: Outsider | None) -> WhyAnswer:
    """The answer with what ``who`` says of such a caller: its own side is among the conditions."""
    return answer if found is None else replace(answer, conditions=found.row.conditions, witness=found.row.witness)


def _signed_urls(function: Function) -> Iterator[tuple[Item, FunctionUrl]]:
    """The URLs that ask for a signature. One that does not knows no callers but anyone."""
    for qualifier in function.qualifiers:
        if qualifier.url is not None and qualifier.url.auth_type == "AWS_IAM":
            yield through_url(function, qualifier), qualifier.url


def _without_repeats(function: Function, answers: Iterable[WhyAnswer]) -> Iterator[WhyAnswer]:
    """The answers without those for $LATEST, which means the same as the plain name, unless they say more than it."""
    given = list(answers)
    latest = f"{function.arn}:{LATEST}"
    plain = {a.verdict for a in given if a.resource == function.arn and a.via is None}
    known = (*plain, Verdict.DENIED)
    yield from (a for a in given if a.resource != latest or a.via is not None or a.verdict not in known)


def _plain(caller: str, asked: Asked, verdict: Verdict | None = None, instead: WhyLayer | None = None) -> WhyAnswer:
    """A call of Lambda's own API. verdict: where more than the decision counts."""
    request, policies, decision = asked
    verdict = verdict or decision.verdict
    return WhyAnswer(
        caller,
        request.action,
        request.resource,
        verdict,
        decision.denied_by if verdict is Verdict.DENIED else None,
        tuple(layers(request, policies, instead)),
        conditions(decision),
        witness(request, policies, decision) if verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL) else None,
    )


def _through_url(
    caller: str, grants: tuple[Asked, ...], verdict: Verdict, instead: WhyLayer | None = None
) -> WhyAnswer:
    """A call of a URL, which asks for two grants."""
    request, policies, decision = grants[0]
    left: dict[str, JsonObject] = {repr(c): c for _, _, d in grants for c in conditions(d)}
    refused = next((d.denied_by for _, _, d in grants if d.verdict is Verdict.DENIED), None)
    return WhyAnswer(
        caller,
        request.action,
        request.resource,
        verdict,
        refused if verdict is Verdict.DENIED else None,
        tuple(of_each(((r, p) for r, p, _ in grants), instead)),
        tuple(left.values()),
        witness(request, policies, decision) if verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL) else None,
        "function_url",
    )
