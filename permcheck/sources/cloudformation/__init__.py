"""Facts from templates: CloudFormation, SAM, the CDK's output, what Serverless Framework and Amplify compile."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from os.path import basename, dirname, normpath
from typing import Any

from permcheck.frozen import dataclass
from permcheck.model.facts import Facts
from permcheck.model.location import NotRead
from permcheck.sources.cloudformation import assembly, parameters, sam
from permcheck.sources.cloudformation.text import Text, Unreadable, read
from permcheck.sources.cloudformation.worlds import Template, worlds
from permcheck.sources.declared import ACCOUNT, REGION, Value, Where

__all__ = ["Options", "Templates", "is_template", "load_parameters"]

load_parameters = parameters.load
_BESIDE = "parameters.json"
_TYPED = re.compile(rb"""Type["']?\s*:\s*["']?(?:AWS|Custom|Alexa)::""")


@dataclass(frozen=True, slots=True)
class Options:
    """Where templates are deployed, and the values of their parameters. account and region: empty if not given."""

    account: str = ""
    region: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)


def looks_like_one(content: bytes | str) -> bool:
    """Whether a text may be a template: a cheap look, so that captures are not read twice."""
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")
    head = content[:2].lstrip(b"\xff\xfe\0 ")
    if b"\0" in content[:64] and head[:1] in (b"{", b""):
        content = content.replace(b"\0", b"")
    return b"AWSTemplateFormatVersion" in content or (b"Resources" in content and _TYPED.search(content) is not None)


def is_template(root: Value) -> bool:
    """Whether a value is a template: it has resources of AWS's types, or says that it is one."""
    resources = root.get("Resources")
    typed = resources is not None and any(
        key.startswith("Fn::ForEach::") or (value.text("Type") or "").startswith(("AWS::", "Custom::", "Alexa::"))
        for key, value in resources.members()
    )
    return typed or (root.get("AWSTemplateFormatVersion") is not None and isinstance(root.raw, Mapping))


class Templates:
    """The templates of one run, taken file by file. gaps: what could not be read of the files themselves."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._texts: dict[str, Text] = {}
        self._members: dict[str, tuple[assembly.Member, str]] = {}  # path → stack, manifest
        self.gaps: list[NotRead] = []

    def takes(self, source: str, content: bytes | str) -> bool:
        """Look at one file; False where it is no template and no manifest of the CDK."""
        manifest = basename(source) == "manifest.json"
        if not manifest and not looks_like_one(content):
            return False
        try:
            text = read(content, source)
        except Unreadable as error:
            if manifest and not looks_like_one(content):
                return False
            problem = error.problem
            gap = NotRead(source, problem.error, "nothing in it is used", "", problem.line, problem.column)
            self.gaps.append(gap)
            return True
        if manifest:
            plain = text.root.plain()
            if assembly.is_manifest(plain):
                self._assembled(source, plain)
                return True
        if not is_template(text.root):
            return False
        self._texts[source] = text
        return True

    def _assembled(self, source: str, plain: Any) -> None:
        for member in assembly.members(source, plain):
            known = self._members.get(member.path)
            # The stages of an assembly have manifests of their own; they belong to the outermost.
            if known is None or len(source) < len(known[1]):
                self._members[member.path] = (member, source)

    def worlds(self) -> list[Facts]:
        """The facts of each world, once every file was taken."""
        return list(worlds(list(self._templates()), self.nested))

    def _templates(self) -> Iterator[Template]:
        """The templates of the run: those that were given, and those that an assembly names."""
        given = {normpath(source): source for source in self._texts}
        for path, (member, manifest) in self._members.items():
            if path not in given and self._at_hand(path) is not None:
                given[path] = path
            elif path not in given:
                error = f"the stack {member.stack} has no template {path}"
                self.gaps.append(NotRead(manifest, error, "it is left out"))
        folders = {dirname(normpath(manifest)) for _, manifest in self._members.values()}
        for path in sorted(given):
            source = given[path]
            found = self._members.get(path)
            if found is None and any(path.startswith(f"{folder}/" if folder else "") for folder in folders):
                continue  # a nested stack, or what an earlier synthesis left behind
            text = self._texts.get(source) or self._at_hand(path)
            if text is not None:
                yield self._template(source, text, *(found if found is not None else (None, "")))

    def _template(self, source: str, text: Text, member: assembly.Member | None, group: str) -> Template:
        options = self._options
        account = options.account or (member.account if member is not None else "")
        region = options.region or (member.region if member is not None else "")
        stack = member.stack if member is not None else stack_name(source)
        where = Where(account or ACCOUNT, region or REGION, partition_of(region or REGION), stack)
        sentences = list(_sentences(account, region))
        values = options.parameters
        if not values:
            values = self._beside(source, text, sentences)
        unnamed = f"Names that templates leave to AWS are taken to begin with the stack's: {stack}-…"
        sentences.append(unnamed)
        if sam.is_sam(text.root):
            text = sam.translated(text, source, where, values, self._at_hand)
        return Template(source, text, where, values, group, tuple(sentences))

    def _beside(self, source: str, text: Text, sentences: list[str]) -> Mapping[str, Value]:
        """Values in a parameters.json beside a template, as Amplify keeps them; only for parameters it has."""
        path = f"{dirname(source)}/{_BESIDE}" if dirname(source) else _BESIDE
        declared = text.root.get("Parameters")
        if declared is None or source == "-":
            return {}
        try:
            with open(path, "rb") as file:
                plain: Any = json.loads(file.read())
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(plain, dict):
            return {}
        found = {
            key: Value(value if not isinstance(value, list) else ",".join(map(str, value)), path, f"/{key}")
            for key, value in plain.items()
            if declared.get(key) is not None and isinstance(value, (str, int, float, bool, list))
        }
        if found:
            sentences.append(f"Parameters were taken from {path}.")
        return found

    def nested(self, path: str) -> Text | None:
        """The template of a nested stack."""
        text = self._at_hand(path)
        if text is None or not sam.is_sam(text.root):
            return text
        where = Where(self._options.account or ACCOUNT, self._options.region or REGION)
        return sam.translated(text, path, where, {}, self._at_hand)

    def _at_hand(self, path: str) -> Text | None:
        """A file that another one names, whether or not the user named it too."""
        for source, text in self._texts.items():
            if normpath(source) == path:
                return text
        try:
            with open(path, "rb") as file:
                content = file.read()
        except (OSError, ValueError):
            return None
        try:
            return read(content, path)
        except Unreadable as error:
            problem = error.problem
            self.gaps.append(NotRead(path, problem.error, "nothing in it is used", "", problem.line, problem.column))
            return None


def _sentences(account: str, region: str) -> Iterator[str]:
    if not account:
        yield f"The account is not told before deploy: {ACCOUNT} stands for it (--account tells it)."
    if not region:
        yield f"The Region is not told before deploy: it is taken to be {REGION} (--region tells it)."


def stack_name(source: str) -> str:
    """A name for a stack that has none: that of its file."""
    stem = basename(source)
    for ending in (".json", ".yaml", ".yml", ".template"):
        stem = stem.removesuffix(ending)
    kept = "".join(c if c.isascii() and (c.isalnum() or c == "-") else "-" for c in stem).strip("-")
    return kept if kept and source != "-" else "stack"


def partition_of(region: str) -> str:
    """The partition of a Region, by the beginning of its name."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
