"""Function URLs that lack one of the two grants they need, or both.

Lambda Developer Guide, "Control access to Lambda function URLs": whoever comes through a URL needs
lambda:InvokeFunctionUrl and lambda:InvokeFunction; URLs made before October 2025 once needed the first alone.
"""

from collections.abc import Iterator

from permcheck.access.targets import through_url
from permcheck.access.universe import Item
from permcheck.frozen import dataclass
from permcheck.graph.candidates import Candidate, anonymous, candidates
from permcheck.graph.outsiders import INVOKE, INVOKE_URL, request_for, url_verdict
from permcheck.model.function import Function, FunctionUrl, Qualifier
from permcheck.model.verdict import Verdict
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Reason


@dataclass(frozen=True, slots=True)
class UrlGap:
    """A URL that does not let in a caller it is meant for. missing: actions that no statement grants.

    verdict: denied, or unknown where the URL may be older than the rule. reasons: the statements of the grant that is
    there, none where both are missing.
    """

    qualifier: str
    url: FunctionUrl
    resource: str
    caller: str
    kind: str
    missing: tuple[str, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...]


def url_gaps(function: Function) -> Iterator[UrlGap]:
    """One gap at most for each URL, that of the first caller it concerns. A Deny that shuts a URL is no gap."""
    for qualifier in function.qualifiers:
        url = qualifier.url
        if url is None or url.auth_type is None or (qualifier.policy is not None and qualifier.policy.document is None):
            continue
        item = through_url(function, qualifier)
        callers = [anonymous()] if url.auth_type == "NONE" else list(candidates(item, INVOKE_URL))
        found = (_gap(caller, item, url, qualifier) for caller in callers)
        gap = next((g for g in found if g is not None), None)
        if gap is not None:
            yield gap


def _gap(caller: Candidate, item: Item, url: FunctionUrl, qualifier: Qualifier) -> UrlGap | None:
    first, second = (evaluate(*request_for(caller, item, action)) for action in (INVOKE_URL, INVOKE))
    missing = tuple(a for a, d in ((INVOKE_URL, first), (INVOKE, second)) if _silent(d))
    # A caller that signs may be meant for the Invoke API alone; nobody can mean that of one who does not.
    if not missing or any(_refused(d) for d in (first, second)) or (url.auth_type != "NONE" and INVOKE_URL in missing):
        return None
    verdict = url_verdict(first.verdict, second.verdict, url)
    reasons = tuple(r for r in (*first.because, *second.because) if r.policy is qualifier.policy)
    return UrlGap(qualifier.name, url, item.arn, caller.name, caller.kind, missing, verdict, reasons)


def _silent(decision: Decision) -> bool:
    return (decision.denied_by or "").startswith("implicit:")


def _refused(decision: Decision) -> bool:
    return (decision.denied_by or "").startswith("explicit:")
