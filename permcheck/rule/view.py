"""What a rule may ask. Every answer is a decision: Deny, boundaries, conditions and other policies had their say."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from permcheck.access import Item, Subject, Universe, bits
from permcheck.config import Config
from permcheck.graph.anything import item_named
from permcheck.graph.asked import OVER_FUNCTIONS
from permcheck.graph.foreign_triggers import ForeignTrigger, foreign_triggers
from permcheck.graph.gain import Gain, Gains, RoleGain
from permcheck.graph.journeys import Journey, Openness, journeys
from permcheck.graph.named import lets_its_own
from permcheck.graph.on_behalf import ServiceGrant, service_grants
from permcheck.graph.opened import Door, Doors
from permcheck.graph.outsiders import INVOKE, Outsider, latent
from permcheck.graph.places import place
from permcheck.graph.prize import prize
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, administrator, strength
from permcheck.graph.trust import LetIn, let_in
from permcheck.graph.url_gaps import UrlGap, url_gaps
from permcheck.model.facts import Facts
from permcheck.model.finding import PathStep
from permcheck.model.function import Function
from permcheck.model.identity import Role, User
from permcheck.model.location import Location
from permcheck.model.policy import Policy, Statement
from permcheck.model.pool import IdentityPool, PoolRole
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.matching import naming
from permcheck.rule.answer import Answer, Targets
from permcheck.rule.answered import Answered
from permcheck.rule.around import Around
from permcheck.rule.pools import Pools
from permcheck.rule.told import Told
from permcheck.rule.ways import Ways

# A role or user, or a session that somebody outside IAM takes of a role.
Caller = Role | User | Subject


class View:
    """The questions of one run. Answers are worked out once and kept.

    used: (setting, what it names) of each trusted account or organization and each public function that a rule met.
    """

    def __init__(self, facts: Facts, config: Config, scene: Scene | None = None) -> None:
        self.facts = facts
        self.config = config
        self.used: set[tuple[str, str]] = set()
        self.scene = scene or Scene(facts)
        self._by_arn = self.scene.world.by_arn
        self._answered = Answered()
        self._told = Told()
        self._gains: Gains | None = None
        self._function_steps: dict[tuple[str, str], Sequence[PathStep]] = {}
        self._role_steps: dict[str, Sequence[PathStep]] = {}
        self._journeys: tuple[Journey, ...] | None = None
        self._executing: Targets | None = None
        self._for_lambda: Targets | None = None
        self._service_grants: dict[Function, tuple[ServiceGrant, ...]] = {}

    # who comes in

    def outsiders(self, function: Function, action: str = INVOKE) -> Sequence[Outsider]:
        """Callers outside the view that the function's policies admit, by qualifier, and through its URLs."""
        return self.scene.outsiders(function, action)

    def shape(self, function: Function) -> frozenset[str]:
        """What the function's policies hold, at a glance: traits of graph.shape, for passing a function by."""
        return self.scene.shape(function)

    def service_grants(self, function: Function) -> Sequence[ServiceGrant]:
        """Services that may call the function for a stranger, or for anything of an account."""
        found = self._service_grants.get(function)
        if found is None:
            found = self._service_grants[function] = tuple(service_grants(function))
        return found

    def foreign_triggers(self, function: Function) -> Iterator[ForeignTrigger]:
        """Services that may call the function for another account, of which the input holds nothing."""
        return (t for t in foreign_triggers(function) if t.account not in self._accounts)

    @cached_property
    def _accounts(self) -> frozenset[str]:
        """The accounts of which identities, functions, APIs or policies of resources are in view."""
        facts = self.facts
        arns = (thing.arn for things in (facts.roles, facts.users, facts.functions) for thing in things)
        around = (r.account or account_of(r.arn) for r in facts.resources if r.policy is not None)
        return frozenset((*map(account_of, arns), *(api.account for api in facts.apis), *around))

    def lets_its_own(self, function: Function, qualifier: str, action: str, statement: Statement) -> bool:
        """Whether a statement of the function's policy lets a principal of the same account that it names do it."""
        return lets_its_own(function, qualifier, action, statement)

    def latent_urls(self, function: Function) -> Iterator[Outsider]:
        """Anyone, for each name of the function whose policy opens a URL of type NONE that is not in view."""
        for qualifier in function.qualifiers:
            yield from latent(function, qualifier)

    def url_gaps(self, function: Function) -> Iterator[UrlGap]:
        """The function's URLs that lack a grant they need."""
        return url_gaps(function)

    def holders(self, role_arn: str) -> Sequence[tuple[IdentityPool, PoolRole]]:
        """The identity pools that hand out this role."""
        return self.scene.pools_of_role.get(role_arn, ())

    def guest_who_may(self, caller: Caller, action: str) -> str | None:
        """The id of a pool whose guests are handed this role and may do the action on any resource with it.

        The ceiling that Cognito puts on guests had its say. Conditional counts: the caller's own answer tells of that.
        """
        for session in self.scene.sessions_of_role.get(caller.arn, ()):
            holder = session.holder
            if holder is None or holder.kind != "guest" or holder.verdict not in _MAY:
                continue
            if self.scene.probes.verdict(session, action) in _MAY:
                return holder.name
        return None

    def let_in(self, role: Role) -> Sequence[LetIn]:
        """Everybody whom the role's trust policy lets assume it, but for whom a value not yet known might let in."""
        return tuple(each for each in let_in(role) if not all(r.statement.widened for r in each.reasons))

    def by_token(self, role: Role) -> Sequence[Subject]:
        """The role's sessions that tokens of identity providers lead to, surely or on conditions; no identity pools."""
        found = ((s, s.holder) for s in self.scene.sessions_of_role.get(role.arn, ()))
        return tuple(s for s, h in found if h is not None and h.kind == "web_identity" and h.verdict in _MAY)

    @cached_property
    def pools(self) -> Pools:
        """What identity pools hand out, and to whom."""
        return Pools(self.scene, self.answer)

    @cached_property
    def ways(self) -> Ways:
        """How somebody comes to more rights than it has."""
        return Ways(self.scene, self.answer)

    def door(self, function: Function, beside: Collection[Function] = ()) -> Door | None:
        """Whoever outside comes to the function, the most people first; None where nobody does.

        beside: functions that those people must not come to directly.
        """
        return self._doors.of(function, beside)

    def fronts(self, openness: Openness, beside: Targets) -> Targets:
        """The functions that people outside, so many or more, come to, if they do not come to all of those beside.

        A first look: ``door`` finds nobody so open for any other function, beside some of those.
        """
        found = self._doors.fronts(openness, beside.numbers)
        return Targets(self.scene.functions, found)

    @cached_property
    def _doors(self) -> Doors:
        return Doors(self.scene, self.journeys())

    @cached_property
    def around(self) -> Around:
        """What stands around functions: APIs, event sources, mappings, and what calls with a role."""
        return Around(self.scene, self.answer)

    # what is what

    def role_of(self, function: Function) -> Role | None:
        """The execution role, None where it is not in view."""
        return self.scene.role_by_arn.get(function.role) if function.role else None

    def functions_of(self, role_arn: str) -> Sequence[Function]:
        """The functions that run as this role."""
        return self.scene.functions_of_role.get(role_arn, ())

    def function(self, arn: str) -> Function | None:
        """The function of an ARN, qualified or not."""
        return self.scene.function_of_item(arn)

    def role(self, arn: str) -> Role | None:
        """The role of an ARN."""
        return self.scene.role_by_arn.get(arn)

    def trusts_lambda(self, role: Role) -> bool:
        """Whether a function may run as this role."""
        return role.arn in self.scene.lambda_roles

    # what callers may do

    def may_any(self, caller: Caller, action: str) -> Verdict:
        """Whether the caller may do the action on any resource of its account (not on one or some: on any)."""
        subject = self._subject(caller)
        return self.scene.probes.verdict(subject, action)

    def may_some(self, caller: Caller, actions: tuple[str, ...]) -> bool:
        """Whether any of these actions, which permcheck asks of everybody, might be allowed on any resource.

        A first look at many actions at once, which nearly always says no.
        """
        return self.scene.probes.some(self._subject(caller), actions)

    def may_name_any(self, caller: Caller, action: str) -> bool:
        """Whether some policy of the caller may allow the action on any resource, before limits and every Deny.

        A first look at one action, also at one that permcheck does not ask of everybody.
        """
        return self.scene.probes.may_name(self._subject(caller), action)

    def decide_any(self, caller: Caller, action: str) -> Answer:
        """The same with reasons."""
        subject = self._subject(caller)
        return self.answer(subject, action, self.scene.probes.item(subject, action))

    def decide(
        self, caller: Caller, action: str, arn: str, known: Mapping[str, tuple[str, ...]] | None = None
    ) -> Answer:
        """One request with reasons; arn: a function (qualified or not), role or other resource.

        known: condition keys, lower case, that the request is made with.
        """
        subject = self._subject(caller)
        for universe in self._universes(action):
            number = universe.position.get(arn)
            if number is not None:
                return self.answer(subject, action, universe.items[number], known)
        return self.answer(subject, action, item_named(arn, action, subject.account), known)

    def _universes(self, action: str) -> Iterator[Universe]:
        """Where the resource of an action may be in view, made only as far as it is looked for."""
        service = action.partition(":")[0].lower()
        if service == "lambda":
            yield self.scene.functions
            yield self.scene.invocable
        elif service == "iam":
            yield self.scene.passable
        elif service == "sts":
            yield self.scene.roles

    def none_in_view(self, caller: Caller, action: str) -> bool:
        """Whether the caller might do a lambda action on any function, while the input holds no function at all."""
        return not self.facts.functions and self.may_any(caller, action) in _MAY

    def names(self, caller: Caller, *actions: str) -> bool:
        """Whether some policy of the caller allows one of the actions on anything, or was not read.

        A first look that says no for nearly everybody. The actions are among those of permcheck.graph.mentions.
        """
        return self.scene.rights.mentions.any(caller, actions)

    def functions_for(self, caller: Caller, action: str) -> Targets:
        """The functions the caller may do a lambda action on (as wholes, unqualified)."""
        return self._targets(self.scene.functions, action, caller)

    def passable_roles(self, caller: Caller) -> Targets:
        """The roles the caller may pass to Lambda."""
        return self._targets(self.scene.passable, "iam:PassRole", caller)

    def assumable_roles(self, caller: Caller) -> Targets:
        """The roles whose trust and the caller's own policies together let it assume them."""
        return self._targets(self.scene.roles, "sts:AssumeRole", caller, explicit=True)

    def roles_for(self, caller: Caller, action: str) -> Targets:
        """The roles the caller may do an action of IAM on."""
        return self._targets(self.scene.passable, action, caller)

    def gain(self, caller: Caller, functions: Targets) -> Gain | None:
        """What the caller gains by taking over one of the functions it surely may act on, at most.

        None where no role of theirs is in view, or where the caller may already give itself everything.
        """
        if self._gains is None:
            self._gains = Gains(self.scene)
        return self._gains.of(self._subject(caller), functions.numbers)

    def as_good(self, gain: Gain | RoleGain) -> Targets:
        """The other functions, or roles, by which as much is gained."""
        if isinstance(gain, Gain):
            return Targets(self.scene.functions, gain.alike).but(gain.function.arn)
        return Targets(self.scene.passable, gain.alike).but(gain.role.arn)

    def controls_functions(self, caller: Caller) -> Verdict:
        """Whether the caller may do everything with any function: the weakest verdict of what ``lambda:*`` holds."""
        subject = self._subject(caller)
        if not self.scene.probes.every(subject, OVER_FUNCTIONS):
            return Verdict.DENIED
        weakest = Verdict.ALLOWED
        for action in OVER_FUNCTIONS:
            verdict = self.scene.probes.verdict(subject, action)
            if verdict is Verdict.DENIED:
                return verdict
            weakest = min(weakest, verdict, key=_WEAKEST_FIRST.index)
        return weakest

    def execution_roles(self) -> Targets:
        """The roles that functions of the view run as."""
        if self._executing is None:
            position = self.scene.passable.position
            numbers = bits.of(position[arn] for arn in self.scene.functions_of_role if arn in position)
            self._executing = Targets(self.scene.passable, numbers)
        return self._executing

    def lambda_roles(self) -> Targets:
        """The roles that a function may run as: those whose trust policies let Lambda in."""
        if self._for_lambda is None:
            position = self.scene.passable.position
            numbers = bits.of(position[arn] for arn in self.scene.lambda_roles)
            self._for_lambda = Targets(self.scene.passable, numbers)
        return self._for_lambda

    def administrator(self, caller: Caller) -> Verdict:
        """Whether the caller may do everything, or everything but what IAM does."""
        return administrator(self.scene, self._subject(caller))

    def strength(self, caller: Caller) -> Strength:
        """How strong a principal is."""
        return strength(self.scene, self._subject(caller))

    def journeys(self) -> Sequence[Journey]:
        """Everything that is reached from each open door: guests, the internet, other accounts …"""
        if self._journeys is None:
            self._journeys = tuple(journeys(self.ways.atlas))
        return self._journeys

    # what configuration says

    def trusted_account(self, account: str) -> bool:
        """Whether configuration names the account as trusted."""
        return self._met("trusted_accounts", account, self.config.trusted_accounts)

    def trusted_org(self, org: str) -> bool:
        """Whether configuration names the organization as trusted."""
        return self._met("trusted_orgs", org, self.config.trusted_orgs)

    def _met(self, setting: str, name: str, named: frozenset[str]) -> bool:
        if name in named:
            self.used.add((setting, name))
        return name in named

    def is_deploy_role(self, caller: Caller) -> bool:
        """Whether configuration says that this caller is meant to rewrite functions."""
        return self.config.is_deploy_role(caller.arn)

    def public_reason(self, function: Function) -> str | None:
        """Why configuration says that the function is meant to be public, None where it does not."""
        entry = self.config.public(function.arn)
        if entry is None:
            return None
        self.used.add(("public_functions", entry.function))
        return entry.reason

    # places and paths

    def place(self, policy: Policy, statement: Statement | None = None, note: str = "", below: str = "") -> Location:
        """Where a statement stands; below: pointer of an element in it (``/Resource``)."""
        return place(policy, statement, note, below)

    def places(self, answers: Iterable[Answer], note: str) -> list[Location]:
        """The statements behind the answers, each once, those that allow first. note: what is said beside these."""
        return self._told.of(answers, note)

    def at(self, source: str, pointer: str, note: str = "", arn: str | None = None) -> Location:
        """A place of the input that is no statement."""
        return Location(source, pointer, arn, note=note)

    def caller_step(self, caller: Caller, edge: str, verdict: Verdict) -> Sequence[PathStep]:
        """The caller as the start of a path, behind the guest or signed-in user who holds it.

        edge: what it may do, an action or words. Whom session policies keep from the action is left out.
        """
        if isinstance(caller, Subject):
            holder, caller = caller.holder, caller.entity
        else:
            sessions = self.scene.sessions_of_role.get(caller.arn, ())
            held = [s.holder for s in sessions if s.holder is not None and _leaves(s.session, edge)]
            # Guests come first: they are everybody.
            holder = min(held, key=lambda h: h.kind != "guest") if held else None
        step = PathStep("role" if isinstance(caller, Role) else "user", caller.name, caller.arn, edge, verdict)
        if holder is None:
            return (step,)
        return (PathStep(holder.kind, holder.name, None, "is handed", holder.verdict), step)

    def function_steps(self, function: Function, qualifier: str = "") -> Sequence[PathStep]:
        """A function, the role it runs as and the strongest thing that role may do, as the end of a path.

        qualifier: the version or alias that is called; a version keeps the role it was published with.
        """
        key = (function.arn, qualifier)
        found = self._function_steps.get(key)
        if found is None:
            found = self._function_steps[key] = self._from_function(function, qualifier)
        return found

    def _from_function(self, function: Function, qualifier: str) -> Sequence[PathStep]:
        called = next((q for q in function.qualifiers if qualifier and q.name == qualifier), None)
        role = self.role(called.role) if called is not None and called.role else self.role_of(function)
        name, arn = (f"{t}:{qualifier}" if qualifier else t for t in (function.name, function.arn))
        if role is None:
            return (PathStep("function", name, arn),)
        return (PathStep("function", name, arn, "runs as", Verdict.ALLOWED), *self.role_steps(role))

    def role_steps(self, role: Role) -> Sequence[PathStep]:
        """A role and the strongest thing it may reach, as the end of a path."""
        found = self._role_steps.get(role.arn)
        if found is None:
            target = prize(self.scene, self._subject(role))
            if target is None:
                found = (PathStep("role", role.name, role.arn),)
            else:
                found = (PathStep("role", role.name, role.arn, "may reach", Verdict.ALLOWED), target)
            self._role_steps[role.arn] = found
        return found

    # machinery

    def _subject(self, caller: Caller) -> Subject:
        if isinstance(caller, Subject):
            return caller
        return self._by_arn[caller.arn]

    def _targets(self, universe: Universe, action: str, caller: Caller, explicit: bool = False) -> Targets:
        rights, subject = self.scene.rights, self._subject(caller)
        if not rights.may_be(subject, universe, action, explicit):
            return Targets(universe, 0)
        sure = rights.surely(subject, universe, action, explicit)
        return Targets(universe, sure, lambda: rights.of(subject, universe, action, explicit))

    def answer(
        self, subject: Subject, action: str, item: Item, known: Mapping[str, tuple[str, ...]] | None = None
    ) -> Answer:
        """The answer to one request. known: as for decide."""
        return self._answered.of(subject, action, item, known)


_WEAKEST_FIRST = (Verdict.DENIED, Verdict.UNKNOWN, Verdict.CONDITIONAL, Verdict.ALLOWED)


def _leaves(session: Sequence[Policy], edge: str) -> bool:
    """Whether session policies leave an action; edges that are words are not theirs to say."""
    if not session or ":" not in edge:
        return True
    return any(s.is_allow for p in session if p.document is not None for s in naming(p.document, edge))


_MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)
