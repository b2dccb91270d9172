"""PC114: a layer is open to every AWS account."""

import json
from collections.abc import Iterable
from typing import Any

from permcheck.model import Facts, Finding, PathStep
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import OTHER
from permcheck.rules.invoke._coming_in import MAY, lower, places
from permcheck.rules.invoke._grants import ORG, own

_LAYER = own("lambda", "layer:shop-common:7")


def _granted(principal: object, condition: Any = None) -> Example:
    statement = {"Sid": "use", "Effect": "Allow", "Principal": principal, "Action": "lambda:GetLayerVersion"}
    statement |= {"Resource": _LAYER} | ({"Condition": condition} if condition else {})
    policy = json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": [statement]})
    return Example({"get-layer-version-policy.shop-common.json": {"Policy": policy, "RevisionId": "1"}})


class OpenLayer(Rule):
    """A layer is open to every AWS account.

    What
        Reports a version of a layer whose policy lets every AWS account fetch it, with no organization to limit it.

    Why it matters
        A layer holds code, and often more than was meant: settings, addresses, keys. Anybody can download it and look.

    How to fix
        Name the accounts that use it, or add --organization-id to add-layer-version-permission. A version that was
        open may have been copied: publish what must stay secret no more, and change what was in it.

    When it is fine
        For layers that are published for everybody. Suppress the finding with that reason.

    References
        AWS Lambda Developer Guide, "Granting Lambda layer access to other accounts"
        AWS Lambda API Reference, "AddLayerVersionPermission"
    """

    id = "PC114"
    name = "open-layer"
    severity = "medium"
    bad = (_granted("*"),)
    good = (
        _granted("*", {"StringEquals": {"aws:PrincipalOrgID": ORG}}),
        _granted({"AWS": f"arn:aws:iam::{OTHER}:root"}),
    )

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        for layer, outsider in view.around.open_layers() if facts.resources else ():
            if outsider.kind != "aws" or outsider.verdict not in MAY:
                continue
            name, _, version = layer.arn.partition(":layer:")[2].partition(":")
            yield self.finding(
                f"any AWS account may use version {version} of layer {name}",
                layer.arn,
                places(view, outsider.reasons, "lets everybody fetch it"),
                severity=lower(self.severity) if outsider.limits else None,
                path=(
                    PathStep("aws", "*", None, outsider.action, outsider.verdict),
                    PathStep("target", f"layer {name}", layer.arn),
                ),
                conditions=outsider.row.conditions,
                fix="name the accounts that use it, or limit it to an organization with --organization-id",
                witness=outsider.row.witness,
            )
