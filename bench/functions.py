"""Functions of the generated account: what `aws lambda list-functions` and its neighbours print for them."""

from __future__ import annotations

import base64
import random
import uuid
from collections.abc import Iterator

from bench.names import Workload, function_arn, local_arn, moment, role_arn
from bench.statements import Json

RUNTIMES = ("python3.12", "python3.11", "nodejs20.x", "nodejs18.x", "java21", "provided.al2023")

# Every planted value begins with this, so that one search of an output shows whether any was kept.
PLANTED = "planted-value-"


def configuration(load: Workload, rng: random.Random) -> Json:
    """One entry of `list-functions`: `$LATEST` of a function. It carries no tags, as AWS's answer does not."""
    entry: Json = {
        "FunctionName": load.function,
        "FunctionArn": function_arn(load.function),
        "Runtime": rng.choice(RUNTIMES),
        "Role": role_arn(load.role),
        "Handler": "app.handler",
        "CodeSize": rng.randint(300, 50_000_000),
        "Description": f"{load.thing} of {load.team}" if rng.random() < 0.5 else "",
        "Timeout": rng.choice((3, 10, 30, 60, 900)),
        "MemorySize": rng.choice((128, 256, 512, 1024)),
        "LastModified": moment(rng).replace("+00:00", ".000+0000"),
        "CodeSha256": base64.b64encode(rng.randbytes(32)).decode(),
        "Version": "$LATEST",
        "Environment": {"Variables": _variables(load, rng)},
        "TracingConfig": {"Mode": rng.choice(("Active", "PassThrough"))},
        "RevisionId": _uuid(rng),
        "Layers": [],
        "PackageType": "Zip",
        "Architectures": [rng.choice(("x86_64", "arm64"))],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{load.function}"},
    }
    if rng.random() < 0.4:
        layer = local_arn("lambda", f"layer:{load.team}-common:{rng.randint(1, 60)}")
        entry["Layers"] = [{"Arn": layer, "CodeSize": rng.randint(10_000, 9_000_000)}]
    else:
        del entry["Layers"]
    if rng.random() < 0.25:
        subnets = [f"subnet-{rng.getrandbits(68):017x}" for _ in range(2)]
        entry["VpcConfig"] = {
            "SubnetIds": subnets,
            "SecurityGroupIds": [f"sg-{rng.getrandbits(68):017x}"],
            "VpcId": "vpc-0a1b2c3d4e5f60718",
            "Ipv6AllowedForDualStack": False,
        }
    if rng.random() < 0.15:
        entry["DeadLetterConfig"] = {"TargetArn": local_arn("sqs", f"{load.team}-{load.thing}-dead")}
    return entry


def _variables(load: Workload, rng: random.Random) -> dict[str, str]:
    made = {"STAGE": load.stage, "LOG_LEVEL": "INFO", "TABLE_NAME": f"{load.team}-{load.thing}"}
    for name in ("DB_PASSWORD", "API_TOKEN", "STRIPE_SECRET"):
        if rng.random() < 0.3:
            made[name] = f"{PLANTED}{rng.getrandbits(64):016x}"
    return made


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def with_tags(load: Workload, entry: Json, rng: random.Random) -> Json:
    """`aws lambda get-function`: the configuration, where its code lies, and its tags."""
    address = f"https://awslambda-eu-west-1-tasks.s3.eu-west-1.amazonaws.com/snapshots/{load.function}"
    return {
        "Configuration": entry | {"State": "Active", "LastUpdateStatus": "Successful"},
        "Code": {"RepositoryType": "S3", "Location": f"{address}?X-Amz-Signature={PLANTED}{rng.getrandbits(64):016x}"},
        "Tags": {"team": load.team, "stage": load.stage},
    }


def url_config(load: Workload, rng: random.Random) -> Json:
    """`aws lambda get-function-url-config`; three URLs of ten ask for no signature."""
    made = moment(rng).replace("+00:00", ".000000Z")
    host = f"{rng.getrandbits(160):040x}"[:32]
    return {
        "FunctionUrl": f"https://{host}.lambda-url.eu-west-1.on.aws/",
        "FunctionArn": function_arn(load.function),
        "AuthType": "NONE" if rng.random() < 0.3 else "AWS_IAM",
        "Cors": {"AllowCredentials": False, "AllowMethods": ["GET", "POST"], "AllowOrigins": ["*"], "MaxAge": 300},
        "CreationTime": made,
        "LastModifiedTime": made,
        "InvokeMode": "BUFFERED",
    }


def event_source_mappings(loads: list[Workload], rng: random.Random) -> Iterator[Json]:
    """Entries of `list-event-source-mappings`: a queue, a stream or a table behind one function of seven."""
    for load in loads:
        if rng.random() >= 0.15:
            continue
        stream = rng.choice((True, False))
        table = f"table/{load.team}-{load.thing}/stream/2024-01-01T00:00:00.000"
        made: Json = {
            "UUID": _uuid(rng),
            "BatchSize": 100 if stream else 10,
            "MaximumBatchingWindowInSeconds": 0,
            "EventSourceArn": local_arn("dynamodb", table)
            if stream
            else local_arn("sqs", f"{load.team}-{load.thing}-jobs"),
            "FunctionArn": function_arn(load.function) + (":prod" if rng.random() < 0.1 else ""),
            "LastModified": moment(rng),
            "State": "Enabled" if rng.random() < 0.9 else "Disabled",
            "StateTransitionReason": "USER_INITIATED",
            "FunctionResponseTypes": ["ReportBatchItemFailures"] if rng.random() < 0.3 else [],
        }
        if stream:
            made |= {"StartingPosition": "LATEST", "ParallelizationFactor": 1, "MaximumRetryAttempts": 3}
        yield made
