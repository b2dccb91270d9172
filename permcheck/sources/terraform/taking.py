"""The plans and states of one run, taken file by file; each is a world of its own."""

from permcheck.model.facts import Facts
from permcheck.model.location import NotRead
from permcheck.sources.declared import write
from permcheck.sources.files.builder import build
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.reader import parse
from permcheck.sources.terraform import is_plan, read


class Plans:
    """Plans and states. account, region: where they are deployed, empty where the user does not say."""

    def __init__(self, account: str, region: str) -> None:
        self._account, self._region = account or None, region or None
        self._worlds: list[Facts] = []
        self.gaps: list[NotRead] = []

    def takes(self, source: str, content: bytes | str) -> bool:
        """Look at one file; False where it is no plan and no state."""
        mark = b"terraform_version" if isinstance(content, bytes) else "terraform_version"
        if mark not in content:  # type: ignore[operator]
            return False
        parsed = parse(content)
        document = parsed.values[0][1] if len(parsed.values) == 1 else None
        if not is_plan(document):
            return False
        gathered = Gathered()
        declared, sentences = read(document, source, self._account, self._region)
        write(declared, gathered)
        gathered.assumptions.update(sentences)
        self._worlds.append(build(gathered, [source]))
        return True

    def worlds(self) -> list[Facts]:
        """The facts of each."""
        return self._worlds
