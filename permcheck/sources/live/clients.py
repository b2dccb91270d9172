"""The only place that talks to AWS: credentials, clients, and what goes wrong on the way."""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import botocore.config
import botocore.exceptions
import botocore.parsers
import botocore.session
from botocore import xform_name
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

from permcheck.errors import PermcheckError, UsageError
from permcheck.frozen import dataclass
from permcheck.sources.live.asking import CallFailed
from permcheck.sources.live.beginning import ENTER, LIST_REGIONS, WHO_AM_I
from permcheck.sources.live.call import Call
from permcheck.sources.live.keep import SAFE_CODE
from permcheck.sources.snapshot.answer import EXPIRED, NOT_OFFERED, Problem

_EXPIRED = frozenset(("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"))
_THROTTLED = frozenset(
    (
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "SlowDown",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
    )
)
# What a Region that is not enabled for the account says to credentials that are good elsewhere.
_REGION_OFF = frozenset(("UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "OptInRequired"))
_DENIED = frozenset(("AuthorizationError", "AuthorizationErrorException", "UnauthorizedOperation", "Forbidden", "403"))
_NOT_IMPLEMENTED = frozenset(
    ("UnknownOperationException", "NotImplemented", "InvalidAction", "UnsupportedOperation", "404", "405", "501")
)
RETRIES = 6  # attempts of one call, the first one included
TIMEOUT = 20  # seconds for a connection, and for each answer


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose credentials they are. arn: the caller's; partition: ``aws``, ``aws-cn`` or ``aws-us-gov``."""

    account: str
    arn: str

    @property
    def partition(self) -> str:
        """The partition of the account."""
        return self.arn.split(":", 2)[1]


@dataclass(frozen=True, slots=True)
class Access:
    """How to get at AWS.

    agent: what calls are known by in CloudTrail. on_session: told of every boto3 session before a client is made of it.
    """

    profile: str | None = None
    endpoint_url: str | None = None
    external_id: str | None = None
    attempts: int = RETRIES
    timeout: float = TIMEOUT
    connections: int = 10
    agent: str = "permcheck"
    on_session: Callable[[Any], object] = lambda session: None


class Clients:
    """Clients by account, Region and service, each made once."""

    def __init__(self, access: Access) -> None:
        """role_of: told afterwards which role each account is read with. Raises UsageError."""
        self._access = access
        self.role_of: Callable[[str], str] = lambda account: ""
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._sessions: dict[str, Any] = {}
        try:
            self._base = boto3.Session(profile_name=access.profile)
            access.on_session(self._base)
            self.region: str | None = self._base.region_name
        except botocore.exceptions.BotoCoreError as error:
            raise UsageError(_one_line(error), "aws configure list-profiles shows the profiles there are") from None

    def identity(self, region: str) -> Identity:
        """Who the credentials that the scan begins with are of. Raises UsageError where they are of nobody."""
        try:
            found = self._answer(self._client(self._base, WHO_AM_I.service, region), WHO_AM_I, {})
        except CallFailed as failed:
            raise UsageError(
                f"sts:GetCallerIdentity failed: {failed.problem.text}",
                "check the credentials, --profile, --region and --endpoint-url",
            ) from None
        self._sessions[found["Account"]] = self._base
        return Identity(found["Account"], found["Arn"])

    def regions(self, region: str) -> list[str]:
        """The Regions that are enabled for the account. Raises UsageError where they cannot be listed."""
        try:
            found = self._answer(self._client(self._base, LIST_REGIONS.service, region), LIST_REGIONS, {})
        except CallFailed as failed:
            raise UsageError(
                f"the Regions cannot be listed: ec2:DescribeRegions: {failed.problem.text}", "name them with --region"
            ) from None
        return sorted(each["RegionName"] for each in found["Regions"])

    def _session(self, account: str) -> Any:
        """The session that an account is read with; it takes a role when it is first used, and again in time."""
        known = self._sessions.get(account)
        if known is None:
            known = self._sessions[account] = self._assumed(self.role_of(account))
        return known

    def _assumed(self, role: str) -> Any:
        source = self._base.get_credentials()
        if source is None:
            raise CallFailed(Problem("Denied"))
        extra = {"RoleSessionName": "permcheck"}
        if self._access.external_id:
            extra["ExternalId"] = self._access.external_id
        sts = self._client(self._base, ENTER.service, self._home())
        fetcher = AssumeRoleCredentialFetcher(lambda *_, **__: sts, source, role, extra_args=extra, cache={})
        inner = botocore.session.Session(profile=self._access.profile)
        inner._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        session = boto3.Session(botocore_session=inner)
        self._access.on_session(session)
        return session

    def send(self, account: str, region: str, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make one call. Raises CallFailed."""
        key = (account, region, call.service)
        with self._lock:
            client = self._clients.get(key)
            if client is None:
                client = self._client(self._session(account), call.service, region or self._home())
                self._clients[key] = client
        if call is ENTER:
            # Nothing is called with a role before it is taken, so to take it is to call anything.
            return self._answer(client, WHO_AM_I, {})
        try:
            return self._answer(client, call, parameters)
        except CallFailed as failed:
            if failed.problem.kind == "Connection" and region and not self._offered(call.service, region):
                raise CallFailed(Problem(NOT_OFFERED)) from None
            raise

    def _offered(self, service: str, region: str) -> bool:
        """Whether a Region has a service, as far as boto3 knows; asked only where nobody answers there."""
        if self._access.endpoint_url is not None:
            return True
        try:
            partition = self._base.get_partition_for_region(region)
        except botocore.exceptions.UnknownRegionError:
            return True
        return region in self._base.get_available_regions(service, partition_name=partition)

    def _home(self) -> str:
        """Whose endpoint to use for services that belong to no Region."""
        return self.region or "us-east-1"

    def _client(self, session: Any, service: str, region: str) -> Any:
        config = botocore.config.Config(
            retries={"mode": "adaptive", "total_max_attempts": self._access.attempts},
            connect_timeout=self._access.timeout,
            read_timeout=self._access.timeout,
            max_pool_connections=self._access.connections,
            user_agent_extra=self._access.agent,
        )
        try:
            client = session.client(service, region_name=region, endpoint_url=self._access.endpoint_url, config=config)
            client.meta.events.register("before-parse", _refuse_broken)
            return client
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise UsageError(_one_line(error)) from None

    def _answer(self, client: Any, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        name = xform_name(call.operation)
        try:
            found: Mapping[str, Any] = getattr(client, name)(**parameters)
            return found
        except PermcheckError:
            raise
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            raise CallFailed(problem) from None


def _refuse_broken(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """Stop at an answer that is not what it should be: botocore would take it for an empty one."""
    body = response_dict.get("body")
    if response_dict["status_code"] >= 300 or not body:
        return
    if body.lstrip()[:9].lower().startswith((b"<html", b"<!doctype")):
        raise botocore.parsers.ResponseParserError("a web page")
    if "json" in operation_model.service_model.resolved_protocol:
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise botocore.parsers.ResponseParserError("not JSON")


def problem_of(error: Exception) -> Problem | None:
    """What sort of failure an exception of botocore is, without a word of what it says; None for a defect of ours."""
    e = botocore.exceptions
    if isinstance(error, e.ParamValidationError):
        return None
    if isinstance(error, e.ClientError):
        return _of_code(error)
    kinds: tuple[tuple[Any, str], ...] = (
        ((e.ReadTimeoutError, e.ConnectTimeoutError), "Timeout"),
        ((e.EndpointConnectionError, e.ConnectionError, e.HTTPClientError, e.ProxyConnectionError), "Connection"),
        ((e.ResponseStreamingError,), "Connection"),
        ((e.NoCredentialsError, e.PartialCredentialsError), "Denied"),
        ((e.CredentialRetrievalError, e.TokenRetrievalError, e.UnauthorizedSSOTokenError, e.SSOError), EXPIRED),
        ((e.BotoCoreError, botocore.parsers.ResponseParserError), "Malformed"),
        ((ValueError, KeyError, TypeError, AttributeError, LookupError), "Malformed"),
    )
    for classes, kind in kinds:
        if isinstance(error, classes):
            return Problem(kind)
    return None


def _of_code(error: Any) -> Problem:
    said = str(error.response.get("Error", {}).get("Code", ""))
    code = said if SAFE_CODE.fullmatch(said) else ""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in _EXPIRED:
        return Problem(EXPIRED, code)
    if code in _THROTTLED or status == 429:
        return Problem("Throttled", code)
    if code in _REGION_OFF:
        return Problem("RegionOff", code)
    if code in _NOT_IMPLEMENTED:
        return Problem("NotImplemented", code)
    if "AccessDenied" in code or "NotAuthorized" in code or code in _DENIED or status in (401, 403):
        return Problem("Denied", code)
    if isinstance(status, int) and status >= 500:
        return Problem("Server", code)
    return Problem("Other", code)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
