"""Writes permcheck/data/global_condition_keys.json from AWS's page on global condition context keys.

    curl -o page.md https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.md
    python tools/make_global_condition_keys.py page.md [--date 2026-11-21] [--out FILE]

From each key's section the name, the data type, whether it is multivalued and whether the page lists it as sensitive
are taken. What the page tells only in prose is kept here, in our words: when a key is present, and which keys hold
whatever the caller sends. A key that the page has and PRESENT does not know stops the script, so that nothing new slips
in unread.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "permcheck" / "data" / "global_condition_keys.json"
PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"

TYPES = {
    "String": "String",
    "ARN": "ARN",
    "Boolean": "Bool",
    "Numeric": "Numeric",
    "Date": "Date",
    "IP address": "IPAddress",
}

IN_ORGANIZATION = "the account belongs to an organization"
SERVICE_CALL = "an AWS service principal calls on behalf of a resource"
SERVICE_PRINCIPAL = "an AWS service principal calls"
EC2_ROLE = "the caller is a role on an EC2 instance"
VPC_ENDPOINT = "the request comes through a VPC endpoint"
SOME_VPC_ENDPOINT = "the request comes through a VPC endpoint, to services that support the key"
FORWARDED = "a service calls on with the caller's credentials"
TEMPORARY = "the caller has temporary credentials"

PRESENT = {
    "aws:PrincipalArn": "signed",
    "aws:PrincipalAccount": "always",
    "aws:PrincipalOrgPaths": IN_ORGANIZATION,
    "aws:PrincipalOrgID": IN_ORGANIZATION,
    "aws:PrincipalTag/${TagKey}": "the user, role or session has the tag",
    "aws:PrincipalIsAWSService": "signed",
    "aws:PrincipalServiceName": SERVICE_PRINCIPAL,
    "aws:PrincipalServiceNamesList": SERVICE_PRINCIPAL,
    "aws:PrincipalType": "always",
    "aws:userid": "always",
    "aws:username": "the caller is an IAM user",
    "aws:AssumedRoot": "the caller is a session from sts:AssumeRoot",
    "aws:FederatedProvider": "the caller's role was assumed with a web identity",
    "aws:TokenIssueTime": TEMPORARY,
    "aws:SignInSessionArn": "the caller signed in through AWS Sign-In OAuth",
    "aws:MultiFactorAuthAge": TEMPORARY,
    "aws:MultiFactorAuthPresent": TEMPORARY,
    "aws:ChatbotSourceArn": "the role was assumed for a chat application",
    "aws:Ec2InstanceSourceVpc": EC2_ROLE,
    "aws:Ec2InstanceSourcePrivateIPv4": EC2_ROLE,
    "aws:SourceIdentity": "a source identity was set when the role was assumed",
    "ec2:RoleDelivery": EC2_ROLE,
    "ec2:SourceInstanceArn": EC2_ROLE,
    "glue:RoleAssumedBy": "AWS Glue calls with a service role",
    "glue:CredentialIssuingService": "a Glue job or development endpoint calls",
    "codebuild:BuildArn": "the caller is a role used by CodeBuild",
    "codebuild:ProjectArn": "the caller is a role used by CodeBuild",
    "lambda:SourceFunctionArn": "the code of a Lambda function calls",
    "ssm:SourceInstanceArn": "the caller is a role of a Systems Manager managed instance",
    "identitystore:UserId": "the caller is an IAM Identity Center user",
    "aws:SourceIp": "not through a VPC endpoint",
    "aws:SourceVpc": VPC_ENDPOINT,
    "aws:SourceVpcArn": SOME_VPC_ENDPOINT,
    "aws:SourceVpce": VPC_ENDPOINT,
    "aws:VpceAccount": SOME_VPC_ENDPOINT,
    "aws:VpceOrgID": SOME_VPC_ENDPOINT,
    "aws:VpceOrgPaths": SOME_VPC_ENDPOINT,
    "aws:VpcSourceIp": VPC_ENDPOINT,
    "aws:ResourceAccount": "nearly always",
    "aws:ResourceOrgPaths": IN_ORGANIZATION,
    "aws:ResourceOrgID": IN_ORGANIZATION,
    "aws:ResourceTag/${TagKey}": "the resource has the tag, and its type supports authorization by tags",
    "aws:CalledVia": FORWARDED,
    "aws:CalledViaFirst": FORWARDED,
    "aws:CalledViaLast": FORWARDED,
    "aws:ViaAWSService": "always",
    "aws:CalledViaAWSMCP": "an AWS MCP service calls on with the caller's credentials",
    "aws:ViaAWSMCPService": "an AWS MCP service calls on with the caller's credentials",
    "aws:CurrentTime": "always",
    "aws:EpochTime": "always",
    "aws:referer": "the caller's HTTP client sends the header",
    "aws:RequestedRegion": "always",
    "aws:RequestTag/${TagKey}": "the request sets the tag",
    "aws:TagKeys": "the request sets tags",
    "aws:SecureTransport": "always",
    "aws:SourceAccount": SERVICE_CALL,
    "aws:SourceArn": SERVICE_CALL,
    "aws:SourceOrgID": SERVICE_CALL + " whose account belongs to an organization",
    "aws:SourceOrgPaths": SERVICE_CALL + " whose account belongs to an organization",
    "aws:UserAgent": "always",
    "aws:IsMcpServiceAction": "an MCP service authorizes an action of its own",
}

CALLER_CHOSEN = {"aws:referer", "aws:UserAgent"}

# Footnote of the page: an outside provider is named by its ARN, one built into AWS by a bare name.
ALSO = {"aws:FederatedProvider": ["ARN"]}

# Not on the page, yet in policies that AWS itself writes: the default policy of an SNS topic, and the managed policy
# AWSSSOServiceRolePolicy.
UNLISTED = [
    ("aws:SourceOwner", "String", "an AWS service calls Amazon SNS (older than aws:SourceAccount)"),
    ("aws:PrincipalOrgMasterAccountId", "String", IN_ORGANIZATION),
]

SECTION = re.compile(r"^### (\S+)$", re.MULTILINE)
DATA_TYPE = re.compile(r"^\+ \*\*Data type\*\* . (.+)$", re.MULTILINE)
VALUE_TYPE = re.compile(r"^\+ \*\*Value type\*\* . (Single-valued|Multivalued)", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
SENSITIVE = re.compile(r"^\+ `([^`]+)`$", re.MULTILINE)


def keys(page: str) -> list[dict[str, object]]:
    """Return the page's keys in its order.

    Raises:
        SystemExit: a section has no type, or the page has a key that PRESENT does not describe, or lost one.
    """
    parts = SECTION.split(page)
    sensitive = set(SENSITIVE.findall(parts[0]))
    rows: list[dict[str, object]] = []
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        key = heading.replace("*tag-key*", "${TagKey}")
        data, value = DATA_TYPE.search(body), VALUE_TYPE.search(body)
        if data is None or value is None or key not in PRESENT:
            raise SystemExit(f"{key}: no type found on the page, or not described in PRESENT")
        words = LINK.sub(r"\1", data[1]).replace("(list)", "").replace("\\*", "").split(",")
        rows.append(
            {
                "key": key,
                "types": [TYPES[word.strip()] for word in words] + ALSO.get(key, []),
                "multivalued": value[1] == "Multivalued",
                "sensitive": key in sensitive,
                "caller_chosen": key in CALLER_CHOSEN,
                "present": PRESENT[key],
            }
        )
    lost = set(PRESENT) - {str(row["key"]) for row in rows}
    if lost:
        raise SystemExit(f"no longer on the page: {', '.join(sorted(lost))}")
    return rows


def table(rows: list[dict[str, object]], made: str) -> dict[str, object]:
    """Return the whole table, with the keys that the page leaves out."""
    unlisted = [
        {"key": key, "types": [kind], "multivalued": False, "sensitive": False, "caller_chosen": False, "present": when}
        for key, kind, when in UNLISTED
    ]
    return {
        "made": made,
        "source": f"IAM User Guide, {PAGE}",
        "unlisted": [key for key, _, _ in UNLISTED],
        "keys": rows + unlisted,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("--date", default=datetime.datetime.now(datetime.UTC).date().isoformat())
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    found = table(keys(arguments.page.read_text(encoding="utf-8")), arguments.date)
    arguments.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
