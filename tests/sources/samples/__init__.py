"""One output of every AWS CLI call about what stands around functions: pools, APIs, triggers, organization."""

from tests.sources.captures import Json
from tests.sources.samples.apis import HTTP, REST, SINGLES
from tests.sources.samples.callers import LAMBDA, POLICIES, ROLE_CALLERS
from tests.sources.samples.names import Sample
from tests.sources.samples.organization import ORGANIZATION
from tests.sources.samples.pools import IDENTITY_POOLS, USER_POOLS
from tests.sources.samples.triggers import TRIGGERS

__all__ = ["HTTP", "IDENTITY_POOLS", "LAMBDA", "ORGANIZATION", "POLICIES", "REST", "ROLE_CALLERS", "SAMPLES"]
__all__ += ["TRIGGERS", "USER_POOLS", "Sample", "texts"]

SAMPLES = [
    *IDENTITY_POOLS,
    *USER_POOLS,
    *REST,
    *HTTP,
    *POLICIES,
    *TRIGGERS,
    *ROLE_CALLERS,
    *LAMBDA,
    *ORGANIZATION,
    *SINGLES,
]


def texts(samples: list[Sample]) -> dict[str, Json]:
    """Samples by the names of their files."""
    return {sample.file: sample.value for sample in samples}
