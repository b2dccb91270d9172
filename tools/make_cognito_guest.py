"""Writes permcheck/data/cognito_guest.json: the session policies Cognito puts on guests in the enhanced flow.

    python tools/make_cognito_guest.py [--date 2026-11-21] [--out FILE]      (from the project's root)

Cognito hands a guest credentials that are cut by two session policies together: one written inline, printed in the
Cognito Developer Guide, and one AWS managed policy. The inline part is kept here; the managed part is taken from
aws_managed_policies.json.gz, so make that table first.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "permcheck" / "data" / "cognito_guest.json"
PAGE = "https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html"
MANAGED = "arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy"

EVERYWHERE = """
    cloudwatch:* logs:* dynamodb:* kinesis:* mobileanalytics:* s3:* ses:* sns:* sqs:* lambda:* machinelearning:*
    execute-api:* iot:* gamelift:* cognito-identity:* cognito-idp:* lex:* polly:* comprehend:* translate:* transcribe:*
    rekognition:* mobiletargeting:* firehose:* appsync:* personalize:* sagemaker:InvokeEndpoint
""".split()

# In the Regions an account has from the start, and not in those it must opt in to. The page also takes sumerian:View*
# away there, which the policy it prints does not hold.
DEFAULT_REGIONS_ONLY = """
    cognito-sync:* codewhisperer:* textract:DetectDocumentText textract:AnalyzeDocument sdb:*
""".split()

# Launched before 2019-03-20, hence never opted in to (AWS Account Management guide, manage-acct-regions): a list that
# cannot grow. Later Regions of the aws partition are opt-in Regions; other partitions have none.
DEFAULT_REGIONS = """
    us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3
    ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2
""".split()


def allowing(actions: list[str]) -> dict[str, object]:
    """Return a policy document that allows these actions on everything."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": ["*"]}]}


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from permcheck.data import managed_policies

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", default=datetime.datetime.now(datetime.UTC).date().isoformat())
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    table = {
        "made": arguments.date,
        "source": f"Amazon Cognito Developer Guide, {PAGE}; managed part: {managed_policies.source()}",
        "default_regions": DEFAULT_REGIONS,
        "inline": allowing(EVERYWHERE + DEFAULT_REGIONS_ONLY),
        "inline_opt_in_regions": allowing(EVERYWHERE),
        "managed_arn": MANAGED,
        "managed_version": managed_policies.version(MANAGED),
        "managed": managed_policies.document(MANAGED),
    }
    arguments.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
