"""Answers to the questions: who may invoke, what is reached, and why."""

from collections.abc import Mapping

from permcheck.frozen import dataclass
from permcheck.model.location import Location, NotRead
from permcheck.model.verdict import Verdict

JsonObject = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Because:
    """A statement that decided: where it stands, and its effect (``Allow`` or ``Deny``)."""

    location: Location
    effect: str


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Somebody outside IAM who is handed the caller's role. kind: ``guest`` or ``signed_in``; name: the pool's id."""

    kind: str
    name: str
    flow: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CallerRow:
    """One way one caller may invoke a function.

    caller: ARN, service principal, account id, organization id, ``*`` (kind ``aws``) or ``anyone``.
    kind: a node kind (``role``, ``user``, ``aws``, ``account``, ``org``, ``service``, ``anyone`` …).
    resource: the ARN as it must be called. via: ``identity_policy``, ``resource_policy``, ``function_url``, ``api``,
    ``event_source``. conditions and witness are objects of the JSON contract.
    """

    caller: str
    kind: str
    verdict: Verdict
    action: str
    resource: str
    via: str
    conditions: tuple[JsonObject, ...] = ()
    because: tuple[Because, ...] = ()
    witness: JsonObject | None = None
    held_by: tuple[HeldBy, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class WhoAnswer:
    """Who may invoke one function: rows sorted by kind and caller, and what could not be read.

    asked: the ARN that was asked about, which may end in a qualifier.
    """

    function: str
    callers: tuple[CallerRow, ...]
    not_read: tuple[NotRead, ...] = ()
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some requests, by action and resource: those that the patterns name, or all but those. None = no matter which.

    At most one of actions and not_actions is set, and one of resources and not_resources. because: the statements that
    take it away, where they are not the row's own.
    """

    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class ReachRow:
    """What one statement lets a principal do, after every other layer had its say.

    service: the prefix (``dynamodb``), ``*`` for all. The row is about every request for one of the actions on one of
    the resources (patterns; a wildcard in the account means the principal's own) that is in each portion of ``within``
    and in none of ``besides``; of all those the verdict holds. expanded: the actions one by one, where asked for.
    """

    service: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    verdict: Verdict
    because: tuple[Because, ...]
    conditions: tuple[JsonObject, ...] = ()
    note: str = ""
    expanded: tuple[str, ...] = ()
    within: tuple[Portion, ...] = ()
    besides: tuple[Portion, ...] = ()


@dataclass(frozen=True, slots=True)
class ReachTarget:
    """A function or role the principal may act on. how: ``invoke``, ``rewrite``, ``grant``, ``pass`` or ``assume``.

    service: for ``pass``, the service that may be given the role.
    """

    how: str
    arn: str
    verdict: Verdict
    action: str
    because: tuple[Because, ...]
    conditions: tuple[JsonObject, ...] = ()
    service: str = ""


@dataclass(frozen=True, slots=True)
class ReachAnswer:
    """What a principal may do: the asked name, the role or user it acts as, rows by service, functions and roles.

    assumptions: sentences about what is taken for granted because nothing in view tells.
    """

    subject: str
    principal: str
    rows: tuple[ReachRow, ...]
    targets: tuple[ReachTarget, ...]
    not_read: tuple[NotRead, ...] = ()
    administrator: Verdict = Verdict.DENIED
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyLayer:
    """What one layer says about a request. answer: one line for people; because: the statements behind it."""

    layer: str
    answer: str
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """Why a caller may or may not invoke a function, layer by layer; one per (action, resource, way in) asked.

    via: ``function_url``, ``api`` or ``event_source``, None for a call of Lambda's own API. Through an entrance several
    requests can make up one answer; their layers follow each other.
    """

    caller: str
    action: str
    resource: str
    verdict: Verdict
    denied_by: str | None
    layers: tuple[WhyLayer, ...]
    conditions: tuple[JsonObject, ...] = ()
    witness: JsonObject | None = None
    via: str | None = None
