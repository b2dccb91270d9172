"""Who asks: the caller of one request, and how it fits a Principal element.

IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

import re
from enum import IntEnum, StrEnum

from permcheck.errors import PermcheckError
from permcheck.frozen import dataclass
from permcheck.model.policy import Principals
from permcheck.policy import arn as arns
from permcheck.policy.condition import Match

_ACCOUNT = re.compile(r"\d{12}")
_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com|amazon\.com|amazonaws\.com\.cn|aws\.internal)", re.IGNORECASE)


class CallerKind(StrEnum):
    """What a caller is to the decision."""

    USER = "user"
    ROLE = "role"  # a session of a role whose session name is not told
    SESSION = "session"
    ROOT = "root"  # an account as a whole: its root user, or its administrator
    FEDERATED_USER = "federated_user"
    WEB_IDENTITY = "web_identity"  # somebody an identity provider vouches for, before a role is taken
    SERVICE = "service"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller. name is its ARN, service principal, provider or ``*``; account is empty where it has none.

    role: ARN of the role behind a session, as far as known (session ARNs drop the role's path).
    role_exact: whether that ARN is known to the letter. session_open: whether the caller chooses the session name.
    """

    kind: CallerKind
    name: str
    account: str = ""
    role: str = ""
    role_exact: bool = True
    session_open: bool = False

    @property
    def has_identity_policies(self) -> bool:
        """Whether identity policies, boundary and SCPs bear on this caller at all."""
        return self.kind in _WITH_POLICIES

    @property
    def service_linked(self) -> bool:
        """Whether this is a service-linked role: neither SCPs nor RCPs reach it (Organizations, "SCPs", "RCPs")."""
        return "/aws-service-role/" in self.role or arns.last_part(self.role).startswith("AWSServiceRoleFor")


_WITH_POLICIES = frozenset(
    (CallerKind.USER, CallerKind.ROLE, CallerKind.SESSION, CallerKind.FEDERATED_USER, CallerKind.ROOT)
)


def parse_caller(principal: object, principal_arn: str | None = None, open_session: bool = False) -> Caller:
    """The caller a request names. principal_arn: the request's aws:PrincipalArn, which keeps a role's path.

    Raises PermcheckError for something that is no principal.
    """
    if isinstance(principal, dict) and set(principal) == {"federated"} and isinstance(principal["federated"], str):
        return Caller(CallerKind.WEB_IDENTITY, principal["federated"])
    if not isinstance(principal, str):
        raise PermcheckError('principal is a string or {"federated": provider}')
    if principal == "*":
        return Caller(CallerKind.ANONYMOUS, "*")
    if _ACCOUNT.fullmatch(principal):
        return Caller(CallerKind.ROOT, f"arn:aws:iam::{principal}:root", principal)
    arn = arns.split(principal)
    if arn is None:
        if _SERVICE.fullmatch(principal):
            return Caller(CallerKind.SERVICE, principal)
        raise PermcheckError(f"principal {principal[:80]!r} is no ARN, account id, service principal or *")
    kind, _, rest = arn.resource.partition("/")
    if arn.service == "iam" and arn.resource == "root":
        return Caller(CallerKind.ROOT, principal, arn.account)
    if arn.service == "iam" and kind == "user" and rest:
        return Caller(CallerKind.USER, principal, arn.account)
    if arn.service == "iam" and kind == "role" and rest:
        return Caller(CallerKind.ROLE, principal, arn.account, principal, session_open=open_session)
    if arn.service == "iam" and kind in ("oidc-provider", "saml-provider"):
        return Caller(CallerKind.WEB_IDENTITY, principal)
    if arn.service == "sts" and kind == "federated-user" and rest:
        return Caller(CallerKind.FEDERATED_USER, principal, arn.account)
    if arn.service == "sts" and kind == "assumed-role" and "/" in rest:
        name = rest.partition("/")[0]
        known = bool(principal_arn) and arns.last_part(principal_arn or "") == name
        role = principal_arn if known and principal_arn else f"arn:{arn.partition}:iam::{arn.account}:role/{name}"
        return Caller(CallerKind.SESSION, principal, arn.account, role, role_exact=known)
    raise PermcheckError(f"principal {principal[:80]!r} is no user, role, session or root ARN")


class Grant(IntEnum):
    """What naming the caller in a resource policy's Allow is worth within one account.

    From "Policy evaluation logic", "Permissions boundaries" and "Principal": an account only delegates to identity
    policies; a role ARN replaces them but boundary and session policy still limit; a user ARN, a session ARN and ``*``
    are limited by neither.
    """

    NONE = 0
    ACCOUNT = 1
    ROLE = 2
    FULL = 3


