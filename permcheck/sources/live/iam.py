"""IAM: every identity of the account with all of its policies, in one paginated call.

IAM API Reference, "GetAccountAuthorizationDetails": users, groups, roles, boundaries, the managed policies in use.
"""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY, WORD, Spec
from permcheck.sources.live.scope import Scope

_TAGS: Spec = {"Key": WORD, "Value": NAME}
_ATTACHED: Spec = {"PolicyName": NAME, "PolicyArn": NAME}
_BOUNDARY: Spec = {"PermissionsBoundaryType": WORD, "PermissionsBoundaryArn": NAME}
_INLINE: Spec = {"PolicyName": NAME, "PolicyDocument": POLICY}
# All of them: who may set another version in force has what that one says.
_VERSIONS: Spec = {"VersionId": WORD, "IsDefaultVersion": WORD, "Document": POLICY}

DETAILS = Call(
    "iam",
    "GetAccountAuthorizationDetails",
    {
        "RoleDetailList": {
            "RoleName": NAME,
            "Arn": NAME,
            "AssumeRolePolicyDocument": POLICY,
            "RolePolicyList": _INLINE,
            "AttachedManagedPolicies": _ATTACHED,
            "PermissionsBoundary": _BOUNDARY,
            "Tags": _TAGS,
        },
        "UserDetailList": {
            "UserName": NAME,
            "Arn": NAME,
            "UserPolicyList": _INLINE,
            "GroupList": NAME,
            "AttachedManagedPolicies": _ATTACHED,
            "PermissionsBoundary": _BOUNDARY,
            "Tags": _TAGS,
        },
        "GroupDetailList": {
            "GroupName": NAME,
            "Arn": NAME,
            "GroupPolicyList": _INLINE,
            "AttachedManagedPolicies": _ATTACHED,
        },
        "Policies": {"PolicyName": NAME, "Arn": NAME, "DefaultVersionId": WORD, "PolicyVersionList": _VERSIONS},
    },
    # No limit is published; IAM is one service for all Regions, and others of the account use it too.
    Rate("iam", 5),
    "which identities there are and what they may do",
    Paging("Marker", "Marker", ("MaxItems", 1000), flag="IsTruncated"),
    things="lists of identities",
)


def walk(scope: Scope) -> None:
    """Read all identities."""
    scope.pages(DETAILS)


SERVICE = Service("iam", "global", (DETAILS,), walk)
