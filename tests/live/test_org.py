"""Several accounts: roles that are taken, an organization, and what stands between accounts."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from permcheck.errors import ExitCode
from tests.cli.asking import ask
from tests.live.endpoint import REGION, Endpoint, Json
from tests.live.seeding import document, function, trusting

ROLE = "audit"
# moto keeps accounts apart by the role that was taken: the organization shares nothing with the other tests.
MANAGEMENT = "210987654321"


def credentials(endpoint: Endpoint, account: str) -> dict[str, str]:
    """Credentials of an account, under the names of their environment variables."""
    arn = f"arn:aws:iam::{account}:role/{ROLE}"
    given = endpoint.client("sts").assume_role(RoleArn=arn, RoleSessionName="seed")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


class Accounts:
    """An organization of three: the management account, a shop, and whoever calls the shop."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        organizations = self.client(MANAGEMENT, "organizations")
        organizations.create_organization(FeatureSet="ALL")
        root = organizations.list_roots()["Roots"][0]["Id"]
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
        self.shop = self._member(organizations, "shop")
        self.caller = self._member(organizations, "caller")
        unit = organizations.create_organizational_unit(ParentId=root, Name="callers")["OrganizationalUnit"]["Id"]
        organizations.move_account(AccountId=self.caller, SourceParentId=root, DestinationParentId=unit)
        for target, name, denied in ((unit, "no-billing", "billing"), (self.shop, "no-mail", "mail")):
            arn = f"arn:aws:lambda:*:*:function:{denied}"
            policy = organizations.create_policy(
                Name=name,
                Description=name,
                Type="SERVICE_CONTROL_POLICY",
                Content=document({"Sid": "No", "Effect": "Deny", "Action": "lambda:InvokeFunction", "Resource": arn}),
            )["Policy"]["PolicySummary"]["Id"]
            organizations.attach_policy(PolicyId=policy, TargetId=target)
        self._shop()
        self._caller()

    @staticmethod
    def _member(organizations: Any, name: str) -> str:
        own = organizations.create_account(Email=f"{name}@example.org", AccountName=name)["CreateAccountStatus"]
        account: str = own["AccountId"]
        return account

    def client(self, account: str, service: str) -> Any:
        """A client in an account."""
        given = credentials(self.endpoint, account)
        return self.endpoint.client(service, **{name.lower(): value for name, value in given.items()})

    def _role(self, account: str, name: str, trust: str, *statements: Json) -> str:
        iam = self.client(account, "iam")
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        if statements:
            policy = iam.create_policy(PolicyName=f"{name}-may", PolicyDocument=document(*statements))["Policy"]["Arn"]
            iam.attach_role_policy(RoleName=name, PolicyArn=policy)
        return arn

    def _shop(self) -> None:
        run = self._role(self.shop, "run", trusting())
        client = self.client(self.shop, "lambda")
        for name in ("invoices", "billing", "refunds"):
            function(self.endpoint, name, run, client=client)
        for name in ("invoices", "billing"):
            client.add_permission(
                FunctionName=name,
                StatementId="caller",
                Action="lambda:InvokeFunction",
                Principal=f"arn:aws:iam::{self.caller}:role/worker",
            )

    def _caller(self) -> None:
        invoke = {"Sid": "Call", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
        self._role(self.caller, "worker", trusting("ec2.amazonaws.com"), invoke)


@pytest.fixture(scope="module")
def accounts(server: Endpoint) -> Iterator[Accounts]:
    """The organization, and the credentials of its management account in the environment."""
    made = Accounts(server)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in credentials(server, MANAGEMENT).items():
            patched.setenv(name, value)
        yield made


@pytest.fixture(scope="module")
def taken(accounts: Accounts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of all three."""
    path = tmp_path_factory.mktemp("org") / "org.json.gz"
    result = ask("snapshot", *_told(accounts), "--org", ROLE, "--output", path)
    assert result.exit_code == ExitCode.CLEAN, result.stderr
    return path


def _told(accounts: Accounts) -> tuple[str, ...]:
    services = [word for name in ("iam", "lambda", "organizations") for word in ("--include", name)]
    return ("--endpoint-url", accounts.endpoint.url, "--region", REGION, *services)


def verdicts(path: Path, accounts: Accounts, name: str) -> dict[str, str]:
    """Caller → verdict, of everybody who may invoke a function of the shop."""
    arn = f"arn:aws:lambda:{REGION}:{accounts.shop}:function:{name}"
    rows = json.loads(ask("who", arn, path, "--format", "json").stdout)["callers"]
    return {row["caller"]: row["verdict"] for row in rows}


def test_a_way_between_accounts_needs_both_sides(accounts: Accounts, taken: Path) -> None:
    worker = f"arn:aws:iam::{accounts.caller}:role/worker"
    assert verdicts(taken, accounts, "invoices")[worker] == "allowed"
    # Its own account allows it, the function's does not.
    assert worker not in verdicts(taken, accounts, "refunds")


def test_a_control_policy_of_the_callers_account_denies(accounts: Accounts, taken: Path) -> None:
    worker = f"arn:aws:iam::{accounts.caller}:role/worker"
    assert worker not in verdicts(taken, accounts, "billing")
    arn = f"arn:aws:lambda:{REGION}:{accounts.shop}:function:billing"
    answer = json.loads(ask("why", worker, arn, taken, "--format", "json").stdout)
    assert "explicit:scp" in json.dumps(answer)


def test_all_accounts_are_in_view(accounts: Accounts, taken: Path) -> None:
    report = json.loads(ask("audit", taken, "--format", "json").stdout)
    assert report["not_read"] == []
    assert not any("service control" in said for said in report["assumptions"])


def test_an_account_that_lets_nobody_in_is_told(accounts: Accounts, tmp_path: Path) -> None:
    def refuse(environ: Any) -> tuple[str, str] | None:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if b"Action=AssumeRole&" not in body or accounts.caller.encode() not in body:
            return None
        error = "<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>"
        return "403 Forbidden", f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"

    accounts.endpoint.responder.refuse = refuse
    path = tmp_path / "org.json.gz"
    result = ask("snapshot", *_told(accounts), "--org", ROLE, "--output", path)
    accounts.endpoint.responder.refuse = lambda environ: None
    assert result.exit_code == ExitCode.INCOMPLETE
    assert "1 of 2 accounts could not be read: sts:AssumeRole: " in result.stderr
    (gap,) = json.loads(ask("audit", path, "--format", "json").stdout)["not_read"]
    assert (gap["api"], gap["arn"]) == ("sts:AssumeRole", f"arn:aws:iam::{accounts.caller}:role/{ROLE}")
    assert gap["effect"] == "everything in the account is unknown"
    # The function's side is in view, the caller's is not: the verdict says what it rests on.
    assert verdicts(path, accounts, "invoices")[f"arn:aws:iam::{accounts.caller}:role/worker"] == "conditional"


def test_one_account_by_its_role(accounts: Accounts, tmp_path: Path) -> None:
    path = tmp_path / "one.json.gz"
    role = f"arn:aws:iam::{accounts.shop}:role/{ROLE}"
    result = ask("snapshot", *_told(accounts), "--assume-role", role, "--external-id", "x1", "--output", path)
    assert result.exit_code == ExitCode.CLEAN, result.stderr
    report = json.loads(ask("audit", path, "--format", "json").stdout)
    assert {accounts.shop} == {f["resource"].split(":")[4] for f in report["findings"]}


def test_an_account_that_holds_nothing(server: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in credentials(server, "210000000009").items():
        monkeypatch.setenv(name, value)
    told = ("--endpoint-url", server.url, "--region", REGION)
    path = tmp_path / "empty.json.gz"
    assert ask("scan", *told, "--snapshot", path).exit_code == ExitCode.NOTHING
    assert ask("audit", path).exit_code == ExitCode.NOTHING
