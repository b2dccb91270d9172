"""Where declared resources become drafts: what is gathered so far, and everything that is declared, by name."""

from collections.abc import Iterable

from permcheck.frozen import dataclass
from permcheck.model.location import NotRead
from permcheck.model.policy import Policy, PolicyKind
from permcheck.policy.parse import PolicySyntaxError, check_place
from permcheck.sources.declared.documents import document
from permcheck.sources.declared.names import Names, Where
from permcheck.sources.declared.value import Value
from permcheck.sources.declared.widening import ANY_QUALIFIER, Unknowable
from permcheck.sources.files.called import full_arn
from permcheck.sources.files.drafts import PolicyText
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import function_name, last_part


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """One resource of a template or plan.

    type: in CloudFormation's words. address: its logical name, for people and stand-ins. properties: an object in
    CloudFormation's names. names: what it will be called (``names.names``). where: the account and Region it will be
    in. source, pointer: of the resource as a whole.
    """

    type: str
    address: str
    properties: Value
    names: Names
    where: Where
    source: str
    pointer: str


class Room:
    """What writers of declared resources share."""

    def __init__(self, gathered: Gathered, declared: Iterable[Declared]) -> None:
        self.gathered = gathered
        self.declared = tuple(declared)
        self._named: dict[tuple[str, str], Declared] = {}
        self._arns: dict[str, Declared] = {}
        self._first: dict[tuple[str, ...], Declared] = {}
        unsure = [each for each in self.declared if "<" in each.names.arn]
        qualified = [f"{each.names.arn}{ANY_QUALIFIER}" for each in unsure if each.type == "AWS::Lambda::Function"]
        self._unsure = (*(each.names.arn for each in unsure), *qualified)
        for each in self.declared:
            self._named.setdefault((each.type, each.names.name), each)
            if each.names.arn:
                self._arns.setdefault(each.names.arn, each)

    def find(self, kind: str, named: str) -> Declared | None:
        """The declared resource of a type by its name, id or ARN."""
        found = self._named.get((kind, named))
        if found is None and named.startswith("arn:"):
            found = self._arns.get(named)
        return found if found is not None and found.type == kind else None

    def by_arn(self, arn: str) -> Declared | None:
        """The declared resource that has an ARN."""
        return self._arns.get(arn)

    def before(self, declared: Declared, *key: str) -> Declared | None:
        """What was declared first for the same thing, where this is not the first.

        Two of a thing are created under conditions that exclude each other; nobody knows which one is.
        """
        first = self._first.setdefault(key, declared)
        return first if first is not declared else None

    def of(self, kind: str) -> list[Declared]:
        """All declared resources of a type, in their order."""
        return [each for each in self.declared if each.type == kind]

    def reading(self, value: Value | Declared) -> Reading:
        """The reading of the source a value stands in, for the readers of captures."""
        return Reading(self.gathered, value.source)

    def miss(self, value: Value | Declared, error: str, effect: str, arn: str | None = None) -> None:
        """Note something that cannot be known before deploy, or has the wrong shape."""
        self.gathered.not_read.append(NotRead(value.source, error, effect, value.pointer, arn=arn))

    def text(self, value: Value, effect: str, owner: str, kind: PolicyKind) -> PolicyText:
        """A policy document in its place. owner: name of who has it. effect: what is unknown if it cannot be read."""
        unread: str | None = None
        try:
            parsed, places = document(value, owner, self._unsure)
            check_place(parsed, kind)
            return PolicyText(parsed, None, value.source, value.pointer, places)
        except PolicySyntaxError as error:
            unread, below = error.message, error.pointer
        except Unknowable as error:
            unread, below = error.message, error.pointer
        except RecursionError:
            unread, below = "the policy is nested too deeply", ""
        self.gathered.not_read.append(NotRead(value.source, unread, effect, value.pointer + below))
        return PolicyText(None, unread, value.source, value.pointer)

    def policy(
        self, kind: PolicyKind, name: str, value: Value, effect: str, owner: str | None, *, trust: bool = False
    ) -> Policy:
        """A policy of somebody by ARN."""
        text = self.text(value, effect, last_part(owner or name).rsplit(":", 1)[-1], kind)
        return made(text, kind, name, owner, trust=trust)

    def resource_policy(self, arn: str, value: Value) -> None:
        """Put a resource policy on a resource other than a function."""
        effect = f"who may use {arn} is unknown"
        self.gathered.resource_policy(arn, self.policy(PolicyKind.RESOURCE, "resource policy", value, effect, arn))

    def function(self, value: Value | None, near: Where) -> tuple[str, str] | None:
        """The function a value names, by name or whole or partial ARN: its unqualified ARN and the qualifier."""
        named = value.text() if value is not None else None
        if named is None:
            return None
        if "<" in named and not named.startswith("arn:"):
            # What is called after an unknown value is not a name that could be checked.
            name, _, qualifier = named.partition(":")
            return f"arn:{near.partition}:lambda:{near.region}:{near.account}:function:{name}", qualifier
        arn = full_arn(named, f"arn:{near.partition}:lambda:{near.region}:{near.account}:function:x")
        return function_name(arn) if arn is not None else None


def made(text: PolicyText, kind: PolicyKind, name: str, owner: str | None, *, trust: bool = False) -> Policy:
    """A policy made of a text."""
    return Policy(
        kind, name, text.source, text.pointer, text.document, None, text.unread, owner, trust, places=text.places
    )
