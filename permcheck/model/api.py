"""API Gateway in front of functions."""

from permcheck.frozen import dataclass
from permcheck.model.policy import Policy


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One method and path of an API and the function behind it.

    auth: ``NONE``, ``AWS_IAM``, ``COGNITO_USER_POOLS``, ``JWT``, ``CUSTOM``, None where not told.
    api_key: whether a key is asked for. function: ARN as it is called, qualified or not.
    credentials: the role the integration calls with, None where it calls as API Gateway.
    throttled: every stage in view lets only so many requests a second through, fewer than the account as a whole.
    method is empty for a route that has none: ``$default`` of an HTTP API, and every route of a WebSocket API, whose
    auth is that of ``$connect``. authorizer: the id of the Authorizer that is asked, None where there is none.
    """

    method: str
    path: str
    auth: str | None
    function: str
    source: str
    pointer: str = ""
    api_key: bool = False
    credentials: str | None = None
    throttled: bool = False
    authorizer: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Authorizer:
    """Who an API asks whether a caller may enter. kind: ``TOKEN``, ``REQUEST``, ``COGNITO_USER_POOLS`` or ``JWT``.

    function: for the first two, the ARN of the function that anybody makes it call by calling the API.
    credentials: the role it is called with, None where API Gateway calls in its own name.
    user_pools: ARNs of the user pools whose tokens are accepted. issuer: who signs the tokens of a JWT authorizer.
    """

    id: str
    name: str
    kind: str
    source: str
    pointer: str = ""
    function: str | None = None
    credentials: str | None = None
    user_pools: tuple[str, ...] = ()
    issuer: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Api:
    """An API. kind: ``REST``, ``HTTP`` or ``WEBSOCKET``. private: reachable only through VPC endpoints.

    policy: the resource policy of a REST API, None where it has none. complete: whether its routes were all given.
    stages: names of the stages it is deployed at, None where not told.
    """

    id: str
    kind: str
    name: str
    account: str
    region: str
    source: str
    pointer: str = ""
    policy: Policy | None = None
    routes: tuple[Route, ...] = ()
    private: bool = False
    complete: bool = True
    partition: str = "aws"
    stages: tuple[str, ...] | None = None
    authorizers: tuple[Authorizer, ...] = ()

    @property
    def arn(self) -> str:
        """The execute-api ARN of the whole API."""
        return f"arn:{self.partition}:execute-api:{self.region}:{self.account}:{self.id}"
