"""PC011: a policy that is as large as AWS takes, or larger."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from permcheck.model import Document, Facts, Finding, Policy, PolicyKind, Principals, Statement
from permcheck.rule import Example, Rule, View
from permcheck.rule.tables import whose

FUNCTION, MANAGED = 20480, 6144  # bytes; characters without white space
FULL = 0.9  # of a function policy: from here on the next grant may be one too many
FEWEST = 12  # statements, below which a captured function policy is not looked at
_ORDERS = "arn:aws:lambda:us-east-1:111122223333:function:orders"


def _grants(count: int) -> Example:
    statements = [
        {
            "Sid": f"route-{number:03}",
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": _ORDERS,
            "Condition": {
                "ArnLike": {
                    "AWS:SourceArn": f"arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*/GET/orders/{number:03}"
                }
            },
        }
        for number in range(count)
    ]
    text = json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": statements})
    return Example({"get-policy.orders.json": {"Policy": text, "RevisionId": "1"}})


def _loose(count: int) -> Example:
    buckets = [f"arn:aws:s3:::trail-photos-of-a-customer-{number:04}/*" for number in range(count)]
    statement = {"Sid": "Photos", "Effect": "Allow", "Action": "s3:GetObject", "Resource": buckets}
    return Example({"photos.json": {"Version": "2012-10-17", "Statement": [statement]}})


class PolicyNearItsLimit(Rule):
    """A policy is as large as AWS takes, or larger.

    What
        Reports a function policy that fills nine tenths of its 20,480 bytes or more, and an identity policy in a file
        of its own that is larger than the 6,144 characters of a managed policy. White space is not counted.

    Why it matters
        The next grant is refused, often in the middle of a deployment. What then helps quickly is a wildcard.

    How to fix
        Give an API one grant for all its routes (API-ID/*/*/*), and let conditions on tags or organizations stand for
        long lists. Split an identity policy in two.

    When it is fine
        For a policy that nothing will be added to.

    References
        AWS Lambda Developer Guide, "Lambda quotas"
        IAM User Guide, "IAM and AWS STS quotas"
    """

    id = "PC011"
    name = "policy-near-its-limit"
    severity = "info"
    bad = (_grants(66), _loose(130))
    good = (_grants(20), _loose(20))

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        for policy in facts.policies:
            document = policy.document
            if document is None or not (policy.loose or len(document.statements) >= FEWEST):
                continue
            limit, least = _limit(policy)
            size = _size(document) if limit else 0
            if limit and size >= least:
                over = size > limit
                yield self.finding(
                    f"the policy has about {size:,} characters of {limit:,}"
                    + (", more than AWS takes" if over else ", and is nearly full"),
                    whose(policy),
                    [view.place(policy, None, f"{len(document.statements)} statements")],
                    severity="low" if over else None,
                    confidence="medium" if over else None,
                    fix="bring statements together, or let a condition stand for a list",
                )


def _limit(policy: Policy) -> tuple[int, float]:
    """What AWS takes, and from where on it is said; 0 where no limit is known or the policy is in force already."""
    if policy.kind is PolicyKind.RESOURCE and ":lambda:" in (policy.attached_to or "") and not policy.trust:
        return FUNCTION, FULL * FUNCTION
    if policy.kind is PolicyKind.IDENTITY and policy.loose:
        return MANAGED, MANAGED + 1
    return 0, 0


@lru_cache(maxsize=1 << 12)
def _size(document: Document) -> int:
    """How many characters the document has in its shortest form, without an Id."""
    written = {"Version": document.version} if document.version else {}
    text = {**written, "Statement": [_written(statement) for statement in document.statements]}
    return len(json.dumps(text, separators=(",", ":"), ensure_ascii=False))


def _written(statement: Statement) -> dict[str, object]:
    """A statement as JSON; a list of one is written as the one."""
    lists = {
        "Action": statement.actions,
        "NotAction": statement.not_actions,
        "Resource": statement.resources,
        "NotResource": statement.not_resources,
    }
    made: dict[str, object] = {"Sid": statement.sid} if statement.sid else {}
    made |= {"Effect": str(statement.effect)} | {name: _one(texts) for name, texts in lists.items() if texts}
    for name, names in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
        if names is not None:
            made[name] = _principal(names)
    conditions: dict[str, dict[str, object]] = {}
    for condition in statement.conditions:
        conditions.setdefault(condition.operator, {})[condition.key] = _one(condition.values)
    return made | ({"Condition": conditions} if conditions else {})


def _principal(names: Principals) -> object:
    kinds = {
        "AWS": names.aws,
        "Service": names.service,
        "Federated": names.federated,
        "CanonicalUser": names.canonical,
    }
    found = {kind: _one(entries) for kind, entries in kinds.items() if entries}
    return found or ("*" if names.everyone else _one(names.bare))


def _one(texts: Sequence[str]) -> object:
    return texts[0] if len(texts) == 1 else list(texts)
