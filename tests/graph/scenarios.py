"""Inputs for what has to hold of any input: small accounts with one of everything, and the teaching fixtures."""

import json
from collections.abc import Iterator
from pathlib import Path

from tests.graph.asking import (
    ACCOUNT,
    API_ARN,
    FUNCTION,
    INVOKE,
    INVOKE_URL,
    LAMBDA,
    ORG,
    OTHER,
    RUNS_AS,
    account,
    allow,
    api,
    by_api,
    deny,
    document,
    function,
    grant,
    handed,
    method,
    notifying,
    pool,
    role,
    role_arn,
    takes,
    url,
    user,
)

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
BY_BUCKET = grant({"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": "arn:aws:s3:::uploads"})
ALIAS = {"AliasArn": f"{FUNCTION}:prod", "Name": "prod", "FunctionVersion": "3"}
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/caller/deploy"
TRUSTED = [
    {"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "sts:AssumeRole"},
    {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": ["sts:AssumeRole", "sts:TagSession"]},
]
MISSING = [{"PolicyName": "gone", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/gone"}]
BOUNDARY = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/gone"}}


def _conditions() -> Iterator[dict[str, object]]:
    yield {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    yield {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    yield {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    yield {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}
    yield {"StringLike": {"aws:PrincipalTag/team": "shop-*"}}
    yield {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}
    yield {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}, "NumericGreaterThan": {"aws:MultiFactorAuthAge": "60"}}
    yield {"Null": {"aws:SourceVpc": "true"}}


def _small() -> Iterator[tuple[str, dict[str, str]]]:
    outside: list[object] = ["*", {"AWS": OTHER}, {"AWS": role_arn("partner", OTHER)}, {"Service": "sns.amazonaws.com"}]
    yield "outsiders", account(policy=[grant(principal) for principal in outside])
    yield "organization", account(policy=[grant("*", StringEquals={"aws:PrincipalOrgID": ORG})])
    yield "source account", account(policy=[grant("*", StringEquals={"aws:SourceAccount": ACCOUNT})])
    yield "endpoint", account(policy=[grant("*", StringLike={"aws:SourceVpce": "vpce-*"})])
    for number, condition in enumerate(_conditions()):
        identities = (role("caller", allow(Condition=condition), trusts=TRUSTED), user("ana", allow("*", "*")))
        shut = deny(Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
        policy = [grant("*", **condition), grant({"AWS": OTHER}), shut]  # type: ignore[arg-type]
        yield f"condition {number}", account(*identities, policy=policy)
        yield f"condition {number} by identity", account(role("caller", allow(Condition=condition)), user("ana"))
    yield "session", account(role("caller"), policy=[grant({"AWS": SESSION})])
    names = [grant(LAMBDA), grant({"AWS": OTHER}, f"{FUNCTION}*"), grant({"AWS": role_arn("caller")}, f"{FUNCTION}*")]
    yield "names", account(role("caller", allow(resource=f"{FUNCTION}:*")), policy=names, alias=ALIAS)
    yield "tags", account(role("caller", allow(Condition={"StringEquals": {"aws:ResourceTag/team": "shop"}})))
    yield (
        "unread",
        account(role("caller", allow(), AttachedManagedPolicies=MISSING), role("bound", allow(), **BOUNDARY)),
    )
    yield "unseen", account(role("other"), policy=[grant({"AWS": role_arn("gone")}), grant({"AWS": SESSION})])
    yield "unseen alone", account(policy=[grant({"AWS": role_arn("gone")}), grant({"AWS": SESSION})])
    for auth in ("NONE", "AWS_IAM"):
        for created in (None, "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"):
            for actions in ([INVOKE_URL], [INVOKE_URL, INVOKE]):
                policy = [grant("*", action=actions), grant({"AWS": OTHER}, action=actions)]
                identities = (role("caller", allow(actions)), user("ana", allow("lambda:*", "*")))
                yield (
                    f"url {auth} {created} {len(actions)}",
                    account(*identities, policy=policy, url=url(auth, created)),
                )
    for classic in (False, True):
        people = {"describe": pool(classic=classic), "handed": handed(unauthenticated="app", authenticated="staff")}
        apps = (role("app", allow("lambda:*", "*"), trusts=[takes()]), role("staff", allow(), trusts=[takes(None)]))
        runs = role("runs", allow("*", "*"))
        yield f"pool {classic}", account(*apps, runs, more_functions={"second": RUNS_AS}, **people)
    yield "bucket", account(role("runs"), policy=[BY_BUCKET], **notifying())
    yield "api", account(role("runs"), policy=[by_api(f"{API_ARN}/*")], **api(GET=method(), PUT=method(auth="AWS_IAM")))
    yield "api unseen", account(role("runs"), policy=[by_api(), grant({"Service": "apigateway.amazonaws.com"})])
    open_to_some = document(
        allow("execute-api:Invoke", "*", Principal="*", Condition={"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}})
    )
    yield "api with a policy", account(policy=[by_api()], **api(policy=open_to_some, stages=["prod"], ANY=method()))
    chain = (
        user("ana", allow("sts:AssumeRole", role_arn("deploy"))),
        role("deploy", allow("lambda:*", "*"), allow("iam:PassRole", RUNS_AS), trusts=TRUSTED),
        role("runs", allow(["s3:GetObject", "iam:PutRolePolicy"], "*")),
    )
    yield "chain", account(*chain, more_functions={"second": role_arn("deploy")}, policy=[grant({"AWS": OTHER})])
    yield "foreign function", account(role("caller", allow(resource=function("second"))))


def _fixture(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(FIXTURES)): path.read_text(encoding="utf-8") for path in files}


SMALL = dict(_small())
TEACHING = {path.parent.name: _fixture(path) for path in sorted(FIXTURES.glob("*/account"))}
ALL = {**SMALL, **TEACHING}
assert json.loads(next(iter(SMALL["bucket"].values())))
