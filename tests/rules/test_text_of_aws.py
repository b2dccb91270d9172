"""What AWS wrote is not reported, and hardly anything would be: AWS's own policies measure how well the rules judge."""

import json
from collections import Counter
from time import process_time

from permcheck.asking import pieces
from permcheck.config import Config
from permcheck.data import managed_policies
from permcheck.model import Document, Facts, Policy, PolicyKind
from permcheck.policy.parse import parse_document
from permcheck.registry import rules
from permcheck.rule import Rule, View
from permcheck.rule.tables import written_by_aws
from tests.rules.text_asking import ids, in_files

TEXT = [rule for rule in rules() if rule.id.startswith("PC0")]
MISSPELT = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:Invoked", "Resource": "*"}}


def version(arn: str) -> dict[str, object]:
    return {
        "PolicyName": arn.rpartition("/")[2],
        "PolicyId": "ANPAEXAMPLE7POLICY111",
        "Arn": arn,
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 1,
        "IsAttachable": True,
        "PolicyVersionList": [{"Document": MISSPELT, "VersionId": "v1", "IsDefaultVersion": True}],
    }


def details(*arns: str) -> dict[str, object]:
    policies = [version(arn) for arn in arns]
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": policies}


def test_a_policy_of_aws_is_nobodys_here_to_change() -> None:
    ours, theirs = "arn:aws:iam::111122223333:policy/app", "arn:aws:iam::aws:policy/service-role/App"
    china = "arn:aws-cn:iam::aws:policy/App"
    assert ids(in_files({"details.json": details(theirs, china)})) == []
    (finding,) = in_files({"details.json": details(theirs, ours)})
    assert (finding.rule, finding.resource) == ("PC001", ours)


def test_the_trust_of_a_service_linked_role_is_aws_too() -> None:
    role = "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    policy = Policy(PolicyKind.RESOURCE, "trust policy", "a.json", "", None, attached_to=role, trust=True)
    assert written_by_aws(policy)


def found_in(documents: dict[str, Document], judges: list[Rule]) -> Counter[str]:
    policies = tuple(Policy(PolicyKind.IDENTITY, name, name, "", text) for name, text in documents.items())
    view = View(Facts(policies=policies), Config())
    return Counter(finding.rule for ask in pieces(judges, view) for finding in ask().findings)


def of_aws() -> dict[str, Document]:
    entries = json.loads(managed_policies._text())["policies"]
    return {arn: parse_document(entry["document"]) for arn, entry in entries.items()}


def test_hardly_anything_in_the_policies_of_aws_is_reported() -> None:
    """A rule that begins to misjudge shows here first, among nearly 9,000 statements; the few are AWS's own slips."""
    texts = of_aws()
    statements = sum(len(text.statements) for text in texts.values())
    assert statements > 8000
    found = found_in(texts, [rule for rule in TEXT if rule.id != "PC004"])  # PC004 is about taste, not about mistakes
    assert found["PC001"] == 0
    assert found["PC002"] < statements * 0.01
    assert found["PC003"] <= 6 and found["PC005"] <= 8 and found["PC009"] <= 1
    assert set(found) <= {"PC002", "PC003", "PC005", "PC009"}


def test_text_that_has_nothing_wrong_costs_little() -> None:
    """15,000 statements, each about a function, a log group and a source of its own; the aim is 0.15 s."""

    def document(n: int) -> Document:
        function = f"arn:aws:lambda:us-east-1:111122223333:function:team-{n}"
        logs = f"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/team-{n}:*"
        source = {"ArnLike": {"AWS:SourceArn": f"arn:aws:s3:::team-{n}"}}
        statements = [
            {"Effect": "Allow", "Action": ["lambda:InvokeFunction", "lambda:GetFunction"], "Resource": function},
            {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": logs},
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::team-{n}/*", "Condition": source},
        ]
        return parse_document({"Version": "2012-10-17", "Statement": statements})

    texts = {str(n): document(n) for n in range(5000)}
    found_in({"0": texts["0"]}, TEXT)  # the tables are read once
    start = process_time()
    assert not found_in(texts, TEXT)
    assert process_time() - start < 1.0
