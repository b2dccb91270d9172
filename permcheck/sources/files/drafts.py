"""What the files said so far, before it is joined: mutable, one draft for each thing that was named."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from permcheck.model.function import Destination, FunctionUrl, Layer
from permcheck.model.policy import Document, Policy
from permcheck.model.pool import PoolProvider, PoolRole, RoleMapping, TagMap


@dataclass(slots=True)
class Attachment:
    """A managed policy by ARN, and the place that says it is attached (or bounds somebody)."""

    arn: str
    source: str
    pointer: str


@dataclass(slots=True)
class IdentityDraft:
    """One role, user or group as the files tell it; kind is ``role``, ``user`` or ``group``.

    told: some file says which policies it has. complete: one file says so for all of them.
    boundary_told, tags: whether the kind of output carries them at all (``list-roles`` does not).
    disputed: what two files tell differently (``trust policy``, ``tags`` …), with what stands in for it.
    only_listed: the operation that lists it without its boundary, with the place, where one does.
    groups: names of a user's groups, with the place that names each.
    """

    kind: str
    arn: str
    name: str
    source: str
    pointer: str
    trust: Policy | None = None
    inline: dict[str, Policy] = field(default_factory=dict)
    attached: dict[str, Attachment] = field(default_factory=dict)
    unread: list[Policy] = field(default_factory=list)
    boundary: Attachment | None = None
    unread_boundary: Policy | None = None
    boundary_told: bool = False
    only_listed: tuple[str, str, str] | None = None
    tags: Mapping[str, str] | None = None
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: bool = False
    complete: bool = False
    service_linked: bool = False
    loose: bool = False
    disputed: set[str] = field(default_factory=set)
    disputed_policies: list[Policy] = field(default_factory=list)
    disputed_boundary: Policy | None = None


@dataclass(slots=True)
class PolicyText:
    """One policy document where it stands; unread says why there is none. places: as of a Policy."""

    document: Document | None
    unread: str | None
    source: str
    pointer: str
    places: Mapping[str, tuple[str, str]] | None = None


@dataclass(slots=True)
class ManagedDraft:
    """A managed policy. texts: by version id; default: the id of the version in force, None when not told.

    updated: UpdateDate. disputed: what two files tell differently.
    """

    arn: str
    source: str
    pointer: str
    default: str | None = None
    texts: dict[str, PolicyText] = field(default_factory=dict)
    updated: str | None = None
    disputed: set[str] = field(default_factory=set)


@dataclass(slots=True)
class QualifierDraft:
    """What is known of a function under one name: ``""``, a version or an alias."""

    name: str
    source: str
    pointer: str
    policy: Policy | None = None
    url: FunctionUrl | None = None
    version: str | None = None
    role: str | None = None


@dataclass(slots=True)
class FunctionDraft:
    """A function by its unqualified ARN. listed: some output describes it."""

    arn: str
    name: str
    source: str
    pointer: str
    role: str | None = None
    layers: tuple[Layer, ...] = ()
    tags: Mapping[str, str] | None = None
    listed: bool = False
    qualifiers: dict[str, QualifierDraft] = field(default_factory=dict)
    destinations: dict[tuple[str, str], Destination] = field(default_factory=dict)
    code_signing: str | None = None
    holds_key: bool = False
    urls_told: bool = False
    modified: str | None = None
    disputed: bool = False

    def qualifier(self, name: str, source: str, pointer: str) -> QualifierDraft:
        """The draft of one qualifier, made where there is none."""
        known = self.qualifiers.get(name)
        if known is None:
            known = self.qualifiers[name] = QualifierDraft(name, source, pointer)
        return known


@dataclass(slots=True)
class PoolDraft:
    """An identity pool by its id."""

    id: str
    source: str
    pointer: str
    name: str = ""
    guests: bool | None = None
    classic_flow: bool | None = None
    roles: tuple[PoolRole, ...] | None = None
    described: bool = False
    providers: tuple[PoolProvider, ...] = ()
    other_logins: tuple[str, ...] = ()
    mappings: tuple[RoleMapping, ...] = ()
    tag_maps: dict[str, TagMap] = field(default_factory=dict)
    account: str = ""


@dataclass(slots=True)
class Fragment:
    """A part of an identity whose owner is told by name, or by the file's name alone.

    kind: of the owner, "" when not told. owner: its name, "" when not told. At most one of the others is set:
    inline (policy name and text), names (of inline policies without text), attached, tags, groups; or damage, the
    reason why a file that speaks of the owner could not be read. more: the member that says another page follows.
    """

    kind: str
    owner: str
    source: str
    pointer: str
    inline: tuple[str, PolicyText] | None = None
    names: tuple[tuple[str, str], ...] | None = None
    attached: tuple[Attachment, ...] | None = None
    tags: Mapping[str, str] | None = None
    groups: tuple[tuple[str, str], ...] | None = None
    damage: str = ""
    more: str = ""


@dataclass(slots=True)
class VersionFragment:
    """A version of a managed policy whose output does not say of which (``get-policy-version``)."""

    version: str
    is_default: bool
    text: PolicyText


@dataclass(slots=True)
class FunctionPolicyFragment:
    """A function's policy that does not tell the function exactly: by patterns, or by the file's name alone.

    loose: the document stood on its own, so that it may be on every function it names.
    """

    text: PolicyText
    patterns: tuple[str, ...] = ()
    loose: bool = False


@dataclass(slots=True)
class LooseDocument:
    """A policy document on its own: an identity policy, a trust policy or another service's resource policy."""

    kind: str
    text: PolicyText


@dataclass(slots=True)
class Page:
    """One page of a listing. listing: what is listed and whose, the same for all pages of one listing."""

    listing: tuple[str, str]
    more: str
    source: str
    pointer: str
    effect: str
