"""Whether two actions are asked about in different words only: one decision then answers for both."""

from permcheck.data import rcp
from permcheck.model.policy import Document
from permcheck.policy.action import service_of
from permcheck.policy.evaluate import NEEDS_NOTHING
from permcheck.policy.matching import naming
from permcheck.policy.request import Policies


def alike(one: str, other: str, policies: Policies) -> bool:
    """Whether the evaluation cannot tell two actions apart: of one service, and named by the same statements.

    Whatever else is asked (who, on what, in which context) has to be the same.
    """
    if service_of(one) != service_of(other) or not NEEDS_NOTHING.isdisjoint((one.lower(), other.lower())):
        return False
    if policies.rcps and rcp.limits(one) != rcp.limits(other):
        return False
    return all(naming(document, one) == naming(document, other) for document in _documents(policies))


def _documents(policies: Policies) -> list[Document]:
    levels = [policy for level in (*policies.scps, *policies.rcps) for policy in level]
    bounds = (policies.boundary,) if policies.boundary is not None else ()
    every = (*policies.identity, *bounds, *policies.session, *policies.resource, *policies.doubtful, *levels)
    return [policy.document for policy in every if policy.document is not None]
