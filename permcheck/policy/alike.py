"""Whether two actions are asked about in different words only: one decision then answers for both."""

from permcheck.data import rcp
from permcheck.model.policy import Document, Policy, PolicyKind, Statement
from permcheck.policy.action import service_of
from permcheck.policy.evaluate import NEEDS_NOTHING
from permcheck.policy.matching import naming, ready_for
from permcheck.policy.request import Policies


def alike(one: str, other: str, resource: str, policies: Policies) -> bool:
    """Whether the evaluation cannot tell two actions on a resource apart: of one service, and named by the same
    statements, but for those of other resources.

    Whatever else is asked (who, in which context) has to be the same.
    """
    if service_of(one) != service_of(other) or not NEEDS_NOTHING.isdisjoint((one.lower(), other.lower())):
        return False
    if policies.rcps and rcp.limits(one) != rcp.limits(other):
        return False
    return all(
        _same(policy.document, policy.kind, one, other, resource)
        for policy in _every(policies)
        if policy.document is not None
    )


def _same(document: Document, kind: PolicyKind, one: str, other: str, resource: str) -> bool:
    """Whether a document says the same of both. Mostly it speaks of both in one breath, or of neither."""
    if naming(document, one) == naming(document, other):
        return True
    return _bearing(document, one, kind, resource) == _bearing(document, other, kind, resource)


def _bearing(document: Document, action: str, kind: PolicyKind, resource: str) -> list[Statement]:
    """The statements of a document that name the action and may be about the resource."""
    return [ready.statement for ready in ready_for(document, action, kind) if ready.names(resource)]


def _every(policies: Policies) -> tuple[Policy, ...]:
    levels = [policy for level in (*policies.scps, *policies.rcps) for policy in level]
    bounds = (policies.boundary,) if policies.boundary is not None else ()
    return (*policies.identity, *bounds, *policies.session, *policies.resource, *policies.doubtful, *levels)
