"""What stands around functions, as the files tell it so far: resources, APIs and user pools, one mutable draft each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from permcheck.model.api import Authorizer
from permcheck.model.policy import Policy
from permcheck.model.resource import Trigger
from permcheck.model.user_pool import UserPoolClient, UserPoolGroup


@dataclass(slots=True)
class ResourceDraft:
    """A resource by its ARN. told: a file of its own describes it. triggers: by function, role
    and filter.

    forwards: ARNs of the resources it sends events on to, in the order they were met. enabled: False for a rule that is
    switched off, with all that hangs on it.
    """

    arn: str
    service: str
    source: str
    pointer: str
    told: bool = False
    policy: Policy | None = None
    policy_read: bool = False
    triggers: dict[tuple[str, str | None, str, str], Trigger] = field(default_factory=dict)
    forwards: dict[str, None] = field(default_factory=dict)
    tags: Mapping[str, str] | None = None
    role: str | None = None
    pattern: str | None = None
    enabled: bool = True
    account: str = ""


@dataclass(slots=True)
class Part:
    """Something that does not say what it is about: only the file's name or its neighbours do.

    kind: of the thing it is about, as owners.py knows it. what: what it tells, for people. operation: of the AWS CLI.
    give: puts it on the thing, by the thing's id or ARN. name: what the text calls the thing, where it tells a name.
    account: whose the thing is, where the text tells that.
    """

    kind: str
    what: str
    operation: str
    source: str
    pointer: str
    give: Callable[[str], None]
    name: str = ""
    account: str = ""


@dataclass(slots=True)
class Tagged:
    """Tags of something by its ARN, as the tagging API lists them."""

    arn: str
    tags: Mapping[str, str]
    source: str
    pointer: str


@dataclass(slots=True)
class RouteDraft:
    """A method of a REST API, or a route of another. key: ``GET /path``, or what a route without a method is called.

    uri: of the integration, where the output tells it; target: else the id of the integration (``integrations/ID``).
    integrated: whether the output tells what stands behind it at all.
    """

    key: str
    source: str
    pointer: str
    auth: str | None = None
    authorizer: str | None = None
    api_key: bool = False
    uri: str | None = None
    credentials: str | None = None
    target: str | None = None
    integrated: bool = True


@dataclass(slots=True)
class StageDraft:
    """A stage of an API. limits: whether requests are limited below the account's own limit, by route key or ``*``.

    variables: what ``${stageVariables.NAME}`` stands for in an integration; nothing of them is kept beyond that.
    """

    name: str
    limits: dict[str, bool] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ApiDraft:
    """An API by its id. kind: ``REST``, ``HTTP``, ``WEBSOCKET``, or ``V2`` while it is not told which of the latter.

    told: a file of its own describes it. routes_told: whether a listing of them is in view; gaps: whether something
    that such a listing says of what the API calls could not be read.
    paths: a REST API's resource id → path. methods: of get-method, which tells no path, each with the words of the
    file's name; one of them is the id of the resource.
    """

    id: str
    kind: str
    source: str
    pointer: str
    told: bool = False
    name: str = ""
    account: str = ""
    region: str = ""
    policy: Policy | None = None
    private: bool = False
    routes: dict[str, RouteDraft] = field(default_factory=dict)
    routes_told: bool = False
    integrations: dict[str, RouteDraft] = field(default_factory=dict)
    gaps: bool = False
    paths: dict[str, str] = field(default_factory=dict)
    methods: list[tuple[tuple[str, ...], RouteDraft]] = field(default_factory=list)
    stages: dict[str, StageDraft] | None = None
    authorizers: dict[str, Authorizer] = field(default_factory=dict)


@dataclass(slots=True)
class UserPoolDraft:
    """A user pool by its id. described: describe-user-pool is in view; groups_told: so is a listing of its groups."""

    id: str
    source: str
    pointer: str
    arn: str = ""
    name: str = ""
    described: bool = False
    self_sign_up: bool | None = None
    attributes: dict[str, bool] = field(default_factory=dict)
    groups: dict[str, UserPoolGroup] = field(default_factory=dict)
    groups_told: bool = False
    clients: dict[str, UserPoolClient] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """A place that names a function to be called, and what calls it, for people."""

    function: str
    by: str
    source: str
    pointer: str
