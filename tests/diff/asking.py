"""Two small accounts, and what is not the same in them."""

from collections.abc import Mapping
from typing import Any

from permcheck import diff
from permcheck.config import Config
from permcheck.model import Difference
from tests.sources.captures import (
    FUNCTION,
    Json,
    configuration,
    details,
    document,
    functions,
    inline,
    policy_output,
    read,
    role,
    statement,
)

READ = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::a"],
}


def account(*own: Json, public: Json | None = None, **more: Any) -> Json:
    """A function, its role with these statements, another role, and the function's policy."""
    runs = role(RolePolicyList=[inline("own", document(*own or [READ]))])
    other = role("other", RolePolicyList=[inline("calls", document(statement(Resource=FUNCTION)))])
    files: Json = {"iam.json": details(runs, other), "list-functions.json": functions(configuration())}
    if public is not None:
        files["get-policy.resize.json"] = policy_output(document(public))
    return {**files, **more}


def compared(old: Mapping[str, Any], new: Mapping[str, Any], config: Config | None = None) -> Difference:
    """What is not the same."""
    return diff.compare(read(old), read(new), config or Config(ignore=("PC0*",)))


def nothing(found: Difference) -> bool:
    """Whether nothing is."""
    return not found.changes
