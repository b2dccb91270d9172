"""Lambda: functions with their versions, aliases, URLs and policies, what polls for them, and layers of the account.

Rates: Lambda Developer Guide, "Lambda quotas" (API requests): GetPolicy 15 a second, all other control plane calls
together 15; none is published for GetResourcePolicy, so it counts among the others.
"""

from collections.abc import Iterable

from permcheck.sources.files.shapes import function_name
from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import ENVIRONMENT, NAME, POLICY, WORD
from permcheck.sources.live.scope import Scope

GET_POLICY_RATE = Rate("lambda:GetPolicy", 15)
CONTROL = Rate("lambda", 15)
_MARKER = Paging("Marker", "NextMarker", ("MaxItems", 50))
_DESTINATION = {"Destination": NAME}

# With ALL, every published version comes with its configuration: no call for each function is needed.
LIST_FUNCTIONS = Call(
    "lambda",
    "ListFunctions",
    {
        "Functions": {
            "FunctionName": NAME,
            "FunctionArn": NAME,
            "Role": NAME,
            "Version": WORD,
            "Layers": {"Arn": NAME},
            "DeadLetterConfig": {"TargetArn": NAME},
            "Environment": ENVIRONMENT,
        }
    },
    CONTROL,
    "which functions there are",
    _MARKER,
    things="lists of functions",
)
LIST_ALIASES = Call(
    "lambda",
    "ListAliases",
    {"Aliases": {"AliasArn": NAME, "Name": NAME, "FunctionVersion": WORD}},
    CONTROL,
    "which aliases it has, and who may invoke it through them,",
    _MARKER,
    none=("ResourceNotFoundException",),
    things="lists of aliases",
)
GET_POLICY = Call(
    "lambda",
    "GetPolicy",
    {"Policy": POLICY},
    GET_POLICY_RATE,
    "who may invoke it",
    none=("ResourceNotFoundException",),
    things="function policies",
)
# Reading it takes lambda:GetPolicy as well (Developer Guide, "Viewing resource-based IAM policies in Lambda").
GET_RESOURCE_POLICY = Call(
    "lambda",
    "GetResourcePolicy",
    {"Policy": POLICY},
    CONTROL,
    "who may invoke it",
    also=("lambda:GetPolicy",),
    none=("ResourceNotFoundException",),
    fallback=GET_POLICY,
)
LIST_URLS = Call(
    "lambda",
    "ListFunctionUrlConfigs",
    {
        "FunctionUrlConfigs": {
            "FunctionArn": NAME,
            "FunctionUrl": NAME,
            "AuthType": WORD,
            "CreationTime": WORD,
            "Cors": {"AllowOrigins": NAME, "AllowMethods": WORD, "AllowCredentials": WORD},
        }
    },
    CONTROL,
    "whether it can be called through a URL",
    _MARKER,
    none=("ResourceNotFoundException",),
    things="lists of function URLs",
)
LIST_INVOKE_CONFIGS = Call(
    "lambda",
    "ListFunctionEventInvokeConfigs",
    {
        "FunctionEventInvokeConfigs": {
            "FunctionArn": NAME,
            "DestinationConfig": {"OnSuccess": _DESTINATION, "OnFailure": _DESTINATION},
        }
    },
    CONTROL,
    "where its results are sent",
    _MARKER,
    none=("ResourceNotFoundException",),
    things="lists of destinations",
)
LIST_MAPPINGS = Call(
    "lambda",
    "ListEventSourceMappings",
    {
        "EventSourceMappings": {
            "UUID": WORD,
            "FunctionArn": NAME,
            "EventSourceArn": NAME,
            "State": WORD,
            "DestinationConfig": {"OnFailure": _DESTINATION},
            "SourceAccessConfigurations": {"Type": WORD, "URI": NAME},
        }
    },
    CONTROL,
    "which queues and streams functions are invoked from",
    Paging("Marker", "NextMarker", ("MaxItems", 100)),
)
GET_LAYER_POLICY = Call(
    "lambda",
    "GetLayerVersionPolicy",
    {"Policy": POLICY},
    CONTROL,
    "who may use it",
    none=("ResourceNotFoundException",),
    things="layer policies",
)


def walk(scope: Scope) -> None:
    """Read all functions, then each on its own; the services around them where there are any."""
    versions: dict[str, list[str]] = {}
    layers: set[str] = set()
    known = True
    answer = scope.pages(LIST_FUNCTIONS, FunctionVersion="ALL")
    known = answer.error is None
    for entry in scope.entries(answer, "Functions"):
        found = function_name(str(entry.get("FunctionArn")))
        if found is None:
            continue
        own, qualifier = found
        named = versions.setdefault(own, [])
        if qualifier not in ("", "$LATEST"):
            named.append(qualifier)
        layers.update(_layers(entry.get("Layers"), scope.account))
    scope.expects("functions", len(versions))
    scope.pages(LIST_MAPPINGS)
    for own in sorted(versions):
        scope.later(_function, scope, own, versions[own])
    for layer in sorted(layers):
        name, _, number = layer.rpartition(":")
        scope.later(scope.once, GET_LAYER_POLICY, LayerName=name, VersionNumber=int(number))
    if versions or not known:
        scope.around()


def _layers(listed: object, account: str) -> Iterable[str]:
    """The account's own layer versions in a list: others do not show their policies."""
    for each in listed if isinstance(listed, list) else ():
        arn = str(each.get("Arn")) if isinstance(each, dict) else ""
        parts = arn.split(":")
        if len(parts) == 8 and parts[4] == account and parts[7].isdecimal():
            yield arn


def _function(scope: Scope, arn: str, versions: list[str]) -> None:
    """What hangs on one function: aliases, URLs, invoke configurations, and the policy of every qualifier."""
    name = arn.rsplit(":", 1)[-1]
    aliases = scope.entries(scope.pages(LIST_ALIASES, FunctionName=name), "Aliases")
    scope.pages(LIST_URLS, FunctionName=name)
    scope.pages(LIST_INVOKE_CONFIGS, FunctionName=name)
    named = [str(alias["Name"]) for alias in aliases if alias.get("Name")]
    _policy(scope, arn, name, "")
    for qualifier in (*versions, *sorted(named)):
        _policy(scope, arn, name, qualifier)
    scope.done("functions")


def _policy(scope: Scope, arn: str, name: str, qualifier: str) -> None:
    own = f"{arn}:{qualifier}" if qualifier else arn
    by_name = {"FunctionName": name} | ({"Qualifier": qualifier} if qualifier else {})
    scope.first_of((GET_RESOURCE_POLICY, {"ResourceArn": own}), (GET_POLICY, by_name))


SERVICE = Service(
    "lambda",
    "regional",
    (
        LIST_FUNCTIONS,
        LIST_MAPPINGS,
        LIST_ALIASES,
        LIST_URLS,
        LIST_INVOKE_CONFIGS,
        GET_RESOURCE_POLICY,
        GET_POLICY,
        GET_LAYER_POLICY,
    ),
    walk,
)
