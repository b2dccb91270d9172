"""The organization: its tree, its service and resource control policies, and where they hang.

Only the management account and delegated administrators may read it, so a refusal is what a member account gets and
nothing that is missing. Rates: AWS Organizations User Guide, "Quotas for AWS Organizations".
"""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY, WORD
from permcheck.sources.live.scope import Scope

_TOKEN = Paging("NextToken", "NextToken", ("MaxResults", 20))
TYPES = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
_SUMMARY = {"Id": NAME, "Arn": NAME, "Name": NAME, "Type": WORD, "AwsManaged": WORD}
_DENIES = "what control policies deny"


def _call(operation: str, keep: dict[str, object], rate: float, unknown: str, *, pages: bool = True) -> Call:
    return Call(
        "organizations",
        operation,
        keep,  # type: ignore[arg-type]  # a specification, written out
        Rate(f"organizations:{operation}", rate),
        unknown,
        _TOKEN if pages else None,
        refusal_is_absence=True,
        none=("AWSOrganizationsNotInUseException",),
    )


DESCRIBE = _call(
    "DescribeOrganization",
    {"Organization": {"Id": NAME, "Arn": NAME, "MasterAccountId": NAME}},
    5,
    _DENIES,
    pages=False,
)
LIST_ROOTS = _call(
    "ListRoots",
    {"Roots": {"Id": NAME, "Arn": NAME, "Name": NAME, "PolicyTypes": {"Type": WORD, "Status": WORD}}},
    5,
    _DENIES,
)
LIST_ACCOUNTS = _call(
    "ListAccounts",
    {"Accounts": {"Id": NAME, "Arn": NAME, "Name": NAME, "Status": WORD, "State": WORD, "Paths": NAME}},
    8,
    "which accounts the organization has",
)
LIST_UNITS = _call(
    "ListOrganizationalUnitsForParent",
    {"OrganizationalUnits": {"Id": NAME, "Arn": NAME, "Name": NAME}},
    5,
    "which units are below it",
)
LIST_BELOW = _call(
    "ListAccountsForParent", {"Accounts": {"Id": NAME, "Arn": NAME, "Name": NAME}}, 5, "which accounts are below it"
)
LIST_POLICIES = _call("ListPolicies", {"Policies": _SUMMARY}, 5, _DENIES)
DESCRIBE_POLICY = _call(
    "DescribePolicy", {"Policy": {"PolicySummary": _SUMMARY, "Content": POLICY}}, 2, "what it denies", pages=False
)
LIST_TARGETS = _call(
    "ListTargetsForPolicy",
    {"Targets": {"TargetId": NAME, "Arn": NAME, "Name": NAME, "Type": WORD}},
    5,
    "where it hangs",
)


def walk(scope: Scope) -> None:
    """Read the organization, where this account may."""
    if not scope.once(DESCRIBE).pages:
        return
    roots = scope.pages(LIST_ROOTS)
    accounts = scope.entries(scope.pages(LIST_ACCOUNTS), "Accounts")
    for kind in TYPES:
        for entry in scope.entries(scope.pages(LIST_POLICIES, Filter=kind), "Policies"):
            own = entry.get("Id")
            if isinstance(own, str):
                scope.later(_policy, scope, own)
    # Newer answers tell each account's place in the tree; without that the tree has to be walked.
    if not accounts or not all(entry.get("Paths") for entry in accounts):
        for entry in scope.entries(roots, "Roots"):
            if isinstance(entry.get("Id"), str):
                _below(scope, entry["Id"])


def _policy(scope: Scope, own: str) -> None:
    scope.once(DESCRIBE_POLICY, PolicyId=own)
    scope.pages(LIST_TARGETS, PolicyId=own)


def _below(scope: Scope, parent: str) -> None:
    scope.pages(LIST_BELOW, ParentId=parent)
    for entry in scope.entries(scope.pages(LIST_UNITS, ParentId=parent), "OrganizationalUnits"):
        own = entry.get("Id")
        if isinstance(own, str):
            scope.later(_below, scope, own)


SERVICE = Service(
    "organizations",
    "organization",
    (
        DESCRIBE,
        LIST_ROOTS,
        LIST_ACCOUNTS,
        LIST_POLICIES,
        DESCRIBE_POLICY,
        LIST_TARGETS,
        LIST_UNITS,
        LIST_BELOW,
    ),
    walk,
)
