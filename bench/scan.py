"""The load of a scan: how many calls a large account takes, and how long AWS's rate limits alone make it last.

    python bench/scan.py [--functions 2000] [--aliases 2] [--threads 10]

A small HTTP server on loopback answers for a made-up account, in a process of its own, and the scan talks to it
through boto3 as it would to AWS. Only the clock that the rate limits are kept by is a false one: it stands still, so
that nobody waits, and tells afterwards when the last call could have been made.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

if not __package__:
    sys.path.append(str(Path(__file__).resolve().parent.parent))

from permcheck.sources.live.begin import Scan, Wanted
from permcheck.sources.live.clients import Access
from permcheck.sources.live.limits import Limiter
from permcheck.sources.snapshot import files
from permcheck.sources.snapshot.placed import facts_of

ACCOUNT, REGION = "111122223333", "eu-west-1"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/run"
_FUNCTION = re.compile(r"/[\d-]+/functions/([^/]+)/(\w[\w-]*)(?:/list)?")
_PAGE = 50


class Account:
    """The account: functions with one version each, and aliases of it."""

    def __init__(self, functions: int, aliases: int) -> None:
        self.names = [f"function-{i:05}" for i in range(functions)]
        self.aliases = [f"alias-{i}" for i in range(aliases)]

    def functions(self, marker: int) -> dict[str, Any]:
        """A page of all versions."""
        entries = [(name, version) for name in self.names for version in ("$LATEST", "1")]
        more = {"NextMarker": str(marker + _PAGE)} if marker + _PAGE < len(entries) else {}
        return {"Functions": [_configuration(*each) for each in entries[marker : marker + _PAGE]]} | more

    def answer(self, path: str, query: Mapping[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """Status and JSON of one request to Lambda."""
        found = _FUNCTION.fullmatch(path)
        if "/resource-policy/" in path:
            own = path.partition("/resource-policy/")[2]
            if own.endswith(self.aliases[-1] if self.aliases else "0"):
                return 200, {"Policy": json.dumps(_policy(own))}
            return 404, {"Message": "none"}
        if found is None:
            listed = "EventSourceMappings" if "event-source" in path else "Functions"
            marker = int(query.get("Marker", ["0"])[0])
            return 200, self.functions(marker) if listed == "Functions" else {listed: []}
        name, what = found.groups()
        if what == "aliases":
            arn = _arn(name)
            entries = [{"AliasArn": f"{arn}:{a}", "Name": a, "FunctionVersion": "1"} for a in self.aliases]
            return 200, {"Aliases": entries}
        return 200, {"FunctionUrlConfigs": []} if what == "urls" else {"FunctionEventInvokeConfigs": []}


def _arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def _configuration(name: str, version: str) -> dict[str, Any]:
    variables = {"Variables": {"PASSWORD": "x" * 200}}
    arn = f"{_arn(name)}:{version}"
    return {"FunctionName": name, "FunctionArn": arn, "Version": version, "Role": _ROLE, "Environment": variables}


def _policy(resource: str) -> dict[str, Any]:
    grant = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "lambda:InvokeFunction"}
    source = {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}
    return {"Version": "2012-10-17", "Statement": [{"Sid": "s", **grant, "Resource": resource, "Condition": source}]}


def _handler(account: Account) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            status, body = account.answer(url.path.replace("%3A", ":").rstrip("/"), parse_qs(url.query))
            kind = {"x-amzn-ErrorType": "ResourceNotFoundException"} if status == 404 else {}
            self._send(status, json.dumps(body).encode(), kind)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if b"GetCallerIdentity" in body:
                self._send(
                    200,
                    _xml("GetCallerIdentity", f"<Arn>arn:aws:iam::{ACCOUNT}:user/u</Arn><Account>{ACCOUNT}</Account>"),
                    {},
                )
            elif b"GetAccountAuthorizationDetails" in body:
                self._send(
                    200, _xml("GetAccountAuthorizationDetails", "<IsTruncated>false</IsTruncated><RoleDetailList/>"), {}
                )
            else:
                self._send(200, b'{"ResourceTagMappingList": []}', {})

        def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | dict(headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _xml(operation: str, inner: str) -> bytes:
    return f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>".encode()


def _serve(functions: int, aliases: int, port: Any) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(Account(functions, aliases)))
    port.put(server.server_port)
    server.serve_forever()


class Counting:
    """Counts the calls, by what is called."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def register(self, session: Any) -> None:
        """Listen to a session."""
        session.events.register("before-call", lambda model, **_: self.calls.update([model.name]))


def measured(functions: int, aliases: int, threads: int) -> Iterator[tuple[str, str]]:
    """Yield each figure with its name."""
    started: Any = multiprocessing.get_context("spawn").Queue()
    server = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(functions, aliases, started), daemon=True
    )
    server.start()
    url = f"http://127.0.0.1:{started.get(timeout=30)}"
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench")
    counting = Counting()
    wanted = Wanted((REGION,), include=("iam", "lambda", "tagging"), concurrency=threads, tool="permcheck bench")
    limiter = Limiter(now=lambda: 0.0, sleep=lambda seconds: None)
    try:
        scan = Scan(Access(endpoint_url=url, on_session=counting.register), wanted, None)
        begun = time.perf_counter()
        taken = scan.run(limiter=limiter)
        lasted = time.perf_counter() - begun
    finally:
        server.terminate()
    calls = sum(counting.calls.values())
    yield "account", f"{functions:,} functions of one version with {aliases} aliases each"
    yield "calls", f"{calls:,} ({', '.join(f'{name} {n:,}' for name, n in counting.calls.most_common(6))}, …)"
    yield "calls for each function", f"{calls / functions:.2f}"
    yield "what the rate limits alone make it last", f"{max(limiter.spent().values()):,.0f} s"
    yield "time without them, on this machine", f"{lasted:.1f} s"
    packed = files.packed(taken.snapshot)
    yield "the snapshot", f"{len(packed) / 2**20:.2f} MiB packed, complete: {taken.snapshot.complete}"
    begun = time.perf_counter()
    found = facts_of(files.read(packed)[0], ())
    yield "reading it", f"{time.perf_counter() - begun:.1f} s, {len(found.functions):,} functions"
    yield "peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"


def main(say: Callable[[str], object] = print) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=2000)
    parser.add_argument("--aliases", type=int, default=2)
    parser.add_argument("--threads", type=int, default=10)
    given = parser.parse_args()
    say("| figure | value |\n| --- | --- |")
    for name, value in measured(given.functions, given.aliases, given.threads):
        say(f"| {name} | {value} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
