"""Everything that has been read so far, by what it is about."""

from permcheck.model.function import EventSourceMapping
from permcheck.model.location import NotRead
from permcheck.model.policy import Policy
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
from permcheck.sources.files.merging import merge_identity, merge_managed, newer
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
        self.assumptions: set[str] = set()
        self.guardrails = False  # an organization's policies are in the input, though not used
        self.passed_over: dict[str, int] = {}  # files of a store that are about other services

    def identity(self, new: IdentityDraft) -> None:
        """Take in what one file says of a role, user or group."""
        old = self.identities.get(new.arn)
        if old is None:
            self.identities[new.arn] = new
            return
        earlier = old.source
        self.differs(new.arn, earlier, new.source, new.pointer, merge_identity(old, new))

    def managed_policy(self, new: ManagedDraft) -> None:
        """Take in what one file says of a managed policy."""
        old = self.managed.get(new.arn)
        if old is None:
            self.managed[new.arn] = new
            return
        earlier = old.source
        self.differs(new.arn, earlier, new.source, new.pointer, merge_managed(old, new))

    def function(self, arn: str, source: str, pointer: str) -> FunctionDraft:
        """The draft of a function by its unqualified ARN, made where there is none."""
        known = self.functions.get(arn)
        if known is None:
            known = self.functions[arn] = FunctionDraft(arn, arn.rsplit(":", 1)[-1], source, pointer)
        return known

    def function_policy(self, arn: str, qualifier: str, policy: Policy) -> None:
        """Put a policy on a function under one name. One that was captured counts before one that stood alone."""
        draft = self.function(arn, policy.source, policy.pointer).qualifier(qualifier, policy.source, policy.pointer)
        earlier = draft.policy
        if policy.loose and earlier is not None and not earlier.loose and earlier.document is not None:
            if newer(earlier, policy)[1]:
                self.left_out(policy, earlier)
            return
        if earlier is not None and earlier.loose and not policy.loose and policy.document is not None:
            if newer(policy, earlier)[1]:
                self.left_out(earlier, policy)
            draft.policy = policy
            return
        draft.policy, differs = newer(earlier, policy)
        if differs and earlier is not None:
            name = policy.attached_to or arn
            self.differs(name, earlier.source, policy.source, policy.pointer, ["function policy"])

    def left_out(self, loose: Policy, own: Policy) -> None:
        """Say that a loose document is not used, because the function's own policy is in view and differs."""
        self.not_read.append(
            NotRead(
                loose.source,
                f"{loose.attached_to} has another policy, in {own.source}",
                f"this document is not used: the one in {own.source} is",
                loose.pointer,
                arn=loose.attached_to,
            )
        )

    def differs(self, name: str, earlier: str, source: str, pointer: str, differing: list[str]) -> None:
        """Say that two files tell the same thing differently; the later one counts."""
        if differing:
            what = ", ".join(differing)
            error = f"{earlier} tells {name} differently: {what}"
            self.not_read.append(NotRead(source, error, f"what {source} says is used", pointer, arn=name))

    def pool(self, pool_id: str, source: str, pointer: str) -> PoolDraft:
        """The draft of an identity pool, made where there is none."""
        known = self.pools.get(pool_id)
        if known is None:
            known = self.pools[pool_id] = PoolDraft(pool_id, source, pointer)
        return known


def named(arn: str) -> str:
    """What a person calls the thing an ARN stands for."""
    return last_part(arn) if "/" in arn else arn.rsplit(":", 1)[-1]
