"""A view made ready for questions: the world of callers, and who is what to whom."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from permcheck.access import Subject, Universe, World, targets
from permcheck.graph.asked import PROBED
from permcheck.graph.flows import holders
from permcheck.graph.probes import Probes
from permcheck.model.facts import Facts
from permcheck.model.function import Function
from permcheck.model.identity import Role
from permcheck.model.pool import IdentityPool, PoolRole
from permcheck.policy.arn import split


class Scene:
    """Facts with the engine over them and look-ups by ARN. Everything is worked out when first asked for."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.world = World(facts, holders(facts))

    @cached_property
    def invocable(self) -> Universe:
        """Functions under every name they can be called by."""
        return targets.invocable(self.facts)

    @cached_property
    def functions(self) -> Universe:
        """Functions as wholes."""
        return targets.functions(self.facts)

    @cached_property
    def urls(self) -> Universe:
        """Function URLs that ask for a signature."""
        return targets.urls(self.facts)

    @cached_property
    def roles(self) -> Universe:
        """Roles with their trust policies."""
        return targets.roles(self.facts)

    @cached_property
    def passable(self) -> Universe:
        """Roles as what iam:PassRole names."""
        return targets.passable(self.facts)

    @cached_property
    def function_by_arn(self) -> Mapping[str, Function]:
        """Functions by unqualified ARN."""
        return {f.arn: f for f in self.facts.functions}

    @cached_property
    def role_by_arn(self) -> Mapping[str, Role]:
        """Roles by ARN."""
        return {r.arn: r for r in self.facts.roles}

    @cached_property
    def functions_of_role(self) -> Mapping[str, Sequence[Function]]:
        """The functions that run as a role, by the role's ARN."""
        found: dict[str, list[Function]] = {}
        for function in self.facts.functions:
            if function.role:
                found.setdefault(function.role, []).append(function)
        return found

    @cached_property
    def sessions_of_role(self) -> Mapping[str, Sequence[Subject]]:
        """The sessions that holders outside IAM can take of a role, by the role's ARN."""
        found: dict[str, list[Subject]] = {}
        for session in self.world.sessions:
            found.setdefault(session.arn, []).append(session)
        return found

    @cached_property
    def pools_of_role(self) -> Mapping[str, Sequence[tuple[IdentityPool, PoolRole]]]:
        """The identity pools that hand out a role, by the role's ARN."""
        found: dict[str, list[tuple[IdentityPool, PoolRole]]] = {}
        for pool in self.facts.pools:
            for handed in pool.roles:
                found.setdefault(handed.role, []).append((pool, handed))
        return found

    @cached_property
    def probes(self) -> Probes:
        """What every subject may do on any resource."""
        regions: dict[str, Counter[str]] = {}
        for function in self.facts.functions:
            arn = split(function.arn)
            if arn is not None:
                regions.setdefault(arn.account, Counter())[arn.region] += 1
        usual = {account: max(sorted(found), key=found.__getitem__) for account, found in regions.items()}
        return Probes(self.world, usual, PROBED)

    def subject(self, arn: str) -> Subject | None:
        """The caller with this ARN."""
        return self.world.by_arn.get(arn)

    def executes_as(self, function: Function) -> Subject | None:
        """The execution role as a caller, None where it is not in view."""
        return self.world.by_arn.get(function.role) if function.role else None

    def function_of_item(self, arn: str) -> Function | None:
        """The function an item belongs to, whatever its qualifier."""
        found = self.function_by_arn.get(arn)
        return found if found is not None else self.function_by_arn.get(arn.rsplit(":", 1)[0])

    def execution_roles(self) -> Iterator[Subject]:
        """Every role some function runs as, in view."""
        for arn in self.functions_of_role:
            if (subject := self.subject(arn)) is not None:
                yield subject
