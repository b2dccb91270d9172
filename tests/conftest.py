"""What holds for every test."""

import pytest


@pytest.fixture(autouse=True)
def outside_of_any_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that runs on GitHub writes no summary of its job, and names paths as it does elsewhere."""
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
