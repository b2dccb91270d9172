"""Who outside comes in: an ARN belongs to the account in its fifth segment, whatever its last one holds."""

import json

import pytest

from permcheck.graph.from_outside import FromOutside
from permcheck.graph.scene import Scene
from permcheck.rules._examples import ACCOUNT, OTHER, account, allow, role, trust
from permcheck.sources.files import load_texts


@pytest.mark.parametrize("name", ["partner", f"of-{ACCOUNT}"])
def test_a_role_that_takes_a_role_of_another_account(name: str) -> None:
    partner = f"arn:aws:iam::{OTHER}:role/{name}"
    captured = account(role("taken", allow("s3:*"), trusts=trust({"AWS": partner})))
    scene = Scene(load_texts({file: json.dumps(value) for file, value in captured.items()}))
    assert [start.name for start in FromOutside(scene).into] == [partner]
