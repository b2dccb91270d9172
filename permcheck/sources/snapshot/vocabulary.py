"""What in a text is AWS's own: it says what something is, not what somebody called it, and gets no stand-in."""

import re

_TYPES = (
    "function layer event-source-mapping code-signing-config role user group policy root assumed-role federated-user "
    "server-certificate instance-profile oidc-provider saml-provider mfa table key alias secret rule event-bus topic "
    "client thing topicfilter stream log-group stateMachine execution activity identitypool userpool account ou "
    "organization deliverystream parameter alarm cluster db snapshot instance vpc repository project pipe schedule"
).split()
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
    rf"|arn:[\w*?-]+:(?:{'|'.join(_UNTYPED)}):[\w*?-]*:"
    r"|(?P<head>arn:[\w*?-]+:[\w*?-]*:[\w*?-]*:(?:\d{12}|[\w*?-]*):)(?P<type>[A-Za-z-]+)(?=[:/*?]|$)"
    r"|arn:[\w*?-]+:[\w*?-]*:[\w*?-]*:"
    r"|(?<=role/)aws-service-role/[\w.-]+/AWSServiceRole\w*|(?<=role/)(?:service-role|aws-reserved)/"
    r"|/invocations\b|(?:service|resource)_control_policy|p-(?:RCP)?FullAWSAccess"
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


def is_type(text: str) -> bool:
    """Whether a word is what ARNs call a kind of resource."""
    return text in _TYPES


def begins_type(text: str) -> bool:
    """Whether a kind of resource begins like this."""
    return any(each.startswith(text) for each in _TYPES)
