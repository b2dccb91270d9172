"""API Gateway in front of functions."""

from dataclasses import dataclass

from permcheck.model.policy import Policy


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One method and path of an API and the function behind it.

    auth: ``NONE``, ``AWS_IAM``, ``COGNITO_USER_POOLS``, ``JWT``, ``CUSTOM``, None where not told.
    api_key: whether a key is asked for. function: ARN as it is called, qualified or not.
    credentials: the role the integration calls with, None where it calls as API Gateway.
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


@dataclass(frozen=True, slots=True, eq=False)
class Api:
    """An API. kind: ``REST``, ``HTTP`` or ``WEBSOCKET``. private: reachable only through VPC endpoints.

    policy: the resource policy of a REST API, None where it has none. complete: whether its routes were all given.
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

    @property
    def arn(self) -> str:
        """The execute-api ARN of the whole API."""
        return f"arn:{self.partition}:execute-api:{self.region}:{self.account}:{self.id}"
