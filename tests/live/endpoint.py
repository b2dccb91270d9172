"""A real HTTP endpoint on loopback: moto's server, and in front of it a responder for what moto does not answer.

The responder's answers are checked against botocore's own service model before they are sent.
"""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
import botocore.session
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

ACCOUNT = DEFAULT_ACCOUNT_ID
REGION = "eu-west-1"
MODELS = botocore.session.get_session()

CUT = "200 Cut"  # the status of an answer that breaks off

TYPES = {"structure": dict, "map": dict, "list": list, "string": str, "boolean": bool, "integer": int}

Json = dict[str, Any]
Environ = Mapping[str, Any]
Answer = Callable[["Responder", re.Match[str], Json], Json]


class Unlike(AssertionError):
    """An answer of the responder that AWS could not give."""


def checked(service: str, operation: str, answer: Json) -> Json:
    """The answer with the names that go over the wire. Raises Unlike where the service model has no such answer."""
    shape = MODELS.get_service_model(service).operation_model(operation).output_shape
    found = _wire(answer, shape, f"{service}:{operation}")
    assert isinstance(found, dict)
    return found


def _wire(value: Any, shape: Any, at: str) -> Any:
    kind: Any = TYPES.get(shape.type_name, object)
    if not isinstance(value, kind):
        raise Unlike(f"{at} is a {shape.type_name}")
    if shape.type_name == "structure":
        if unknown := set(value) - set(shape.members):
            raise Unlike(f"{at} has no {unknown}")
        return {
            shape.members[name].serialization.get("name", name): _wire(each, shape.members[name], f"{at}.{name}")
            for name, each in value.items()
        }
    if shape.type_name == "list":
        return [_wire(each, shape.member, f"{at}[]") for each in value]
    if shape.type_name == "map":
        return {name: _wire(each, shape.value, f"{at}.{name}") for name, each in value.items()}
    if shape.type_name == "string" and shape.enum and value not in shape.enum:
        raise Unlike(f"{at} is one of {shape.enum}")
    return value


class Responder:
    """Answers a few calls itself and hands the others to moto. asked: how many requests there were.

    before: called with each request before it is answered. refuse: the status and the body to answer with, or None.
    """

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self.before: Callable[[Environ], None] = lambda environ: None
        self.refuse: Callable[[Environ], tuple[str, str] | None] = lambda environ: None
        self.reset()

    def reset(self) -> None:
        """Forget everything, and make moto forget."""
        self.asked = 0
        self.pool_roles: dict[str, Json] = {}
        self.urls: dict[str, list[Json]] = {}
        self.resource_policies: dict[str, str] = {}
        self.before = lambda environ: None
        self.refuse = lambda environ: None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        with self._lock:
            self.asked += 1
        self.before(environ)
        refused = self.refuse(environ)
        if refused is not None:
            # A connection that breaks in the middle of an answer: more was promised than comes.
            promised = len(refused[1]) + (1000 if refused[0] == CUT else 0)
            start(refused[0], [("Content-Type", "text/xml"), ("Content-Length", str(promised))])
            return [refused[1].encode()]
        found = self._own(environ)
        if found is None:
            answered: Iterable[bytes] = self._moto(environ, start)
            return answered
        status, body = found
        raw = json.dumps(body).encode()
        start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(raw)))])
        return [raw]

    def _own(self, environ: dict[str, Any]) -> tuple[str, Json] | None:
        target, path = environ.get("HTTP_X_AMZ_TARGET", ""), environ["PATH_INFO"]
        asked = target or f"{environ['REQUEST_METHOD']} {path}"
        for pattern, service, operation, answer in OWN:
            match = pattern.fullmatch(asked)
            if match is None:
                continue
            body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
            try:
                return "200 OK", checked(service, operation, answer(self, match, body))
            except LookupError:
                return None
        return None


def _roles(responder: Responder, match: re.Match[str], body: Json) -> Json:
    pool = body["IdentityPoolId"]
    return {"IdentityPoolId": pool, **responder.pool_roles.get(pool, {})}


def _tag_map(responder: Responder, match: re.Match[str], body: Json) -> Json:
    return {**body, "UseDefaults": True, "PrincipalTags": {}}


def _urls(responder: Responder, match: re.Match[str], body: Json) -> Json:
    return {"FunctionUrlConfigs": responder.urls.get(match[1], [])}


def _resource_policy(responder: Responder, match: re.Match[str], body: Json) -> Json:
    # For any other function moto answers, with an HTML page that says 404.
    return {"Policy": responder.resource_policies[match[1]], "RevisionId": "1"}


def _authorizers(responder: Responder, match: re.Match[str], body: Json) -> Json:
    return {"Items": []}


OWN: tuple[tuple[re.Pattern[str], str, str, Answer], ...] = tuple(
    (re.compile(pattern), service, operation, answer)
    for pattern, service, operation, answer in (
        (r"\w+\.GetIdentityPoolRoles", "cognito-identity", "GetIdentityPoolRoles", _roles),
        (r"\w+\.GetPrincipalTagAttributeMap", "cognito-identity", "GetPrincipalTagAttributeMap", _tag_map),
        (r"GET /2021-10-31/functions/([^/]+)/urls", "lambda", "ListFunctionUrlConfigs", _urls),
        (r"GET /2026-07-09/resource-policy/(.+)", "lambda", "GetResourcePolicy", _resource_policy),
        (r"GET /v2/apis/([^/]+)/authorizers", "apigatewayv2", "GetAuthorizers", _authorizers),
    )
)


class Endpoint:
    """The server. url: where it listens."""

    def __init__(self, responder: Responder, url: str) -> None:
        self.responder = responder
        self.url = url

    def client(self, service: str, region: str = REGION, **credentials: str) -> Any:
        """A boto3 client that talks to it."""
        return boto3.client(service, region_name=region, endpoint_url=self.url, **credentials)


@contextmanager
def serving() -> Iterator[Endpoint]:
    """Serve while the block runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    responder = Responder()
    server: BaseWSGIServer = make_server("127.0.0.1", 0, responder, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Endpoint(responder, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
