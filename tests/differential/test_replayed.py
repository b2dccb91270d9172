"""What permcheck says is allowed in the fixtures, iam-simulate allows too, but for named departures.

The requests are the witnesses of ``who`` and ``paths``, their policies joined from the files of the fixtures.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.graph.replayed import of_fixtures

from .comparison import decide, differences
from .test_differential import node

pytestmark = [pytest.mark.differential, pytest.mark.usefixtures("node")]
__all__ = ["node"]


def test_witnesses(capsys: pytest.CaptureFixture[str]) -> None:
    asked = of_fixtures()
    found = differences(asked)
    left = [f"{d.request['id']}: permcheck {d.ours}, iam-simulate {d.theirs}" for d in found if not d.departures]
    named = Counter(" + ".join(one.name for one in d.departures) for d in found if d.departures)
    with capsys.disabled():
        print(f"\nwitnesses: {len(asked)} requests, {sum(named.values())} explained, {len(left)} not {dict(named)}")
    assert {decide(request) for request in asked} == {"allowed"}
    assert left == []
