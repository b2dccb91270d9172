"""What in a text is AWS's own: it says what something is, not what somebody called it, and gets no stand-in."""

import re
from functools import cache

from permcheck.data.actions import arn_templates

_TYPES = (
    "function layer event-source-mapping code-signing-config role user group policy root assumed-role federated-user "
    "server-certificate instance-profile oidc-provider saml-provider mfa table key alias secret rule event-bus topic "
    "client thing topicfilter stream log-group stateMachine execution activity identitypool userpool account ou "
    "organization deliverystream parameter alarm cluster db snapshot instance vpc repository project pipe schedule"
).split()
# Paths that AWS gives to what it makes.
_PATHS = {"iam": ("aws-service-role", "service-role", "aws-reserved"), "logs": ("aws", "lambda")}
# The names of their resources stand where others have the type.
_UNTYPED = ("s3", "sns", "sqs", "execute-api")

_REGION = (
    r"(?:us|eu|ap|sa|ca|me|af|il|cn|mx)(?:-gov|-isob?)?"
    r"-(?:north|south|east|west|central|(?:north|south)(?:east|west))-\d"
)
_PROVIDERS = (
    "graph.facebook.com accounts.google.com www.amazon.com api.twitter.com www.digits.com appleid.apple.com "
    "token.actions.githubusercontent.com gitlab.com app.terraform.io agent.buildkite.com oidc.circleci.com"
).split()

TOKEN = re.compile(
    r"\$\{[^}]*\}|\$LATEST|\$default"
    r"|arn:[\w-]+:iam::aws:policy/[\w+=,.@/*?-]+"  # a policy of AWS
    r"|arn:[\w-]+:apigateway:[\w-]*:[\w.-]+:(?:path|action)/(?:\d{4}-\d\d-\d\d/functions/)?|^integrations/"
    r"|(?P<head>arn:[\w*?-]+:(?P<service>[\w*?-]*):[\w*?-]*:)(?P<account>[\w*?-]*:)(?P<resource>[^\s\"',]*)"
    r"|arn:[\w*?-]+:[\w*?-]*:[\w*?-]*:"
    r"|(?<![\w-])AWSServiceRole\w*|/aws/lambda/|/invocations\b|(?:service|resource)_control_policy|p-(?:RCP)?FullAWSAccess"
    r"|(?<=/)(?:index|stream|stages|deployment|recoverypoint|backup)(?=/)"
    rf"|{'|'.join(re.escape(host) for host in _PROVIDERS)}"
    r"|[\w-]+(?:\.[a-z]{2}-[a-z]+-\d)?\.amazonaws\.com(?:\.cn)?|lambda-url\.[a-z]{2}-[a-z]+-\d\.on\.aws|https?:"
    r"|(?<![\w-])(?:GET|PUT|POST|PATCH|DELETE|HEAD|OPTIONS|ANY)(?![\w-])"
    rf"|(?:^|(?<=/)){_REGION}(?=[_:])"
    r"|(?<![\w-])(?:o|r|ou|p)-(?=[0-9a-z-]{4,}(?![\w-]))"
    r"|^repo:|:ref:refs/(?:heads|tags)/|:environment:|:pull_request\b"  # the subject of a token of GitHub
    r"|[A-Za-z0-9]+"
)
# Values that are kept whole.
WHOLE = re.compile(
    r"\d{4}-\d\d-\d\d(?:T[\d:.+Z-]*)?"  # a date
    r"|\d+(?:\.\d+){3}(?:/\d+)?|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:/\d+)?"  # an address or a network
    r"|aws\.[\w.-]+"  # where an event comes from
    rf"|{_REGION}"
    r"|lambda:function"  # a kind of resource of the tagging API
    r"|(?i:true|false|none|null|aws_iam|authenticated|unauthenticated|all|any|default|custom|jwt|token|request|iam)"
    r"|(?i:cognito_user_pools|methods|queuearn|createdtimestamp|policy|fullawsaccess|rcpfullawsaccess)"
    r"|(?:SERVICE|RESOURCE)_CONTROL_POLICY"
)
# The SQL of an IoT rule.
SQL = frozenset("select from where as and or not in case when then else end".split())


@cache
def fixed(service: str) -> frozenset[str]:
    """The parts of a service's ARNs that say what kind of thing it is: ``table`` and ``index`` of DynamoDB's."""
    if service in _UNTYPED:
        return frozenset()
    parts = {part for template in arn_templates(service) for part in re.split(r"[:/]", template) if "$" not in part}
    return frozenset({*_TYPES, *parts, *_PATHS.get(service, ())} - {"", "arn"} - {service})
