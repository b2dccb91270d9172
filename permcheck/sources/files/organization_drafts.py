"""What the files said so far of an organization: its tree, its control policies and where they hang."""

from dataclasses import dataclass, field

from permcheck.sources.files.drafts import PolicyText

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
Place = tuple[str, str]  # source, pointer


@dataclass(slots=True)
class ControlDraft:
    """A service or resource control policy by its id. text: None while no file brings it."""

    id: str
    kind: str
    name: str
    source: str
    pointer: str
    arn: str | None = None
    text: PolicyText | None = None


@dataclass(slots=True)
class OrganizationDraft:
    """An organization. Targets are accounts, organizational units and roots, by id.

    hangs: target → policy id → the place that says so. targets_told: (target, policy type) of which all policies are
    listed. policies_told: ids of policies of which all targets are listed.
    parents: account or unit → the unit or root above it. roots: id → the place that names it.
    enabled: policy types → whether they are in force below the root, where an output tells.
    """

    id: str | None = None
    management_account: str | None = None
    policies: dict[str, ControlDraft] = field(default_factory=dict)
    hangs: dict[str, dict[str, Place]] = field(default_factory=dict)
    targets_told: set[tuple[str, str]] = field(default_factory=set)
    policies_told: set[str] = field(default_factory=set)
    parents: dict[str, str] = field(default_factory=dict)
    roots: dict[str, Place] = field(default_factory=dict)
    accounts: dict[str, Place] = field(default_factory=dict)
    accounts_listed: bool = False
    enabled: dict[str, bool] = field(default_factory=dict)
