"""Outputs about an organization and its control policies."""

import json

from tests.sources.captures import ACCOUNT, OTHER, document, statement
from tests.sources.samples.names import FULL_ACCESS, ORG, ORG_ARN, ROOT, SCP_ID, SCP_SUMMARY, UNIT, Sample

ORGANIZATION = [
    Sample(
        "organizations",
        "DescribeOrganization",
        "describe-organization",
        "describe-organization.json",
        {"Organization": {"Id": ORG, "Arn": f"{ORG_ARN}:organization/{ORG}", "MasterAccountId": OTHER}},
    ),
    Sample(
        "organizations",
        "ListRoots",
        "list-roots",
        "list-roots.json",
        {
            "Roots": [
                {
                    "Id": ROOT,
                    "Arn": f"{ORG_ARN}:root/{ORG}/{ROOT}",
                    "Name": "Root",
                    "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
                }
            ]
        },
    ),
    Sample(
        "organizations",
        "ListOrganizationalUnitsForParent",
        "list-organizational-units-for-parent",
        f"list-organizational-units-for-parent.{ROOT}.json",
        {"OrganizationalUnits": [{"Id": UNIT, "Arn": f"{ORG_ARN}:ou/{ORG}/{UNIT}", "Name": "apps"}]},
    ),
    Sample(
        "organizations",
        "ListAccounts",
        "list-accounts",
        "list-accounts.json",
        {"Accounts": [{"Id": ACCOUNT, "Arn": f"{ORG_ARN}:account/{ORG}/{ACCOUNT}", "Name": "prod"}]},
    ),
    Sample(
        "organizations",
        "ListParents",
        "list-parents",
        f"list-parents.{ACCOUNT}.json",
        {"Parents": [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"}]},
    ),
    Sample(
        "organizations",
        "ListChildren",
        "list-children",
        f"list-children.{UNIT}.json",
        {"Children": [{"Id": ACCOUNT, "Type": "ACCOUNT"}]},
    ),
    Sample(
        "organizations",
        "ListPolicies",
        "organizations list-policies",
        "list-policies.SERVICE_CONTROL_POLICY.json",
        {"Policies": [FULL_ACCESS, SCP_SUMMARY]},
    ),
    Sample(
        "organizations",
        "ListPoliciesForTarget",
        "organizations list-policies",
        f"list-policies-for-target.{UNIT}.json",
        {"Policies": [FULL_ACCESS, SCP_SUMMARY]},
    ),
    Sample(
        "organizations",
        "DescribePolicy",
        "describe-policy",
        f"describe-policy.{SCP_ID}.json",
        {
            "Policy": {
                "PolicySummary": SCP_SUMMARY,
                "Content": json.dumps(document(statement(Effect="Deny"))),
            }
        },
    ),
    Sample(
        "organizations",
        "ListTargetsForPolicy",
        "list-targets-for-policy",
        f"list-targets-for-policy.{SCP_ID}.json",
        {"Targets": [{"TargetId": UNIT, "Arn": f"{ORG_ARN}:ou/{ORG}/{UNIT}", "Type": "ORGANIZATIONAL_UNIT"}]},
    ),
]
