"""Which of the actions that are asked about one by one a caller's policies allow on anything: a first look, in bits."""

from functools import lru_cache

from permcheck.access import Subject
from permcheck.model.identity import Role, User
from permcheck.model.policy import Document
from permcheck.policy.action import action_matcher

ACTIONS = (
    "lambda:InvokeFunction",
    "lambda:CreateFunction",
    "lambda:CreateEventSourceMapping",
    "lambda:UpdateAlias",
    "lambda:UpdateEventSourceMapping",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:AddPermission",
    "lambda:PutResourcePolicy",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:PutUserPolicy",
    "iam:AttachUserPolicy",
    "iam:PutGroupPolicy",
    "iam:AttachGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutUserPermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:UpdateAssumeRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "sts:AssumeRole",
    "cognito-identity:SetIdentityPoolRoles",
    "cognito-identity:UpdateIdentityPool",
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminSetUserPassword",
    "cognito-idp:CreateGroup",
    "cognito-idp:CreateIdentityProvider",
    "cognito-idp:UpdateGroup",
)
_BIT = {action: 1 << number for number, action in enumerate(ACTIONS)}
KNOWN = frozenset(ACTIONS)
_ALL = (1 << len(ACTIONS)) - 1


class Mentions:
    """Worked out once for each document and once for each caller, whatever number of rules asks."""

    def __init__(self) -> None:
        self._patterns: dict[str, int] = {}
        self._lists: dict[tuple[str, ...], int] = {}
        self._documents: dict[Document, int] = {}
        self._callers: dict[str, int] = {}

    def any(self, caller: Role | User | Subject, actions: tuple[str, ...]) -> bool:
        """Whether some policy of the caller allows one of the actions (of ACTIONS) on anything, or was not read."""
        found = self.bits(caller)
        return bool(found and found & bits_of(actions))

    def bits(self, caller: Role | User | Subject) -> int:
        """Those of ACTIONS, by number, that some policy of the caller allows on anything; all where one is unread."""
        found = self._callers.get(caller.arn)
        if found is None:
            found = 0
            for policy in caller.policies:
                document = policy.document
                if document is None:
                    found = _ALL
                    break
                known = self._documents.get(document)
                found |= self._of(document) if known is None else known
            self._callers[caller.arn] = found
        return found

    def _of(self, document: Document) -> int:
        found = 0
        for statement in document.statements:
            if statement.is_allow:
                if statement.actions is not None:
                    found |= self._named(statement.actions)
                else:
                    found |= _ALL & ~self._named(statement.not_actions or ())
        self._documents[document] = found
        return found

    def _named(self, patterns: tuple[str, ...]) -> int:
        """Those of ACTIONS that one of the patterns names: many statements hold the same list."""
        found = self._lists.get(patterns)
        if found is None:
            found = 0
            for pattern in patterns:
                known = self._patterns.get(pattern)
                if known is None:
                    matches = action_matcher(pattern)
                    known = self._patterns[pattern] = bits_of(tuple(a for a in ACTIONS if matches(a)))
                found |= known
            self._lists[patterns] = found
        return found


@lru_cache(maxsize=1 << 8)
def bits_of(actions: tuple[str, ...]) -> int:
    """The set of these actions, as bits. Raises KeyError for one that is not among ACTIONS."""
    found = 0
    for action in actions:
        found |= _BIT[action]
    return found
