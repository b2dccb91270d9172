"""The plans and states of one run, taken file by file; each is a world of its own."""

from permcheck.model.facts import Facts
from permcheck.model.location import NotRead
from permcheck.sources.declared import write
from permcheck.sources.files.builder import build
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.reader import parse
from permcheck.sources.terraform import is_plan, read

UNUSED = "nothing in it is used"
_MARK = "terraform_version"


def _marked(content: bytes | str) -> bool:
    """Whether a text may be a plan: a cheap look. PowerShell writes what it redirects as UTF-16."""
    if isinstance(content, str):
        return _MARK in content
    return any(_MARK.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


class Plans:
    """Plans and states. account, region: where they are deployed, empty where the user does not say."""

    def __init__(self, account: str, region: str) -> None:
        self._account, self._region = account or None, region or None
        self._worlds: list[Facts] = []
        self.gaps: list[NotRead] = []

    def takes(self, source: str, content: bytes | str) -> bool:
        """Look at one file; False where it is no plan and no state."""
        if not _marked(content):
            return False
        parsed = parse(content)
        document = parsed.values[0][1] if len(parsed.values) == 1 else None
        if parsed.problem is not None:
            problem = parsed.problem
            self.gaps.append(NotRead(source, problem.error, UNUSED, "", problem.line, problem.column))
            return True
        if not is_plan(document):
            return self._is_raw_state(source, document)
        gathered = Gathered()
        declared, sentences = read(document, source, self._account, self._region)
        write(declared, gathered)
        gathered.assumptions.update(sentences)
        self._worlds.append(build(gathered, [source]))
        return True

    def _is_raw_state(self, source: str, document: object) -> bool:
        """A state as Terraform keeps it: its format is Terraform's own affair, and changes."""
        if not isinstance(document, dict) or not {"lineage", "serial", "terraform_version"} <= document.keys():
            return False
        error = "a state as Terraform keeps it: permcheck reads what terraform show -json prints of it"
        self.gaps.append(NotRead(source, error, UNUSED))
        return True

    def worlds(self) -> list[Facts]:
        """The facts of each."""
        return self._worlds
