"""What can go wrong with one call, put between botocore and the wire: every retry meets it again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from permcheck.sources.live.call import Call

# AWS's messages may say whose the credentials are, and more: none of it may come out.
MESSAGE = "planted-message-7c1: AKIAPLANTEDKEY234567 with the token FwoGZXIvYXdzEPLANTED"

Fault = Callable[[Call, Any], AWSResponse]


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._body


def answer(request: Any, status: int, body: str, **headers: str) -> AWSResponse:
    """An HTTP answer."""
    return AWSResponse(request.url, status, {k.replace("_", "-"): v for k, v in headers.items()}, _Raw(body.encode()))


def failing(status: int, code: str) -> Fault:
    """An error of AWS's, in each protocol."""

    def fault(call: Call, request: Any) -> AWSResponse:
        xml = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{MESSAGE}</Message></Error>"
        if call.service == "s3":
            return answer(request, status, xml)
        if call.service in ("iam", "sns", "sts"):
            return answer(request, status, f"<ErrorResponse>{xml}<RequestId>1</RequestId></ErrorResponse>")
        if call.service == "ec2":
            return answer(request, status, f"<Response><Errors>{xml}</Errors><RequestID>1</RequestID></Response>")
        body = f'{{"__type": "{code}", "message": "{MESSAGE}"}}'
        return answer(request, status, body, x_amzn_ErrorType=code, Content_Type="application/json")

    return fault


def _malformed(call: Call, request: Any) -> AWSResponse:
    return answer(request, 200, f"<html {{{MESSAGE}")


def _timed_out(call: Call, request: Any) -> AWSResponse:
    raise ReadTimeoutError(endpoint_url=request.url)


def _reset(call: Call, request: Any) -> AWSResponse:
    raise ConnectionClosedError(endpoint_url=request.url)


# Fault → the kind of problem it is told as.
FAULTS: dict[str, tuple[Fault, str]] = {
    "denied": (failing(403, "AccessDeniedException"), "Denied"),
    "throttled": (failing(400, "ThrottlingException"), "Throttled"),
    "server": (failing(500, "InternalServerError"), "Server"),
    "malformed": (_malformed, "Malformed"),
    "timeout": (_timed_out, "Timeout"),
    "reset": (_reset, "Connection"),
}


@contextmanager
def injecting(client: Any, call: Call, fault: Fault) -> Iterator[None]:
    """Make one call of a client meet a fault, every time, while the block runs."""
    name = f"before-send.{client.meta.service_model.service_id.hyphenize()}.{call.operation}"

    def met(request: Any, **_: Any) -> AWSResponse:
        return fault(call, request)

    client.meta.events.register_first(name, met)
    try:
        yield
    finally:
        client.meta.events.unregister(name, met)
