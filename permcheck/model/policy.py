"""A policy document as written, parsed once, and the places it is attached at."""

from collections.abc import Mapping
from enum import StrEnum

from permcheck.frozen import dataclass


class Effect(StrEnum):
    """Allow or Deny, as AWS spells them."""

    ALLOW = "Allow"
    DENY = "Deny"


_ALLOW = Effect.ALLOW  # asked of each statement many times; Python 3.11 takes its time to find a member


class PolicyKind(StrEnum):
    """The layer a policy speaks in; the words ``permcheck evaluate`` uses for ``denied_by``."""

    SCP = "scp"
    RCP = "rcp"
    RESOURCE = "resource_policy"
    IDENTITY = "identity_policy"
    BOUNDARY = "permissions_boundary"
    SESSION = "session_policy"


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator, one key, its values: ``{"StringEquals": {"aws:SourceAccount": ["1"]}}``.

    operator and key stand as written; values are strings. pointer is relative to the document.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class Principals:
    """A Principal or NotPrincipal element. ``everyone`` is ``"*"`` or ``{"AWS": "*"}``.

    bare holds strings that stood outside a map (AWS refuses them; they are read as ``{"AWS": …}``).
    """

    everyone: bool = False
    aws: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    federated: tuple[str, ...] = ()
    canonical: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement. Exactly one of actions / not_actions is set; at most one of each other pair.

    pointer is relative to the document (``/Statement/0``); variables says whether ``${…}`` is expanded.
    widened marks one that nobody wrote: it says what the statement of the same pointer may also mean, once values are
    known that are not known before deploy, and holds an open condition for that. partial marks that other one.
    """

    effect: Effect
    index: int
    pointer: str
    sid: str | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    principals: Principals | None = None
    not_principals: Principals | None = None
    conditions: tuple[Condition, ...] = ()
    variables: bool = True
    widened: bool = False
    partial: bool = False

    @property
    def is_allow(self) -> bool:
        """Whether the effect is Allow."""
        return self.effect is _ALLOW


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A parsed policy document. Equal texts share one Document, however many places attach it."""

    statements: tuple[Statement, ...]
    version: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A document in the place it was found.

    document is None when the policy exists but its text was not read; ``unread`` says why.
    name is what a person calls it (policy name, ``trust policy``, ``identity_policies/0``); managed ones have an arn.
    trust marks a role's trust policy (a resource policy in which AWS wants every Allow to be explicit).
    attached_to: ARN of the role, user, function or other resource that carries it, None for a loose document.
    loose marks a document that somebody keeps in a file of its own, as opposed to one that AWS gave back.
    places: pointers relative to the document → (source, pointer) of parts that are written elsewhere, as a template's
    are: whatever is below such a pointer is below that place. None where all of it stands below ``pointer``.
    other_versions: texts of a managed policy that are not in force, as far as the input has them.
    """

    kind: PolicyKind
    name: str
    source: str
    pointer: str
    document: Document | None
    arn: str | None = None
    unread: str | None = None
    attached_to: str | None = None
    trust: bool = False
    loose: bool = False
    places: Mapping[str, tuple[str, str]] | None = None
    other_versions: tuple[Document, ...] = ()

    def place(self, below: str = "") -> tuple[str, str]:
        """Source and pointer of a part of the document, by its pointer relative to the document."""
        here = below
        while self.places:
            found = self.places.get(here)
            if found is not None:
                return found[0], found[1] + below[len(here) :]
            if not here:
                break
            here = here.rpartition("/")[0]
        return self.source, self.pointer + below

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements, none where the text was not read."""
        return self.document.statements if self.document is not None else ()
