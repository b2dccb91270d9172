"""From options to a scan: whose account it is, which accounts and Regions are read, and where the answers are kept."""

import os
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from permcheck.errors import UsageError
from permcheck.frozen import dataclass
from permcheck.sources.live.asking import Progress
from permcheck.sources.live.clients import Access, Clients, Identity
from permcheck.sources.live.limits import Limiter
from permcheck.sources.live.services import chosen
from permcheck.sources.live.take import Taken, take
from permcheck.sources.live.work import Work
from permcheck.sources.snapshot.files import JOURNAL, JournalFile, Unfinished, read
from permcheck.sources.snapshot.snapshot import Asked, Snapshot

ALL = "all"
_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/.+")
_EXTERNAL = re.compile(r"[\w+=,.@:/-]{2,1224}")  # STS API Reference, "AssumeRole", ExternalId
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for. roles: ARNs of the roles to read other accounts with; organization: the name of
    one that is in every account of it. resume: a snapshot or a journal to go on with. tool: name and version of the
    program, for the snapshot and for AWS's own logs."""

    regions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    organization: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    concurrency: int = 10
    resume: str | None = None
    tool: str = "permcheck"


class Scan:
    """A scan about to begin. identity: whose credentials it begins with."""

    def __init__(self, access: Access, wanted: Wanted, keep: str | None) -> None:
        """keep: the file that the snapshot goes to, None for nowhere. Raises UsageError."""
        self._wanted = wanted
        self._unfinished: Unfinished = {}
        if wanted.resume is not None:
            _alone(wanted)
        before = _resumed(wanted.resume) if wanted.resume is not None else None
        if access.external_id is not None and _EXTERNAL.fullmatch(access.external_id) is None:
            raise UsageError(f"{access.external_id!r} is no external id", "2 to 1224 letters, digits and +=,.@:/-")
        services = chosen(wanted.include, wanted.exclude)
        regions = _named(wanted.regions)
        if keep is not None and wanted.resume is None and Path(keep + JOURNAL).exists():
            hint = f"--resume {keep} goes on with it; remove the file to begin again"
            raise UsageError(f"{keep}{JOURNAL} is of a scan that was broken off", hint)
        self._clients = Clients(replace(access, connections=wanted.concurrency, agent=wanted.tool.replace(" ", "/")))
        first = next((region for region in regions if region != ALL), None)
        if before is not None:
            first = next(iter(_named(before[0].asked.regions)), None)
        self._clients.region = first or self._clients.region
        if self._clients.region is None:
            raise UsageError("no Region is named", "--region REGION, --region all, or a Region in the profile")
        self.identity: Identity = self._clients.identity(self._clients.region)
        if before is not None:
            self.begun, self._unfinished = before
            self._fits()
        else:
            self.begun = self._new(services, regions)
        self._clients.role_of = self.begun.asked.role
        self.keep = keep

    def _new(self, services: tuple[str, ...], regions: list[str]) -> Snapshot:
        region = self._clients.region or ""
        found = self._clients.regions(region) if ALL in regions else regions or [region]
        accounts: dict[str, str] = {}
        for role in self._wanted.roles:
            own = _account(role)
            if accounts.setdefault(own, role) != role:
                raise UsageError(f"two roles of one account: {accounts[own]} and {role}", "name one of them")
        if not accounts or self._wanted.organization:
            accounts.setdefault(self.identity.account, "")
        asked = Asked(
            self.identity.partition,
            self.identity.account,
            accounts,
            tuple(sorted(set(found))),
            services,
            self._wanted.organization,
        )
        return Snapshot(asked, _now(), self._wanted.tool)

    def _fits(self) -> None:
        """Raises UsageError where what is resumed is of other credentials, or of nobody's."""
        if self.begun.redacted:
            raise UsageError(f"{self._wanted.resume} is made anonymous: no account can be told from it")
        if self.begun.asked.begun_as != self.identity.account:
            was = self.begun.asked.begun_as
            now = self.identity.account
            raise UsageError(f"{self._wanted.resume} was begun in account {was}, and these credentials are of {now}")

    def run(self, progress: Progress | None = None, limiter: Limiter | None = None) -> Taken:
        """Ask everything. The journal is there until the snapshot is written: see ``JournalFile.remove``."""
        self.journal = None
        if self.keep is not None:
            self.journal = JournalFile(self.keep + JOURNAL, self.begun, self._unfinished)
        work = Work(self._wanted.concurrency)
        return take(self.begun, self._clients.send, work, self.journal, limiter, progress)


def _alone(wanted: Wanted) -> None:
    """Raises UsageError for options that say what to read, which a scan that goes on was told when it began."""
    given = {
        "--region": wanted.regions,
        "--assume-role": wanted.roles,
        "--org": wanted.organization,
        "--include": wanted.include,
        "--exclude": wanted.exclude,
    }
    for option, value in given.items():
        if value:
            said = f"--resume reads what {wanted.resume} was begun for: {option} says otherwise"
            raise UsageError(said, "leave it out")


def _resumed(path: str) -> tuple[Snapshot, Unfinished]:
    """A snapshot to go on with; the journal beside it where that is later. Raises UsageError."""
    journal = path + JOURNAL
    chosen_path = journal if Path(journal).exists() else path
    try:
        return read(Path(chosen_path).read_bytes())
    except OSError as error:
        raise UsageError(f"{chosen_path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise UsageError(f"{chosen_path} cannot be gone on with: {error}") from None


def kept_as(resume: str) -> str:
    """The name of the snapshot that goes on from a file: the file itself, or what its journal is of."""
    return resume.removesuffix(JOURNAL)


def _named(regions: Sequence[str]) -> list[str]:
    for region in regions:
        if region != ALL and _REGION.fullmatch(region) is None:
            raise UsageError(f"{region!r} is not a Region", "such as eu-west-1, or all for every enabled one")
    return list(regions)


def _account(role: str) -> str:
    found = _ROLE.fullmatch(role)
    if found is None:
        raise UsageError(f"{role!r} is not the ARN of a role", "such as arn:aws:iam::111122223333:role/audit")
    return found[1]


def _now() -> str:
    """The time, as https://reproducible-builds.org/specs/source-date-epoch/ has it where that is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isdecimal() else int(time.time())
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
