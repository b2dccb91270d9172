"""What a rule may ask about ways from few rights to more: new functions, stronger roles, functions as deputies."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeVar, cast

from permcheck.access import Item, Subject, Universe, bits
from permcheck.access.targets import names_of
from permcheck.data import escalation
from permcheck.graph import cognito
from permcheck.graph.anything import item_named
from permcheck.graph.asked import ALL_DATA, EVERYTHING, IAM_WRITE
from permcheck.graph.assumers import assumers
from permcheck.graph.atlas import Atlas
from permcheck.graph.ceiling import as_guest, ceiling
from permcheck.graph.deputies import Deputies, Deputy
from permcheck.graph.expand import role_node, subject_grounds
from permcheck.graph.feeds import Feed, Feeds, Pairs, may_read
from permcheck.graph.gain import RoleGain, RoleGains
from permcheck.graph.new_function import new_functions
from permcheck.graph.nodes import Hop, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.own_rights import own_edits, with_another_version
from permcheck.graph.prize import concrete
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.graph.trails import Trail
from permcheck.graph.trust import let_in
from permcheck.model.function import EventSourceMapping, Function
from permcheck.model.identity import Role, User
from permcheck.model.pool import IdentityPool
from permcheck.model.verdict import Verdict
from permcheck.rule.answer import Answer, Targets

T = TypeVar("T")
MAP, MOVE = "lambda:CreateEventSourceMapping", "lambda:UpdateEventSourceMapping"


# Whom a trust policy lets in that is no caller by itself: what a service does with a role it decides, and who holds a
# token stands in the sessions.
_NOBODY = ("service", "web_identity")


class Ways:
    """The questions about more rights of one run."""

    def __init__(self, scene: Scene, answer: Callable[[Subject, str, Item], Answer]) -> None:
        self._scene = scene
        self._answer = answer
        self._asked: dict[tuple[object, str], object] = {}
        self._reads: dict[tuple[str, str], tuple[Answer, ...]] = {}

    def once(self, ask: Callable[..., T], caller: Role | User, *more: object) -> T:
        """The answer to a question about a caller, worked out once, however many rules ask. more: goes before it."""
        key = (ask, caller.arn)
        if key not in self._asked:
            self._asked[key] = ask(*more, caller)
        return cast(T, self._asked[key])

    @cached_property
    def atlas(self) -> Atlas:
        """Who is worth getting hold of, and the ways to them."""
        return Atlas(self._scene)

    # what is gained

    def role_gain(self, caller: Role | User, roles: Targets) -> RoleGain | None:
        """What the caller gains by giving a function of its own one of the roles it surely may pass, at most.

        None where none of them lets Lambda in, or where the caller may already give itself everything.
        """
        return self._role_gains.of(self._subject(caller), roles.numbers)

    @cached_property
    def _role_gains(self) -> RoleGains:
        return RoleGains(self._scene)

    def worth(self, role: Role) -> Answer | None:
        """The answer that shows the strongest thing a role may do, None where that is nothing to speak of."""
        return self.once(self._worth, role)

    def _worth(self, role: Role) -> Answer | None:
        subject = self._subject(role)
        held = strength(self._scene, subject)
        if held >= Strength.ALL_DATA:
            asked = {Strength.ADMINISTRATOR: EVERYTHING, Strength.IAM_WRITE: IAM_WRITE}.get(held, ALL_DATA)
            action = self._scene.probes.shows(subject, asked)
            if action:
                return self._answer(subject, action, self._scene.probes.item(subject, action))
            edit = own_edits(self._scene, subject)[0]
            return self._answer(subject, edit.action, edit.item)
        for statement in (s for p in role.policies for s in p.statements if held is Strength.SOME):
            found = concrete(statement, subject)
            if found is not None:
                action, arn = found
                answer = self._answer(subject, action, item_named(arn, action, subject.account))
                if answer.verdict is Verdict.ALLOWED:
                    return answer
        return None

    def own_edits(self, caller: Role | User) -> Sequence[tuple[Strength, Answer]]:
        """The edits of itself by which a caller gets more than it has, and what it comes to; the strongest first.

        Of itself are its own policies, those attached to it, its groups' and its permissions boundary.
        """
        subject = self._subject(caller)
        edits = own_edits(self._scene, subject)
        return [(edit.worth, self._answer(subject, edit.action, edit.item)) for edit in edits]

    @cached_property
    def attached_to_functions(self) -> Mapping[str, Sequence[Role]]:
        """The managed policies of the account that roles of functions have, by ARN, with those roles."""
        found: dict[str, list[Role]] = {}
        for arn in self._scene.functions_of_role:
            role = self._scene.role_by_arn.get(arn)
            for policy in dict.fromkeys(p.arn for p in role.policies if p.arn) if role is not None else ():
                if role is not None and policy is not None and ":iam::aws:" not in policy:
                    found.setdefault(policy, []).append(role)
        return found

    def rises_with_version(self, role: Role, policy: str) -> bool:
        """Whether a version of a policy of the role, other than the one in force, would make the role stronger."""
        subject = self._subject(role)
        return with_another_version(self._scene, subject, policy) > max(strength(self._scene, subject), Strength.SOME)

    def ceiling(self, caller: Role | User) -> Strength:
        """What the caller could be at most if its own policies allowed everything: its boundary and SCPs have a say."""
        return ceiling(self._scene, self._subject(caller))

    def as_guest(self, role: Role, pool: IdentityPool) -> Strength:
        """What guests of a pool would get of a role if it were handed to them, with what Cognito puts over them."""
        return as_guest(self._scene, self._subject(role), cognito.region_of(pool.id))

    # how it is come by

    def held(self, caller: Role | User) -> bool:
        """Whether people whom an identity pool serves can take the caller's role."""
        sessions = self._scene.sessions_of_role.get(caller.arn, ())
        return any(s.holder is not None and s.holder.kind in ("guest", "signed_in") for s in sessions)

    def taken(self, caller: Role | User) -> bool:
        """Whether people or programs act as the caller, and not a service alone: whom its trust policy, or a pool, lets
        in."""
        if isinstance(caller, User) or caller.trust is None or caller.trust.document is None:
            return True
        return caller.arn in self._scene.sessions_of_role or any(e.kind not in _NOBODY for e in let_in(caller))

    def signs_in(self, caller: Role | User) -> bool:
        """Whether signed-in users of an identity pool can take the caller's role: rules about pools tell of it."""
        sessions = self._scene.sessions_of_role.get(caller.arn, ())
        return any(s.holder is not None and s.holder.kind == "signed_in" for s in sessions)

    @cached_property
    def mappings_of_source(self) -> Mapping[str, Sequence[EventSourceMapping]]:
        """The event source mappings in view, by the ARN of what they read."""
        found: dict[str, list[EventSourceMapping]] = {}
        for mapping in self._scene.facts.mappings:
            if mapping.event_source:
                found.setdefault(mapping.event_source, []).append(mapping)
        return found

    def connected(self, function: Function, source: str) -> bool:
        """Whether a mapping in view connects the function to the source already."""
        return any(m.event_source == source for m in self._scene.mappings_of.get(function.arn, ()))

    def to_administrator(self, caller: Role | User) -> Trail | None:
        """The shortest way to somebody who may do everything, or give itself more, by steps that leave nothing open.

        Each is surely allowed, and after each the caller itself decides what is done: it assumes a role, rewrites a
        function, or makes something that acts with a role. None for whoever is there already.
        """
        subject = self._subject(caller)
        toward = self.atlas.toward(Strength.IAM_WRITE, Verdict.ALLOWED, control=True)
        if subject.number not in toward.step:
            return None
        trail = Trail(role_node(subject), (), Verdict.ALLOWED).then(*toward.hops(subject.number))
        return self.atlas.with_worth(trail)

    def invokes_stronger(
        self, role: Role, least: Strength = Strength.ALL_DATA
    ) -> tuple[Strength, Sequence[Function]] | None:
        """The functions a role surely may invoke that lead to somebody stronger than it is, and what that is worth.

        A function leads there whose role may do everything, has all data of a kind, or surely takes over one that does.
        least: what it has to be worth.
        """
        subject, atlas = self._subject(role), self.atlas
        for worth, relation in atlas.commanding.items():
            if worth < least:
                continue
            own = atlas.commands(subject)
            items = atlas.relations.may(relation, subject, Verdict.ALLOWED) if own is None or own < worth else 0
            named = (self._scene.function_of_item(relation.universe.items[n].arn) for n in bits.members(items))
            found = [f for f in dict.fromkeys(named) if f is not None and f.role != role.arn]
            if found:
                return worth, found
        return None

    @cached_property
    def leads_to_data(self) -> Targets:
        """The functions by which ``invokes_stronger`` finds somebody who has all data of a kind."""
        scene, relation = self._scene, self.atlas.commanding.get(Strength.ALL_DATA)
        named = (scene.function_of_item(i.arn) for i in (relation.universe.items if relation is not None else ()))
        numbers = bits.of(scene.functions.position[f.arn] for f in named if f is not None)
        return Targets(scene.functions, numbers)

    def over(self, role: Role, functions: Sequence[Function], worth: Strength) -> Trail:
        """The way over one of these functions: over one that is worth it by itself, where there is such."""
        subject, relation = self._subject(role), self.atlas.commanding[worth]
        function = min(functions, key=lambda f: self.atlas.worth_of(f) is not worth)
        universe = relation.universe
        may = self.atlas.relations.may(relation, subject, Verdict.ALLOWED)
        items = (universe.items[number] for number in bits.members(may))
        item = next(i for i in items if self._scene.function_of_item(i.arn) is function)
        grounds = partial(subject_grounds, self._scene, subject, INVOKE, item)
        hop = Hop("invokes", Verdict.ALLOWED, Node("function", function.arn), grounds)
        trail = self.atlas.as_role(Trail(role_node(subject), (), Verdict.ALLOWED).then(hop))
        acts = self._scene.world.everybody[trail.end.number]
        if self.atlas.worth(acts) is not worth:
            trail = trail.then(*self.atlas.taking_over(acts, worth))
        return self.atlas.with_worth(trail)

    def called(self, function: Function) -> bool:
        """Whether anything calls the function: a service, an API, an event source, somebody outside or in view.

        Administrators, who may call everything, are no sign that anybody does.
        """
        scene, arn = self._scene, function.arn
        if scene.outsiders(function) or any(arn in f for f in (scene.routes_to, scene.triggers_of, scene.mappings_of)):
            return True
        items = bits.of(scene.invocable.position[item.arn] for item in names_of(function))
        others = (s for s in scene.world.everybody if strength(scene, s) < Strength.IAM_WRITE)
        return any(scene.rights.of(s, scene.invocable, INVOKE).possible & items for s in others)

    @cached_property
    def aliased(self) -> Targets:
        """The functions that have an alias in view."""
        position = self._scene.functions.position
        having = {f.arn for f in self._scene.facts.functions for q in f.qualifiers if q.version is not None}
        numbers = bits.of(position[arn] for arn in having)
        return Targets(self._scene.functions, numbers)

    @cached_property
    def strong(self) -> Sequence[Function]:
        """The functions whose roles may do everything, or have all data of a kind, the strongest first."""
        scene, worths = self._scene, dict[str, Strength]()
        for arn in scene.functions_of_role:
            role = scene.subject(arn) if arn not in scene.shut_roles else None
            worth = self.atlas.worth(role) if role is not None and strength(scene, role) > Strength.SOME else None
            if worth is not None:
                worths[arn] = worth
        found = [f for f in scene.facts.functions if f.role in worths]
        return tuple(sorted(found, key=lambda f: -worths[f.role or ""]))

    def new_functions(self, caller: Role | User, *actions: str) -> Iterator[str]:
        """ARNs of functions the caller might create, those first on which it might do the actions as well."""
        return new_functions(self._scene, self._subject(caller), *actions)

    def feeds(self, caller: Role | User, role: Role) -> Iterator[Feed]:
        """Queues and streams the caller might write to and the role read, or that functions read already."""
        return self._feeds.of(self._subject(caller), self._subject(role))

    def known_feeds(self, caller: Role | User, role: Role) -> Iterator[Feed]:
        """The same for the role of a function among those connectable, of sources that are known by name."""
        return self._pairs.of(self._subject(caller), self._subject(role))

    @cached_property
    def _pairs(self) -> Pairs:
        roles = (self._scene.executes_as(f) for f in self._readers[0])
        return Pairs(self._scene, self._feeds, [role for role in dict.fromkeys(roles) if role is not None])

    @cached_property
    def _feeds(self) -> Feeds:
        return Feeds(self._scene)

    def reads(self, role: Role, feed: Feed) -> tuple[Answer, ...]:
        """The answers that let a role read a source for a mapping; empty where one of them is missing."""
        key = (role.arn, feed.source)
        found = self._reads.get(key)
        if found is None:
            subject, answers = self._subject(role), list[Answer]()
            for action in feed.reads:
                answer = self._answer(subject, action, item_named(feed.source, action, subject.account))
                if not answer.allowed:
                    answers.clear()
                    break
                answers.append(answer)
            found = self._reads[key] = tuple(answers)
        return found

    def deputy(self, caller: Role | User) -> Deputy | None:
        """A function that the caller can have invoked and whose role may edit the caller."""
        return self._deputies.of(self._subject(caller)) if self._deputies.editors else None

    def lifts_limits(self, deputy: Deputy, caller: Role | User) -> bool:
        """Whether the function may also take away the permissions boundary that limits the caller."""
        role, kind = self._subject(deputy.role), "role" if isinstance(caller, Role) else "user"
        actions = (e.action for e in escalation.iam_edits() if e.gives == "limits" and e.on == kind)
        asked = (self._answer(role, action, item_named(caller.arn, action, role.account)) for action in actions)
        return caller.boundary is not None and any(answer.verdict is Verdict.ALLOWED for answer in asked)

    @cached_property
    def _deputies(self) -> Deputies:
        return Deputies(self._scene)

    def connectable(self, caller: Role | User) -> Sequence[Function]:
        """Of the strong functions whose roles may read some queue or stream, those the caller may connect to one.

        Whoever may move mappings may connect any that it may move: it is asked about all of them. None where the caller
        may write to no source known by name.
        """
        readers, universe = self._readers
        subject = self._subject(caller)
        if not readers or not self._pairs.written_by(subject):
            return ()
        if self._scene.rights.mentions.any(caller, (MOVE,)):
            return readers
        may = self._scene.world.access_of(subject, universe, MAP, alone=True)
        return [readers[number] for number in bits.members(may.possible & ~may.unread)]

    @cached_property
    def _readers(self) -> tuple[Sequence[Function], Universe]:
        """The functions to ask about, and each as what a request to create a mapping tells of it."""
        roles = {f.arn: self._scene.executes_as(f) for f in self.strong}
        found = [f for f in self.strong if (role := roles[f.arn]) is not None and may_read(role)]
        return found, Universe(Item("*", known={"lambda:functionarn": (f.arn,)}) for f in found)

    def assumer(self, role: Role) -> Role | User | None:
        """Somebody in view, no administrator, who surely may assume the role: a user where there is one."""
        return self._assumers.get(role.arn)

    @cached_property
    def _assumers(self) -> Mapping[str, Role | User]:
        return assumers(self._scene)

    def _subject(self, caller: Role | User) -> Subject:
        subject = self._scene.subject(caller.arn)
        if subject is None:
            raise LookupError(caller.arn)
        return subject
