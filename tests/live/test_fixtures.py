"""The fixtures as live accounts, as far as moto takes them: a scan says what a snapshot and an audit of it say."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from permcheck.errors import ExitCode
from permcheck.sources.snapshot import files
from permcheck.sources.snapshot.redact import redacted
from tests.cli.asking import ask
from tests.live.endpoint import Endpoint
from tests.live.seeding import function
from tests.live.test_redact import shape
from tools import golden

Json = dict[str, Any]

SERVICES = [word for name in ("iam", "lambda", "cognito-identity") for word in ("--include", name)]


def captures(fixture: Path, *members: str) -> Iterator[Json]:
    """The captures of a fixture that have one of these members."""
    for path in sorted((fixture / "account").rglob("*.json")):
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        if isinstance(value, dict) and any(member in value for member in members):
            yield value


def seedable(fixture: Path) -> bool:
    """Whether a fixture holds an account: its identities and its functions, in AWS's main partition."""
    text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (fixture / "account").rglob("*.json"))
    functions = [each for value in captures(fixture, "Functions") for each in value["Functions"]]
    return bool(functions and list(captures(fixture, "RoleDetailList"))) and "arn:aws-" not in text


FIXTURES = [fixture for fixture in golden.fixtures() if seedable(fixture)]


class Seeded:
    """A fixture in moto: each fixture has an account and a Region of its own there."""

    def __init__(self, endpoint: Endpoint, fixture: Path, account: str) -> None:
        self._endpoint = endpoint
        sts = endpoint.client("sts")
        given = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/seed", RoleSessionName="seed")["Credentials"]
        self.credentials = {
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }
        self._account = account
        self.region = ""
        self.whole = True
        for value in captures(fixture, "RoleDetailList"):
            self._identities(value)
        for value in captures(fixture, "Functions"):
            for each in value["Functions"]:
                self._function(each)
        for value in captures(fixture, "Policy"):
            self._policy(value)
        for value in captures(fixture, "AllowUnauthenticatedIdentities"):
            self._pool(value)

    def _client(self, service: str, region: str) -> Any:
        return self._endpoint.client(
            service, region, **{name.lower(): value for name, value in self.credentials.items()}
        )

    def _identities(self, value: Json) -> None:
        iam = self._client("iam", "us-east-1")
        for each in value.get("Policies", []):
            if ":aws:policy/" not in each["Arn"]:
                document = next(v["Document"] for v in each["PolicyVersionList"] if v["IsDefaultVersion"])
                iam.create_policy(PolicyName=each["PolicyName"], PolicyDocument=json.dumps(document))
        for kind in ("Role", "User", "Group"):
            for each in value.get(f"{kind}DetailList", []):
                self._identity(iam, kind, each)

    def _identity(self, iam: Any, kind: str, each: Json) -> None:
        name = {f"{kind}Name": each[f"{kind}Name"]}
        trust = {"AssumeRolePolicyDocument": json.dumps(each["AssumeRolePolicyDocument"])} if kind == "Role" else {}
        tags = {"Tags": each["Tags"]} if kind != "Group" and each.get("Tags") else {}
        getattr(iam, f"create_{kind.lower()}")(**name, **trust, **tags)
        for policy in each.get(f"{kind}PolicyList", []):
            # moto's authorization details leave out the names of inline policies.
            made = f"{each[f'{kind}Name']}-{policy['PolicyName']}"
            arn = iam.create_policy(PolicyName=made, PolicyDocument=json.dumps(policy["PolicyDocument"]))
            getattr(iam, f"attach_{kind.lower()}_policy")(**name, PolicyArn=arn["Policy"]["Arn"])

        for policy in each.get("AttachedManagedPolicies", []):
            arn = policy["PolicyArn"]
            own = arn if ":aws:policy/" in arn else f"arn:aws:iam::{self._account}:policy/{policy['PolicyName']}"
            try:
                getattr(iam, f"attach_{kind.lower()}_policy")(**name, PolicyArn=own)
            except ClientError:
                self.whole = False  # moto does not have the policies of AWS

    def _function(self, each: Json) -> None:
        self.region = each["FunctionArn"].split(":")[3]
        client = self._client("lambda", self.region)
        # Lambda takes no role that does not let it in; some fixtures have one.
        with suppress(ClientError):
            function(self._endpoint, each["FunctionName"], self._moved(each["Role"]), client=client)

    def _moved(self, arn: str) -> str:
        parts = arn.split(":")
        parts[4] = self._account
        return ":".join(parts)

    def _policy(self, value: Json) -> None:
        document = json.loads(value["Policy"]) if isinstance(value["Policy"], str) else {}
        for number, statement in enumerate(document.get("Statement", [])):
            principal, resource = statement.get("Principal"), str(statement.get("Resource"))
            said = next(iter(principal.values())) if isinstance(principal, dict) else principal
            if statement["Effect"] != "Allow" or not isinstance(said, str) or ":function:" not in resource:
                continue
            name, _, qualifier = resource.partition(":function:")[2].partition(":")
            if qualifier or not isinstance(statement["Action"], str):
                continue
            client = self._client("lambda", resource.split(":")[3])
            with suppress(ClientError):
                client.add_permission(
                    FunctionName=name,
                    StatementId=str(statement.get("Sid", number)),
                    Action=statement["Action"],
                    Principal=said,
                )

    def _pool(self, value: Json) -> None:
        client = self._client("cognito-identity", value["IdentityPoolId"].split(":")[0])
        guests = value["AllowUnauthenticatedIdentities"]
        client.create_identity_pool(IdentityPoolName=value["IdentityPoolName"], AllowUnauthenticatedIdentities=guests)


@pytest.mark.parametrize("fixture", FIXTURES, ids=[path.name for path in FIXTURES])
def test_a_scan_is_a_snapshot_and_an_audit(
    server: Endpoint, fixture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = f"3{FIXTURES.index(fixture):011}"
    seeded = Seeded(server, fixture, account)
    for name, value in seeded.credentials.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "a.json.gz"
    told = ("--endpoint-url", server.url, "--region", seeded.region, *SERVICES)
    scanned = ask("scan", *told, "--format", "json", "--snapshot", path)
    audited = ask("audit", path, "--format", "json")
    assert scanned.stdout == audited.stdout.replace(str(path), f"account {account}")
    assert scanned.exit_code == audited.exit_code
    assert scanned.exit_code != ExitCode.BUG
    plain, _ = files.read(path.read_bytes())
    assert shape(redacted(plain)) == shape(plain)
    report = json.loads(scanned.stdout)
    assert {gap["api"] for gap in report["not_read"]} <= {None, "iam:GetRole"}
    # What the identities alone decide is found in the account as it is in the files.
    expected = json.loads((fixture / "expected" / "audit.json").read_text(encoding="utf-8"))
    alone = {"PC201", "PC202", "PC203", "PC205"} if seeded.whole else set[str]()
    assert {f["rule"] for f in report["findings"]} & alone == {f["rule"] for f in expected["findings"]} & alone


def test_most_fixtures_can_be_seeded() -> None:
    assert len(FIXTURES) >= 12
