"""Function policies: who a function itself lets in, as `aws lambda get-policy` prints it."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable

from bench.names import ACCOUNT, ORGANIZATION, PARTNER_ACCOUNTS, Workload, function_arn, local_arn, role_arn
from bench.statements import Json

Maker = Callable[[Workload, str, random.Random], list[Json]]


def function_policy(load: Workload, url: Json | None, rng: random.Random, qualifier: str = "") -> Json:
    """The output of `get-policy`: the document is a string in it, without white space, as AWS keeps it.

    `url` is the function's URL configuration; its statements come with it. `qualifier` is an alias.
    """
    arn = function_arn(load.function) + (f":{qualifier}" if qualifier else "")
    makers = rng.choices(
        [maker for maker, _ in _MIXTURE], [weight for _, weight in _MIXTURE], k=rng.choice((1, 1, 1, 2, 3))
    )
    statements = [statement for maker in makers for statement in maker(load, arn, rng)]
    if url is not None and not qualifier:
        statements += _url_statements(arn, url["AuthType"], rng)
    text = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
    revision = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return {"Policy": json.dumps(text, separators=(",", ":")), "RevisionId": revision}


def _grant(
    arn: str, principal: str | dict[str, str], rng: random.Random, condition: Json | None = None, **more: str
) -> Json:
    made: Json = {
        "Sid": f"allow-{rng.getrandbits(48):012x}",
        "Effect": "Allow",
        "Principal": principal,
        "Action": "lambda:InvokeFunction",
        "Resource": arn,
    }
    return made | more | ({"Condition": condition} if condition else {})


def _source(arn: str, account: bool = False) -> Json:
    """The condition that AddPermission writes for a source ARN, with the source's account where asked."""
    made: Json = {"StringEquals": {"AWS:SourceAccount": ACCOUNT}} if account else {}
    return made | {"ArnLike": {"AWS:SourceArn": arn}}


def _api(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    api = local_arn("execute-api", f"{rng.getrandbits(50):010x}/*/{rng.choice(('GET', 'POST', '*'))}/{load.thing}")
    return [_grant(arn, {"Service": "apigateway.amazonaws.com"}, rng, _source(api))]


def _schedule(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    rule = local_arn("events", f"rule/{load.function}-{rng.choice(('hourly', 'nightly'))}")
    return [_grant(arn, {"Service": "events.amazonaws.com"}, rng, _source(rule))]


def _bucket(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    bucket = f"arn:aws:s3:::{load.team}-{load.thing}-{load.stage}"
    return [_grant(arn, {"Service": "s3.amazonaws.com"}, rng, _source(bucket, account=rng.random() < 0.7))]


def _topic(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    return [_grant(arn, {"Service": "sns.amazonaws.com"}, rng, _source(local_arn("sns", f"{load.team}-{load.thing}")))]


def _any_source(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    service = rng.choice(("lex.amazonaws.com", "s3.amazonaws.com", "events.amazonaws.com", "alexa-appkit.amazon.com"))
    return [_grant(arn, {"Service": service}, rng)]


def _own_role(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    return [_grant(arn, {"AWS": role_arn(load.role)}, rng)]


def _partner(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    who = rng.choice(PARTNER_ACCOUNTS)
    name = rng.choice(("root", "role/integration", "role/integration"))
    return [_grant(arn, {"AWS": f"arn:aws:iam::{who}:{name}"}, rng)]


def _organization(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    return [_grant(arn, "*", rng, {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}})]


def _everybody(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    return [_grant(arn, "*", rng)]


def _refusal(load: Workload, arn: str, rng: random.Random) -> list[Json]:
    """A Deny for all but one network or organization, beside an Allow."""
    outside: Json = rng.choice(
        (
            {
                "StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60718"},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
            {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}},
        )
    )
    return [*_api(load, arn, rng), _grant(arn, "*", rng, outside, Effect="Deny")]


def _url_statements(arn: str, kind: str, rng: random.Random) -> list[Json]:
    """The two permissions of a function URL; older URLs have the first alone."""
    who: str | dict[str, str] = "*" if kind == "NONE" else {"AWS": role_arn("mobile_app_0_authenticated")}
    keyed = {"StringEquals": {"lambda:FunctionUrlAuthType": kind}}
    both = [_grant(arn, who, rng, keyed, Action="lambda:InvokeFunctionUrl")]
    if rng.random() < 0.6:
        both.append(_grant(arn, who, rng, {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}))
    return both


_MIXTURE: tuple[tuple[Maker, float], ...] = (
    (_api, 38), (_schedule, 22), (_bucket, 12), (_topic, 12), (_partner, 6), (_own_role, 4),
    (_any_source, 2), (_organization, 2), (_refusal, 1.5), (_everybody, 0.3),
)  # fmt: skip
