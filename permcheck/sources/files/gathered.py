"""Everything that has been read so far, by what it is about."""

from permcheck.model.function import EventSourceMapping
from permcheck.model.location import NotRead
from permcheck.model.policy import Policy
from permcheck.model.suppression import Suppression
from permcheck.sources.files.drafts import (
    Fragment,
    FunctionDraft,
    FunctionPolicyFragment,
    IdentityDraft,
    LooseDocument,
    ManagedDraft,
    Page,
    PoolDraft,
    VersionFragment,
)
from permcheck.sources.files.merging import disputed, merge_identity, merge_managed, newer
from permcheck.sources.files.organization_drafts import OrganizationDraft
from permcheck.sources.files.resource_drafts import ApiDraft, Call, Part, ResourceDraft, Tagged, UserPoolDraft
from permcheck.sources.files.shapes import last_part


class Gathered:
    """Drafts by ARN or id, parts whose owner is not known yet, and what could not be read."""

    def __init__(self) -> None:
        self.identities: dict[str, IdentityDraft] = {}
        self.managed: dict[str, ManagedDraft] = {}
        self.functions: dict[str, FunctionDraft] = {}
        self.mappings: dict[str, EventSourceMapping] = {}
        self.pools: dict[str, PoolDraft] = {}
        self.fragments: list[Fragment] = []
        self.versions: list[VersionFragment] = []
        self.function_policies: list[FunctionPolicyFragment] = []
        self.members: list[tuple[str, str, str, str]] = []  # user's ARN, group's name, source, pointer
        self.loose: list[LooseDocument] = []
        self.other_policies: list[Policy] = []  # of other services' resources
        self.pages: list[Page] = []
        self.not_read: list[NotRead] = []
        self.disputed: set[str] = set()  # names of what two files tell differently
        self.assumptions: set[str] = set()
        self.guardrails = False  # a store holds policies of an organization, which are not used
        self.passed_over: dict[str, int] = {}  # files of a store that are about other services
        self.resources: dict[str, ResourceDraft] = {}
        self.apis: dict[str, ApiDraft] = {}
        self.user_pools: dict[str, UserPoolDraft] = {}
        self.organization = OrganizationDraft()
        self.parts: list[Part] = []
        self.calls: list[Call] = []
        self.tagged: list[Tagged] = []
        self.suppressions: list[Suppression] = []
        self.declared = False
        # What is known beside the text itself, by whoever asked for it: what a source is about (an ARN or an id), which
        # partition, account and Region a folder of sources is of, and which calls were made and answered.
        self.owners: dict[str, str] = {}
        self.folders: dict[str, tuple[str, str, str]] = {}
        self.asked: set[str] = set()

    def identity(self, new: IdentityDraft) -> None:
        """Take in what one file says of a role, user or group."""
        old = self.identities.get(new.arn)
        if old is None:
            self.identities[new.arn] = new
            return
        earlier = old.source
        self.differs(new.arn, earlier, new.source, new.pointer, merge_identity(old, new), unknown=True)

    def managed_policy(self, new: ManagedDraft) -> None:
        """Take in what one file says of a managed policy."""
        old = self.managed.get(new.arn)
        if old is None:
            self.managed[new.arn] = new
            return
        earlier = old.source
        self.differs(new.arn, earlier, new.source, new.pointer, merge_managed(old, new), unknown=True)

    def function(self, arn: str, source: str, pointer: str) -> FunctionDraft:
        """The draft of a function by its unqualified ARN, made where there is none."""
        known = self.functions.get(arn)
        if known is None:
            known = self.functions[arn] = FunctionDraft(arn, arn.rsplit(":", 1)[-1], source, pointer)
        return known

    def function_policy(self, arn: str, qualifier: str, policy: Policy) -> None:
        """Put a policy on a function under one name."""
        draft = self.function(arn, policy.source, policy.pointer).qualifier(qualifier, policy.source, policy.pointer)
        draft.policy = self._counting(draft.policy, policy, policy.attached_to or arn, "function policy")

    def _counting(self, earlier: Policy | None, policy: Policy, name: str, what: str) -> Policy:
        """The one of two policies that counts: one that was captured before one that stood alone, else the later."""
        if earlier is None:
            return policy
        if policy.loose and not earlier.loose and earlier.document is not None:
            if newer(earlier, policy)[1]:
                self.left_out(policy, earlier)
            return earlier
        if earlier.loose and not policy.loose and policy.document is not None:
            if newer(policy, earlier)[1]:
                self.left_out(earlier, policy)
            return policy
        if name in self.disputed:
            return earlier
        chosen, differs = newer(earlier, policy)
        if differs:
            self.disputed.add(name)
            told = self.differs(name, earlier.source, policy.source, policy.pointer, [what], unknown=True)
            return disputed(policy, told)
        return chosen or policy

    def left_out(self, loose: Policy, own: Policy) -> None:
        """Say that a loose document is not used, because the thing's own policy is in view and differs."""
        self.not_read.append(
            NotRead(
                loose.source,
                f"{loose.attached_to} has another policy, in {own.source}",
                f"this document is not used: the one in {own.source} is",
                loose.pointer,
                arn=loose.attached_to,
            )
        )

    def differs(
        self, name: str, earlier: str, source: str, pointer: str, differing: list[str], *, unknown: bool = False
    ) -> str:
        """Say that two files tell the same thing differently, and neither its date; returns what is said.

        unknown: what differs counts as not read; else what the later file says is used.
        """
        error = f"{earlier} tells {name} differently: {', '.join(differing)}"
        if differing:
            effect = "which of the two holds is unknown" if unknown else f"what {source} says is used"
            self.not_read.append(NotRead(source, error, effect, pointer, arn=name, shown=unknown))
        return error

    def pool(self, pool_id: str, source: str, pointer: str) -> PoolDraft:
        """The draft of an identity pool, made where there is none."""
        known = self.pools.get(pool_id)
        if known is None:
            known = self.pools[pool_id] = PoolDraft(pool_id, source, pointer)
        return known

    def resource(self, arn: str, source: str, pointer: str, *, told: bool = False) -> ResourceDraft:
        """The draft of a resource by ARN, made where there is none. told: this place describes it."""
        known = self.resources.get(arn)
        if known is None:
            known = self.resources[arn] = ResourceDraft(arn, arn.split(":")[2], source, pointer, told)
        elif told and not known.told:
            known.source, known.pointer, known.told = source, pointer, True
        return known

    def resource_policy(self, arn: str, policy: Policy) -> None:
        """Put a resource policy on a resource."""
        draft = self.resource(arn, policy.source, policy.pointer, told=True)
        draft.policy = self._counting(draft.policy, policy, arn, "resource policy")
        draft.policy_read = True

    def api(self, api_id: str, kind: str, source: str, pointer: str) -> ApiDraft:
        """The draft of an API by id, made where there is none. kind: V2 where only the generation is told."""
        known = self.apis.get(api_id)
        if known is None:
            known = self.apis[api_id] = ApiDraft(api_id, kind, source, pointer)
        elif known.kind == "V2":
            known.kind = kind
        return known

    def user_pool(self, pool_id: str, source: str, pointer: str) -> UserPoolDraft:
        """The draft of a user pool by id, made where there is none."""
        known = self.user_pools.get(pool_id)
        if known is None:
            known = self.user_pools[pool_id] = UserPoolDraft(pool_id, source, pointer)
        return known


def named(arn: str) -> str:
    """What a person calls the thing an ARN stands for."""
    return last_part(arn) if "/" in arn else arn.rsplit(":", 1)[-1]
