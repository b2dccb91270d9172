"""A function's tags count for its versions and aliases (Lambda, "Using attribute-based access control in Lambda")."""

import json

from permcheck.graph.questions import who
from permcheck.sources.files import load_texts

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
ROLE = "arn:aws:iam::111122223333:role/caller"


def test_a_deny_by_tag_reaches_aliases() -> None:
    deny = {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}},
    }
    allow = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [allow, deny]}
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {"Arn": ROLE, "RoleName": "caller", "Path": "/", "AssumeRolePolicyDocument": trust}
    inline = {"RoleName": "caller", "PolicyName": "p", "PolicyDocument": policy}
    alias = {"AliasArn": f"{ARN}:live", "Name": "live", "FunctionVersion": "1"}
    for env, callers in (("prod", set()), ("test", {ARN, f"{ARN}:1", f"{ARN}:live"})):
        function = {"Configuration": {"FunctionName": "orders", "FunctionArn": ARN}, "Tags": {"env": env}}
        captures = {
            "get-role.json": {"Role": role},
            "get-role-policy.json": inline,
            "get-function.json": function,
            "list-aliases.json": {"Aliases": [alias]},
        }
        facts = load_texts({name: json.dumps(value) for name, value in captures.items()})
        assert {row.resource for row in who(facts, "orders").callers if row.caller == ROLE} == callers
