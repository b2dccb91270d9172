"""Which control policies hang above one account, level by level, as far as the input tells."""

from collections.abc import Iterator
from typing import NamedTuple

from permcheck.model.organization import Levels
from permcheck.model.policy import Policy, PolicyKind
from permcheck.policy.parse import parse_document
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.organization_drafts import RCP, SCP, ControlDraft, Place
from permcheck.sources.files.pages import unended

KINDS = {SCP: PolicyKind.SCP, RCP: PolicyKind.RCP}
SHORT = {SCP: "service control policies", RCP: "resource control policies"}
# AWS hangs these on every root, unit and account; the first may be taken off, the second may not (Organizations User
# Guide, "SCP syntax", "RCP evaluation"). Their texts never change.
DEFAULT = {SCP: "p-FullAWSAccess", RCP: "p-RCPFullAWSAccess"}
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_EVERYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}


class Gap(NamedTuple):
    """A level that is not told, or told in part. place: where the thing is named that it is missing for."""

    error: str
    effect: str
    place: Place
    api: str


class ControlLevels:
    """The control policies of one type. gaps: what was found missing, by what it is missing for."""

    def __init__(self, gathered: Gathered, kind: str) -> None:
        self.kind = kind
        self.gaps: dict[str, Gap] = {}
        self.default_taken = False
        self._draft = gathered.organization
        open_ended = unended(gathered.pages)
        self._cut_targets = {scope for operation, scope in open_ended if operation == "organizations list-policies"}
        self._cut_policies = {scope for operation, scope in open_ended if operation == "list-targets-for-policy"}
        # Without a listing of all of them, a policy that nothing in view names may hang anywhere.
        listing = ("organizations list-policies", kind)
        self._listed = listing not in open_ended and any(page.listing == listing for page in gathered.pages)
        self._own = {own: draft for own, draft in self._draft.policies.items() if draft.kind == kind}
        self._made: dict[str, Policy] = {}

    @property
    def traced(self) -> bool:
        """Whether the input shows that there are policies of this type, in force."""
        said = self._draft.enabled.get(self.kind)
        return said is not False and (said is True or bool(self._own))

    def policies(self) -> Iterator[Policy]:
        """Every policy of this type whose text is in view, wherever it hangs."""
        for own in sorted(self._own):
            if self._own[own].text is not None:
                yield self._policy(own)

    def above(self, account: str) -> Levels:
        """The levels over an account, root first, its own last."""
        chain = self._chain(account)
        levels = [self._level(target) for target in chain]
        if not chain[0].startswith("r-"):
            levels = [*self._top(chain[0], account, set(chain)), *levels]
        return tuple(levels)

    def _chain(self, account: str) -> list[str]:
        """From the highest id that is told down to the account."""
        chain = [account]
        while (above := self._draft.parents.get(chain[0])) is not None and above not in chain:
            chain.insert(0, above)
        return chain

    def _top(self, stuck: str, account: str, below: set[str]) -> Iterator[tuple[Policy, ...]]:
        """What hangs above a chain that breaks off: the root, which is above everything, and units nobody knows of."""
        root = self._root()
        if root is not None:
            yield self._level(root)
        elsewhere = {t for t, hung in self._draft.hangs.items() if t.startswith("ou-") and self._ours(hung)}
        if root is not None and self._all_told() and not elsewhere - below:
            return  # wherever the account is, no unit above it carries a policy
        what = "unit" if stuck.startswith("ou-") else "account"
        error = f"the parent of the {what} {stuck} is not told, so what hangs above it cannot be"
        effect = f"what {SHORT[self.kind]} deny in the account {account} is unknown"
        self._gap(f"{stuck}/{account}", error, effect, stuck, "organizations:ListParents")
        yield (self._unread(f"{SHORT[self.kind]} above {stuck}", error, self._place(stuck)),)

    def _root(self) -> str | None:
        """The organization has one root; it is also known from being named as a parent or a target."""
        known = {*self._draft.roots, *self._draft.parents.values(), *self._draft.hangs}
        roots = {each for each in known if each.startswith("r-")}
        return min(roots) if len(roots) == 1 else None

    def _ours(self, hung: dict[str, Place]) -> list[str]:
        return [own for own in hung if own in self._own or own not in self._draft.policies]

    def _all_told(self) -> bool:
        """Whether all policies of this type are listed, and the targets of each, AWS's own aside."""
        own = [each for each in self._own if each != DEFAULT[self.kind]]
        return self._listed and all(each in self._draft.policies_told - self._cut_policies for each in own)

    def _level(self, target: str) -> tuple[Policy, ...]:
        hung = self._draft.hangs.get(target, {})
        found = [own for own in sorted(hung) if own in self._own]
        if (target, self.kind) in self._draft.targets_told and target not in self._cut_targets:
            return tuple(self._policy(own) for own in found)
        default = DEFAULT[self.kind]
        if self._all_told():
            if default not in found and default not in self._draft.policies_told:
                self.default_taken = True
                return tuple(self._policy(own) for own in (*found, default))
            if found:
                return tuple(self._policy(own) for own in found)
        error = f"which {SHORT[self.kind]} hang on {target} is not told"
        effect = f"what they deny in the accounts of {target} is unknown"
        self._gap(target, error, effect, target, "organizations:ListPoliciesForTarget")
        return (
            *(self._policy(own) for own in found),
            self._unread(f"{SHORT[self.kind]} on {target}", error, self._place(target)),
        )

    def _policy(self, own: str) -> Policy:
        made = self._made.get(own)
        if made is None:
            made = self._made[own] = self._make(own)
        return made

    def _make(self, own: str) -> Policy:
        kind, draft = KINDS[self.kind], self._own.get(own)
        if draft is not None and draft.text is not None:
            text = draft.text
            return Policy(kind, draft.name, text.source, text.pointer, text.document, draft.arn, text.unread)
        if own == DEFAULT[self.kind]:
            document = parse_document(_EVERYTHING if self.kind == SCP else _EVERYBODY)
            # Its text stands in no file; like other policies of AWS it is shown by its ARN.
            arn = f"arn:aws:organizations::aws:policy/{self.kind.lower()}/{own}"
            return Policy(kind, own.removeprefix("p-"), arn, "", document, arn)
        assert draft is not None, own
        return self._textless(draft)

    def _textless(self, draft: ControlDraft) -> Policy:
        error = f"the text of the policy {draft.name} ({draft.id}) is not in view"
        self.gaps[draft.id] = Gap(
            error, f"what {draft.name} denies is unknown", (draft.source, draft.pointer), "organizations:DescribePolicy"
        )
        return Policy(KINDS[self.kind], draft.name, draft.source, draft.pointer, None, draft.arn, error)

    def _unread(self, name: str, error: str, place: Place) -> Policy:
        return Policy(KINDS[self.kind], name, *place, None, None, error)

    def _gap(self, key: str, error: str, effect: str, target: str, api: str) -> None:
        self.gaps.setdefault(key, Gap(error, effect, self._place(target), api))

    def _place(self, target: str) -> Place:
        """A place that names a target, else one that shows there are policies of this type."""
        draft = self._draft
        for places in (draft.accounts, draft.roots):
            if target in places:
                return places[target]
        hung = draft.hangs.get(target)
        if hung:
            return hung[min(hung)]
        if self._own:
            first = self._own[min(self._own)]
            return first.source, first.pointer
        return min(draft.roots.values())
