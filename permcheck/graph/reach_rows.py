"""The rows of ``reach``: what is left of each Allow statement, by service, as patterns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from permcheck.access import Item, Subject
from permcheck.access.compile import keys_of
from permcheck.access.context import item_keys
from permcheck.data import actions
from permcheck.graph.parts import Layers, Part
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because, JsonObject, Portion, ReachRow
from permcheck.model.policy import Policy, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.action import service_of
from permcheck.policy.area import EVERY, Area, Axis, Box, Share, Taken, actions_left, cut, meet, touches
from permcheck.policy.contract import condition_object
from permcheck.policy.patterns import actions_overlap
from permcheck.policy.wildcard import has_wildcard, plain

ASSUMED_KEYS = (
    "KMS keys whose policy is not in view are taken to have the default key policy, which leaves them to the identity "
    "policies of their account"
)
_KEYS = Axis(("kms:*",))
_OF_PLACE = frozenset(("aws:resourceaccount", "aws:requestedregion"))
_ASSUMING = "sts:assumerole*"


class Rows:
    """The rows of one caller; ``assumes_keys`` tells afterwards whether they rest on ASSUMED_KEYS."""

    def __init__(self, scene: Scene, subject: Subject) -> None:
        self._scene = scene
        self._subject = subject
        self._layers: dict[tuple[tuple[str, tuple[str, ...]], ...], Layers] = {}
        self.assumes_keys = False

    def __iter__(self) -> Iterator[ReachRow]:
        for policy in self._subject.policies:
            for statement in policy.statements:
                if statement.is_allow:
                    yield from {repr(row): row for row in self._of(policy, statement)}.values()

    def _of(self, policy: Policy, statement: Statement) -> Iterator[ReachRow]:
        for known, foreign, narrowed in self._by_place(statement):
            layers = self._layers.get(known)
            if layers is None:
                context = self._subject.context.with_known(dict(known))
                layers = self._layers[known] = Layers(self._scene.facts, self._subject, context)
            for part in layers.parts(policy, narrowed):
                yield from self._governed(part, foreign)

    def _by_place(
        self, statement: Statement
    ) -> Iterator[tuple[tuple[tuple[str, tuple[str, ...]], ...], str, Statement]]:
        """The statement by what its resources' ARNs tell: (keys, the other account that owns them, the statement)."""
        if statement.resources is None:
            yield (), "", statement
            return
        groups: dict[tuple[tuple[tuple[str, tuple[str, ...]], ...], str], list[str]] = {}
        for pattern in statement.resources:
            foreign, known = self._place(pattern)
            kept = tuple(sorted((k, v) for k, v in known.items() if k in self._read))
            groups.setdefault((kept, foreign), []).append(pattern)
        for (kept, foreign), patterns in groups.items():
            whole = len(patterns) == len(statement.resources)
            yield kept, foreign, statement if whole else replace(statement, resources=tuple(patterns))

    def _place(self, pattern: str) -> tuple[str, dict[str, tuple[str, ...]]]:
        """(the account that owns what the pattern names, if another, the keys its ARN decides).

        A wildcard for the account is read as the caller's own: what others own is theirs to give.
        """
        parts = pattern.split(":", 5)
        own = self._subject.account
        if len(parts) < 6 or "${" in "".join(parts[:5]):
            return "", {}
        account, known = parts[4], dict[str, tuple[str, ...]]()
        if has_wildcard(account):
            account = own
        if account:
            known["aws:resourceaccount"] = (account,)
        if parts[3] and not has_wildcard(parts[3]):
            known["aws:requestedregion"] = (parts[3].lower(),)
        return (account if own and account not in ("", own, "aws") else ""), known

    @cached_property
    def _read(self) -> frozenset[str]:
        """Which of the keys of place some policy over the caller reads."""
        subject = self._subject
        policies = [*subject.policies, *subject.session, *(p for level in subject.scps for p in level)]
        policies += [subject.boundary] if subject.boundary is not None else []
        policies += [r.policy for r in self._scene.facts.resources if r.policy is not None]
        read = (key for p in policies for s in p.statements if s.conditions or s.variables for key in keys_of(s))
        return _OF_PLACE.intersection(read)

    def _governed(self, part: Part, foreign: str) -> Iterator[ReachRow]:
        """The rows of a part: by the rules of who owns the resource where those ask for more than the caller's side."""
        if foreign:
            yield from self._one_by_one(part, f"the policy of the resource, in account {foreign}, is not in view")
            return
        assuming = tuple(a for a in part.area.actions if a != "*" and _assumes(a))
        if assuming and len(assuming) == len(part.area.actions):
            yield from self._one_by_one(part, "the trust policy of the role is not in view")
            return
        area: Area | None = part.area
        for arn in self._keys_in_view:
            box = Box(_KEYS, Axis((arn,)))
            if area is not None and touches(area, box) is not Share.NONE:
                inside = meet(area, box)
                if inside is not None:
                    yield from self._one_by_one(replace(part, area=inside), "")
                area = cut(area, box)
        if area is None:
            return
        if touches(area, Box(_KEYS)) is not Share.NONE:
            self.assumes_keys = True
        yield from self._row(replace(part, area=area), None, "")

    @cached_property
    def _keys_in_view(self) -> Sequence[str]:
        return [r.arn for r in self._scene.facts.resources if r.service == "kms" and r.policy is not None]

    def _row(self, part: Part, verdict: Verdict | None, note: str) -> Iterator[ReachRow]:
        settled = part.settled()
        if settled is None:
            return
        if self._subject.unread:
            verdict = Verdict.UNKNOWN
        if verdict is None:
            verdict = Verdict.CONDITIONAL if part.levels else Verdict.ALLOWED
        if part.crowded:
            note = "some of the conditions concern only a part of it"
        area = part.area
        yield ReachRow(
            _service(area.actions),
            area.actions,
            tuple(plain(r) for r in area.resources),
            verdict,
            tuple(dict.fromkeys(because(part.because))),
            tuple(condition_object(c) for c in settled),
            note,
            within=tuple(_portion(box) for box in area.within),
            besides=tuple(_portion(taken.box, because(taken.because)) for taken in area.without),
        )

    def _one_by_one(self, part: Part, missing: str) -> Iterator[ReachRow]:
        """Rows for resources whose own policy has the last word: decided for those in view, unknown for others."""
        unknown: list[str] = []
        cells: dict[tuple[Verdict, tuple[Because, ...], tuple[str, ...]], dict[str, list[str]]] = {}
        told: dict[tuple[str, ...], tuple[JsonObject, ...]] = {}
        for resource in part.area.resources:
            item = self._item(resource, part.area.actions)
            if item is None:
                unknown.append(resource)
                continue
            names = tuple(dict.fromkeys(n for a in part.area.actions for n in _concrete(a, resource)))
            for action in actions_left(replace(part.area, resources=(resource,)), names):
                decision = self._scene.world.decide(self._subject, action, item)
                if decision.verdict is not Verdict.DENIED:
                    left = conditions(decision)
                    key = (decision.verdict, because(decision.because), tuple(map(repr, left)))
                    told[key[2]] = left
                    cells.setdefault(key, {}).setdefault(resource, []).append(action)
        for (verdict, reasons, left_key), by_resource in cells.items():
            by_actions: dict[tuple[str, ...], list[str]] = {}
            for resource, named in by_resource.items():
                by_actions.setdefault(tuple(named), []).append(resource)
            for named_actions, resources in by_actions.items():
                service = _service(named_actions)
                yield ReachRow(service, named_actions, tuple(resources), verdict, reasons, told[left_key])
        if unknown:
            area = replace(part.area, resources=tuple(unknown))
            yield from self._row(replace(part, area=area), Verdict.UNKNOWN, missing)

    def _item(self, arn: str, named: Sequence[str]) -> Item | None:
        """A resource in view with the policy that governs it."""
        scene = self._scene
        if (number := scene.roles.position.get(arn)) is not None and service_of(named[0]) == "sts":
            return scene.roles.items[number]
        if (number := scene.invocable.position.get(arn)) is not None:
            return scene.invocable.items[number]
        resource = scene.resource_by_arn.get(arn)
        if resource is None or resource.policy is None:
            return None
        return Item(arn, policies=(resource.policy,), known=item_keys(arn)[0], owner=resource.account)


