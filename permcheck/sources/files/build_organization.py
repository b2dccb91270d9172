"""What was gathered of an organization → the levels of control policies over every account in view."""

from collections.abc import Iterator

from permcheck.model.location import NotRead
from permcheck.model.organization import Levels, Organization
from permcheck.model.policy import Policy
from permcheck.sources.files.accounts import NOWHERE
from permcheck.sources.files.control_levels import DEFAULT, KINDS, SHORT, ControlLevels
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.organization_drafts import RCP, SCP


class Organized:
    """The organization, as far as it bears on these accounts.

    organization: None where nothing tells of one. policies: those whose text is in view. traced: types that are in use.
    """

    def __init__(self, gathered: Gathered, accounts: set[str]) -> None:
        self._gathered = gathered
        self._draft = gathered.organization
        self._kinds = {kind: ControlLevels(gathered, kind) for kind in KINDS}
        self.policies: list[Policy] = [p for levels in self._kinds.values() for p in levels.policies()]
        self.traced = {kind for kind, levels in self._kinds.items() if levels.traced}
        members = sorted(account for account in accounts if self._member(account))
        self.organization = self._organization(members)

    def _member(self, account: str) -> bool:
        """Whether control policies bear on an account: the management account and strangers have none over them."""
        draft = self._draft
        if account in ("", NOWHERE[1], draft.management_account):
            return False
        return not draft.accounts_listed or account in draft.accounts or account in draft.parents

    def _organization(self, members: list[str]) -> Organization | None:
        draft = self._draft
        if not (draft.id or draft.policies or draft.hangs or draft.parents or draft.roots or draft.accounts):
            return None
        return Organization(draft.id, draft.management_account, self._over(SCP, members), self._over(RCP, members))

    def _over(self, kind: str, members: list[str]) -> dict[str, Levels]:
        levels = self._kinds[kind]
        return {account: levels.above(account) for account in members} if levels.traced else {}

    def gaps(self) -> Iterator[NotRead]:
        """What is missing of the levels, once for each thing it is missing for."""
        for levels in self._kinds.values():
            for gap in levels.gaps.values():
                source, pointer = gap.place
                yield NotRead(source, gap.error, gap.effect, pointer, api=gap.api)

    def assumptions(self) -> Iterator[str]:
        """What is taken for granted of control policies."""
        for kind in (SCP, RCP):
            if self._draft.enabled.get(kind) is False:
                yield f"The organization does not use {SHORT[kind]}: none are applied."
            elif kind not in self.traced and not self._gathered.guardrails:
                yield f"No {SHORT[kind]} were given: none are applied."
            elif self._kinds[kind].default_taken:
                yield f"Where {DEFAULT[kind].removeprefix('p-')} hangs was not given: it is taken to hang everywhere."
