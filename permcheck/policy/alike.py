"""Whether two actions are asked about in different words only: one decision then answers for both."""

from collections.abc import Iterator

from permcheck.data import rcp
from permcheck.model.policy import Document, Policy
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
    for document in _documents(policies):
        if naming(document, one) != naming(document, other):
            return False
    return True


def _documents(policies: Policies) -> Iterator[Document]:
    for policy in _each(policies):
        if policy.document is not None:
            yield policy.document


def _each(policies: Policies) -> Iterator[Policy]:
    yield from policies.identity
    if policies.boundary is not None:
        yield policies.boundary
    yield from policies.session
    yield from policies.resource
    yield from policies.doubtful
    for level in (*policies.scps, *policies.rcps):
        yield from level