def _assumes(pattern: str) -> bool:
    """Whether an action pattern is about assuming roles, and not about all of STS."""
    return service_of(pattern) == "sts" and pattern.lower() != "sts:*" and actions_overlap(pattern, _ASSUMING)


def _concrete(pattern: str, resource: str) -> Iterable[str]:
    """The actions of a pattern; of a bare star those of the resource's own service."""
    if pattern.strip("*") == "":
        return actions.matching(f"{resource.split(':')[2]}:*")
    return actions.matching(pattern) if has_wildcard(pattern) else (pattern,)


def _service(patterns: Sequence[str]) -> str:
    """The service of a row's actions, ``*`` where they are of several."""
    services = {service_of(p) if not has_wildcard(service_of(p)) and ":" in p else "*" for p in patterns}
    return services.pop() if len(services) == 1 else "*"


def _portion(box: Box, reasons: tuple[Because, ...] = ()) -> Portion:
    named, on = box.actions, box.resources
    return Portion(
        None if named.negated or named == EVERY else named.patterns,
        named.patterns if named.negated else None,
        None if on.negated or on == EVERY else tuple(plain(r) for r in on.patterns),
        tuple(plain(r) for r in on.patterns) if on.negated else None,
        reasons,
    )


def area_of(row: ReachRow) -> Area:
    """The row's requests, to ask what is among them."""
    return Area(
        row.actions,
        row.resources,
        tuple(_box(portion) for portion in row.within),
        tuple(Taken(_box(portion)) for portion in row.besides),
    )


def left_of(row: ReachRow, names: Sequence[str]) -> tuple[str, ...]:
    """Those of some actions of a row that nothing takes away altogether. A bare star stays as it is."""
    return tuple(names) if "*" in names else tuple(actions_left(area_of(row), names))


def _box(portion: Portion) -> Box:
    return Box(_axis(portion.actions, portion.not_actions), _axis(portion.resources, portion.not_resources))


def _axis(named: tuple[str, ...] | None, others: tuple[str, ...] | None) -> Axis:
    if others is not None:
        return Axis(others, negated=True)
    return Axis(named) if named is not None else EVERY
