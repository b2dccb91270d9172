"""Which of the actions that rules ask about one by one a caller's policies allow on anything: a first look, in bits."""

from functools import lru_cache

from permcheck.access import Subject
from permcheck.model.identity import Role, User
from permcheck.model.policy import Document, Statement
from permcheck.policy.matching import naming

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
_SERVICES = frozenset(action.partition(":")[0] for action in ACTIONS)
_BIT = {action: 1 << number for number, action in enumerate(ACTIONS)}
KNOWN = frozenset(ACTIONS)
_ALL = (1 << len(ACTIONS)) - 1


class Mentions:
    """Worked out once for each document and once for each caller, whatever number of rules asks."""

    def __init__(self) -> None:
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
                found |= self._of(policy.document) if policy.document is not None else _ALL
            self._callers[caller.arn] = found
        return found

    def _of(self, document: Document) -> int:
        found = self._documents.get(document)
        if found is None:
            found = 0
            if any(_of_these_services(s) for s in document.statements):
                for number, action in enumerate(ACTIONS):
                    if any(s.is_allow for s in naming(document, action)):
                        found |= 1 << number
            self._documents[document] = found
        return found


def _of_these_services(statement: Statement) -> bool:
    """Whether an Allow may name an action of the services asked about; most name others."""
    if not statement.is_allow or statement.actions is None:
        return statement.is_allow
    for pattern in statement.actions:
        service = pattern.partition(":")[0].lower()
        if service in _SERVICES or "*" in service or "?" in service:
            return True
    return False


@lru_cache(maxsize=1 << 8)
def bits_of(actions: tuple[str, ...]) -> int:
    """The set of these actions, as bits. Raises KeyError for one that is not among ACTIONS."""
    found = 0
    for action in actions:
        found |= _BIT[action]
    return found