def named_by(principals: Principals, caller: Caller) -> list[tuple[Grant, Match, str]]:
    """Every way the Principal element names the caller: (worth, certainty, session name it asks for or empty)."""
    if principals.everyone:
        return [(Grant.FULL, Match.YES, "")]
    kind = caller.kind
    if kind is CallerKind.SERVICE:
        hit = caller.name.lower() in (s.lower() for s in principals.service)
        return [(Grant.FULL, Match.YES, "")] if hit else []
    if kind is CallerKind.WEB_IDENTITY:
        return [(Grant.FULL, Match.YES, "")] if caller.name in principals.federated else []
    if kind is CallerKind.ANONYMOUS:
        return []
    return [found for entry in principals.aws if (found := _entry(entry, caller))[0] is not Grant.NONE]


def _entry(entry: str, caller: Caller) -> tuple[Grant, Match, str]:
    if is_account(entry):
        same = account_in(entry) == caller.account
        return (Grant.ACCOUNT if same else Grant.NONE), Match.YES, ""
    if entry == caller.name:
        return (Grant.ROLE if caller.kind is CallerKind.ROLE else Grant.FULL), Match.YES, ""
    if caller.kind is CallerKind.SESSION and _same_role(entry, caller):
        return Grant.ROLE, Match.YES, ""
    if caller.kind is CallerKind.FEDERATED_USER and _same_user(entry, caller):
        return Grant.ROLE, Match.YES, ""
    if caller.kind is CallerKind.ROLE and caller.session_open:
        session = session_of(entry, caller)
        if session:
            return Grant.FULL, Match.MAYBE, session
    return Grant.NONE, Match.NO, ""


def is_account(entry: str) -> bool:
    """Whether a principal entry names a whole account (12 digits or its root ARN)."""
    return bool(_ACCOUNT.fullmatch(entry)) or (entry.endswith(":root") and entry.startswith("arn:"))


def account_in(entry: str) -> str:
    """The account a principal entry belongs to, empty where it tells none."""
    return entry if _ACCOUNT.fullmatch(entry) else arns.account_of(entry)


def session_of(entry: str, caller: Caller) -> str:
    """The session name, where the entry is a session ARN of the caller's role."""
    arn = arns.split(entry)
    if arn is None or arn.service != "sts" or arn.account != caller.account:
        return ""
    kind, _, rest = arn.resource.partition("/")
    name, _, session = rest.partition("/")
    return session if kind == "assumed-role" and name == arns.last_part(caller.role) else ""


def _same_role(entry: str, caller: Caller) -> bool:
    """Role names are unique in an account whatever their path, and a session ARN has lost the path."""
    if caller.role_exact or entry == caller.role:
        return entry == caller.role
    arn = arns.split(entry)
    return (
        arn is not None
        and (arn.partition, arn.service) == (arns.partition_of(caller.name), "iam")
        and arn.account == caller.account
        and arn.resource.startswith("role/")
        and arns.last_part(entry) == arns.last_part(caller.role)
    )


def _same_user(entry: str, caller: Caller) -> bool:
    """The user that asked for the federated session, as far as its ARN tells: the one whose name the session has.

    Naming that user grants to the session too, under boundary and session policies ("Permissions boundaries").
    """
    arn = arns.split(entry)
    return (
        arn is not None
        and (arn.partition, arn.service) == (arns.partition_of(caller.name), "iam")
        and arn.account == caller.account
        and arn.resource.startswith("user/")
        and arns.last_part(entry) == arns.last_part(caller.name)
    )


def exempt(principals: Principals, caller: Caller, allow: bool, bounded: bool) -> bool:
    """Whether NotPrincipal leaves this caller out.

    Under Deny AWS checks the account, then the user or role, then the session ("NotPrincipal"). Its page asks for the
    account beside the user, and for the account and the role where a role is meant: that leaves out the role's
    sessions, whatever their names, unless the list picks some of them by name. A caller with a permissions boundary is
    never left out. Under Allow (unsupported, but seen) it is enough to be named in one way.
    """
    if bounded and not allow:
        return False
    if principals.everyone:
        return True
    if not caller.has_identity_policies:
        return bool(named_by(principals, caller))
    found = {grant for grant, match, _ in named_by(principals, caller) if match is Match.YES}
    if allow:
        return bool(found)
    if caller.kind is CallerKind.ROOT:
        return Grant.ACCOUNT in found or Grant.FULL in found
    listed = Grant.ACCOUNT in found
    if caller.kind is CallerKind.SESSION:
        picked = any(session_of(entry, caller) for entry in principals.aws)
        return listed and Grant.ROLE in found and (Grant.FULL in found or not picked)
    return listed and bool(found - {Grant.ACCOUNT})
