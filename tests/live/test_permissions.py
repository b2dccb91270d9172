"""``permcheck permissions`` prints exactly what a scan calls."""

import json
from pathlib import Path

import boto3
import pytest

from permcheck.sources.live import begin, permissions
from permcheck.sources.live.clients import Access
from permcheck.sources.live.services import CALLS, SERVICES, calls, chosen
from tests.cli.asking import ask
from tests.live.endpoint import REGION, Endpoint


def granted(services: tuple[str, ...] = chosen()) -> set[str]:
    """The actions of the policy."""
    return {action for statement in permissions.statements(services) for action in statement["Action"]}


def test_a_scan_calls_what_the_policy_grants_and_nothing_else(server: Endpoint) -> None:
    made: set[tuple[str, str]] = set()

    def recording(session: boto3.Session) -> None:
        session.events.register("before-call.*.*", lambda model, **_: made.add((_service(model), model.name)))

    def _service(model: object) -> str:
        return str(model.service_model.service_name)  # type: ignore[attr-defined]

    wanted = begin.Wanted(regions=("all",), tool="permcheck test")
    scan = begin.Scan(Access(endpoint_url=server.url, on_session=recording), wanted, None)
    narrowed = scan.begun.asked.regions
    assert REGION in narrowed
    object.__setattr__(scan.begun.asked, "regions", (REGION,))
    scan.run()
    declared = {(call.service, call.operation): call for call in calls(chosen())}
    assert made <= set(declared), "a call that is not declared"
    assert {action for key in made for action in declared[key].actions} == granted()


def test_the_policy_is_valid_and_small() -> None:
    document = permissions.policy(chosen())
    assert len(json.dumps(document, separators=(",", ":"))) < 6144  # IAM and STS quotas: a managed policy
    assert granted(("iam",)) == {"iam:GetAccountAuthorizationDetails", "ec2:DescribeRegions", "sts:GetCallerIdentity"}
    assert "sts:AssumeRole" not in granted()
    assert all(call.actions for call in CALLS.values())


@pytest.mark.parametrize("form", ["json", "cloudformation", "terraform"])
def test_every_form_grants_the_same(form: str) -> None:
    printed = ask("permissions", "--format", form, "--include", "lambda").stdout
    for action in granted(("lambda",)):
        assert f'"{action}"' in printed
    assert '"iam:' not in printed


def test_other_partitions_have_their_own_arns() -> None:
    assert "arn:aws-cn:apigateway:*::/restapis" in ask("permissions", "--partition", "aws-cn").stdout


def test_a_service_that_does_not_exist_is_named(tmp_path: Path) -> None:
    result = ask("permissions", "--include", "lamda")
    assert result.exit_code == 2
    assert "did you mean lambda?" in result.stderr
    assert "lamda" not in SERVICES
