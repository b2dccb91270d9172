"""Names and ARNs of no shape that AWS would print: a finding may be worded oddly there, and nothing breaks."""

from __future__ import annotations

import json

import pytest

from permcheck.rules._examples import OTHER, REGION, Json, account, allow, document, role, table_arn, trust, worker
from tests.rules.auditing import report

PRICES = worker("prices-role", allow("dynamodb:*", "*"), allow("dynamodb:GetItem", table_arn("Prices")))


def _layer_policy(arn: str) -> Json:
    granted = {**allow("lambda:GetLayerVersion", arn), "Principal": "*"}
    return {"get-layer-version-policy.json": {"Policy": json.dumps(document(granted))}}


@pytest.mark.parametrize(
    "captures",
    [
        account(PRICES, functions={"prices": "prices-role"}, layers=[f"arn:aws:lambda:{REGION}:{OTHER}"]),
        account(PRICES, functions={"prices": "prices-role"}, layers=[f"arn:aws:lambda:{REGION}:{OTHER}:layer"]),
        account(PRICES, functions={"prices": "prices-role"}, layers=["layer", ""]),
        account(
            role("odd-role", trusts=trust({"Service": "lambda.amazonaws.com", "Federated": "arn:"}, Action="sts:*")),
            functions={"odd": "odd-role"},
        ),
        _layer_policy(f"arn:aws:lambda:{REGION}:{OTHER}:layer:shop"),
        _layer_policy(f"arn:aws:lambda:{REGION}:{OTHER}:layer:"),
    ],
)
def test_odd_arns_break_no_rule(captures: Json) -> None:
    report(captures)
