"""Which rules concern what: whatever shows nothing that a rule concerns is passed by, for all rules at once.

What is there to be seen is a set of bits, one for each word that some rule concerns, worked out once for each
function, caller, document and statement. Most show nothing at all, and cost one look.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from permcheck.graph.pool_trust import may_take_tokens
from permcheck.graph.scene import Scene
from permcheck.model.function import Function
from permcheck.model.identity import Role, User
from permcheck.model.policy import Document, Policy, PolicyKind, Statement
from permcheck.policy.action import action_matcher
from permcheck.rule import traits
from permcheck.rule.base import Rule
from permcheck.rule.granting import OF_AWS, broad, service_of_wildcard

_EVERYTHING = -1  # of whatever could not be read


class Rota:
    """The rules of one hook in their order. bits: as of Sight."""

    def __init__(self, rules: Iterable[Rule], bits: Mapping[str, int]) -> None:
        self._rules = tuple((rule, sum(bits[word] for word in set(rule.concerns))) for rule in rules)
        self._known: dict[int, Sequence[Rule]] = {}

    def of(self, shown: int) -> Sequence[Rule]:
        """The rules to ask about what shows this: those that concern some of it, and those that say nothing."""
        found = self._known.get(shown)
        if found is None:
            asked = (rule for rule, wanted in self._rules if not rule.concerns or wanted & shown)
            found = self._known[shown] = tuple(asked)
        return found


class Sight:
    """What functions, callers and statements show of all that some rules concern. bits: word → its bit."""

    def __init__(self, scene: Scene, rules: Sequence[Rule]) -> None:
        self._scene = scene
        words = sorted({word for rule in rules for word in rule.concerns})
        granted = {word for rule in rules if traits.GRANTED in rule.concerns for word in rule.concerns}
        self._granting = sorted(word for word in granted if word.startswith("lambda:"))
        self.bits = {word: 1 << number for number, word in enumerate(words)}
        self._actions = {word: bit for word, bit in self.bits.items() if ":" in word}
        self._shapes: dict[frozenset[str], int] = {}
        self._callers: dict[Role | User, int] = {}
        self._documents: tuple[dict[Document, int], dict[Document, int]] = ({}, {})
        self._trusts: dict[Document, int] = {}
        self._patterns: dict[str, int] = {}
        known = self.bits.get
        self._layers, self._key = known(traits.LAYERS, 0), known(traits.KEY, 0)
        self._gone, self._tokens = known(traits.GONE, 0), known(traits.TOKENS, 0)
        self._denies = known(traits.DENIES, 0)
        self._broad = known(traits.BROAD, 0), known(traits.BROAD_OF_AWS, 0)
        self._whole = known(traits.WHOLE_SERVICE, 0)
        self._negated, self._conditions = known(traits.NEGATED, 0), known(traits.CONDITIONS, 0)
        self._variables, self._on_resource = known(traits.VARIABLES, 0), known(traits.ON_RESOURCE, 0)

    def function(self, function: Function) -> int:
        """What a function shows."""
        shape = self._scene.shape(function)
        found = self._shapes.get(shape)
        if found is None:
            found = self._shapes[shape] = sum(self.bits.get(trait, 0) for trait in shape)
        if function.layers:
            found |= self._layers
        return found | self._key if function.holds_key else found

    def statement(self, policy: Policy, statement: Statement) -> int:
        """What a statement shows where this policy has it."""
        found = self._on_resource if policy.kind is PolicyKind.RESOURCE else 0
        for text in statement.resources or statement.not_resources or ():
            if "${" in text:
                found |= self._variables
        for condition in statement.conditions:
            found |= self._conditions
            for value in condition.values:
                if "${" in value:
                    found |= self._variables
        if statement.not_actions is None and statement.not_resources is None and statement.not_principals is None:
            return found
        return found | self._negated if statement.is_allow else found

    def caller(self, caller: Role | User) -> int:
        """What a role or user shows: what its policies may let it do, and who its trust may let in."""
        found = self._callers.get(caller)
        if found is None:
            found = self._granted.get(caller.arn, 0)
            for policy in caller.policies:
                document = policy.document
                if document is None:
                    found = _EVERYTHING
                    continue
                of_aws = policy.arn is not None and OF_AWS in policy.arn
                shown = self._documents[of_aws].get(document)
                if shown is None:
                    shown = self._documents[of_aws][document] = self._of(document, self._broad[of_aws])
                found |= shown
            if isinstance(caller, Role):
                found |= self._of_trust(caller)
            self._callers[caller] = found
        return found

    def _of(self, document: Document, if_broad: int) -> int:
        """What an identity policy shows, whoever has it."""
        found = 0
        for statement in document.statements:
            if not statement.is_allow:
                found |= self._denies
                continue
            for resource in statement.resources or ():
                if broad(resource):
                    found |= if_broad
            found |= self._named(statement)
        return found

    def _named(self, statement: Statement) -> int:
        """The actions that a statement names, and whether it names all of a service."""
        if statement.actions is None:
            spared = [action_matcher(pattern) for pattern in statement.not_actions or ()]
            return sum(bit for a, bit in self._actions.items() if not any(spares(a) for spares in spared))
        found = 0
        for pattern in statement.actions:
            named = self._patterns.get(pattern)
            if named is None:
                named = self._patterns[pattern] = self._named_by(pattern)
            found |= named
        return found

    def _named_by(self, pattern: str) -> int:
        names = action_matcher(pattern)
        found = sum(bit for action, bit in self._actions.items() if names(action))
        return found | self._whole if service_of_wildcard(pattern) else found

    def _of_trust(self, role: Role) -> int:
        taken = self._tokens if role.arn in self._scene.sessions_of_role else 0
        document = role.trust.document if role.trust is not None else None
        if document is None:
            return taken
        found = self._trusts.get(document)
        if found is None:
            found = self._tokens if may_take_tokens(document) else 0
            found |= self._gone if any(map(_names_gone, document.statements)) else 0
            self._trusts[document] = found
        return found | taken

    @cached_property
    def _granted(self) -> Mapping[str, int]:
        """Callers whom functions' policies may let do more than invoke, without one of the caller's own, by ARN."""
        scene, bit = self._scene, self.bits.get(traits.GRANTED, 0)
        numbers = {n for action in self._granting for n in scene.rights.named(scene.functions, action)}
        return {scene.world.everybody[number].arn: bit for number in numbers}


def _names_gone(statement: Statement) -> bool:
    """Whether a trust policy's statement lets somebody in who was deleted."""
    names = statement.principals
    return statement.is_allow and names is not None and any(map(traits.unique_id, names.aws))
