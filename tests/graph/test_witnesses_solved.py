"""Open conditions that some request meets come with one."""

from typing import Any

import pytest

from permcheck.model import Verdict
from tests.graph.asking import account, allow, role, role_arn, row, rows

CASES: tuple[dict[str, Any], ...] = (
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/24"}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/10"]}},
    {"IpAddress": {"aws:SourceIp": "2001:db8::/32"}, "NotIpAddress": {"aws:SourceIp": "2001:db8::/64"}},
    {"StringLike": {"aws:UserAgent": "a*"}, "StringLikeIfExists": {"aws:UserAgent": "*b"}},
    {"StringLike": {"aws:UserAgent": ["a*", "b*"]}, "StringNotLike": {"aws:UserAgent": "ab*"}},
    {"StringLike": {"aws:UserAgent": "*a*"}, "StringNotEquals": {"aws:UserAgent": "xax"}},
    {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "10"}, "NumericNotEquals": {"aws:MultiFactorAuthAge": "11"}},
)


@pytest.mark.parametrize("condition", CASES, ids=str)
def test_a_request_is_found(condition: dict[str, Any]) -> None:
    found = row(account(role("caller", allow(Condition=condition))), role_arn("caller"))
    assert found.verdict is Verdict.CONDITIONAL
    assert found.witness is not None, "a witness is decided again before it is given out"


def test_none_is_made_up_where_there_is_none() -> None:
    never = {"IpAddress": {"aws:SourceIp": "10.0.0.0/24"}, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    assert all(r.witness is None for r in rows(account(role("caller", allow(Condition=never))), role_arn("caller")))
