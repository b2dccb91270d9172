"""One server for all tests of the live source, and credentials that are good for nothing."""

from collections.abc import Iterator

import pytest

from permcheck.sources.live import asking
from permcheck.sources.live.limits import Limiter
from tests.live.endpoint import REGION, Endpoint, serving
from tests.live.seeding import everything

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
    "SOURCE_DATE_EPOCH": "1767225600",
}


@pytest.fixture(autouse=True, scope="package")
def _credentials() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in ENVIRONMENT.items():
            patched.setenv(name, value)
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
            patched.delenv(name, raising=False)
        # moto has no limits; that they are kept is tested with a clock of its own.
        patched.setattr(asking, "Limiter", lambda: Limiter(sleep=lambda seconds: None))
        yield


@pytest.fixture(scope="package")
def server(_credentials: None) -> Iterator[Endpoint]:
    """The server, with an account that holds one of everything."""
    with serving() as endpoint:
        everything(endpoint)
        yield endpoint
