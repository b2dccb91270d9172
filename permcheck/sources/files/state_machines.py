"""``aws stepfunctions describe-state-machine``: the functions its tasks call, with the state machine's own role.

Shapes: AWS Step Functions API Reference, "DescribeStateMachine"; Developer Guide, "Invoke an AWS Lambda function with
Step Functions". Of the definition nothing is kept but which functions and state machines its tasks name.
"""

import re
from collections.abc import Iterator
from typing import Any

from permcheck.policy.parse import escape
from permcheck.sources.files.called import full_arn, is_function
from permcheck.sources.files.kind import Kind
from permcheck.sources.files.reading import Reading, embedded
from permcheck.sources.files.sending import Sent, sends
from permcheck.sources.files.shapes import JsonObject, arn, text_or_none

# The service integration, plain or through the SDK, with whatever it waits for.
_INVOKE = re.compile(r"arn:[\w-]+:states:[^:]*:[^:]*:(?:lambda|aws-sdk:lambda):invoke(?:\..+)?")
_START = re.compile(r"arn:[\w-]+:states:[^:]*:[^:]*:(?:states|aws-sdk:sfn):start(?:Sync)?Execution(?:\..+)?")


def state_machine(reading: Reading, value: JsonObject, at: str) -> None:
    """A state machine: its role, and what its tasks call."""
    own = arn(value, "stateMachineArn", at)
    draft = reading.gathered.resource(own, reading.source, at, told=True)
    draft.role = text_or_none(value, "roleArn", at)
    name = own.rsplit(":", 1)[-1]
    raw, here = value.get("definition"), f"{at}/definition"
    try:
        definition = embedded(raw)[0] if isinstance(raw, str) else raw
    except ValueError as error:
        reading.miss(f"the definition of {name} cannot be read: {error}", "which functions it calls is unknown", here)
        return
    if not isinstance(definition, dict):
        reading.miss(f"the definition of {name} is missing", "which functions it calls is unknown", at)
        return
    sent: list[Sent] = []
    for target, place in called_by_tasks(definition, here, own):
        if target:
            sent.append(Sent(target, place, credentials=draft.role))
        else:
            reading.miss(f"{name} does not say which function it calls", "what this task calls is unknown", place)
    sends(reading, draft, sent, f"the state machine {name}")


def called_by_tasks(definition: JsonObject, at: str, near: str) -> Iterator[tuple[str, str]]:
    """What the tasks of a definition call, with the pointer that says so; "" for what is not told.

    near: the ARN of the state machine.
    """
    for task, where in _tasks(definition, at):
        target, place = _target(task, where, near)
        if target or place:
            yield target, place


def _tasks(definition: JsonObject, at: str) -> Iterator[tuple[JsonObject, str]]:
    """Every task, those in branches and maps included, in the order of the text."""
    pending: list[tuple[Any, str]] = [(definition, at)]
    while pending:
        here, where = pending.pop()
        if isinstance(here, dict):
            if here.get("Type") == "Task" and isinstance(here.get("Resource"), str):
                yield here, where
            pending.extend((v, f"{where}/{escape(k)}") for k, v in reversed(here.items()))
        elif isinstance(here, list):
            pending.extend((v, f"{where}/{i}") for i, v in reversed(list(enumerate(here))))


def _target(task: JsonObject, at: str, near: str) -> tuple[str, str]:
    """What a task calls, and the pointer that says so; "" and a pointer for one that is not told, else "" twice."""
    resource = task["Resource"]
    if is_function(resource):
        return resource, f"{at}/Resource"
    key = "FunctionName" if _INVOKE.fullmatch(resource) else "StateMachineArn" if _START.fullmatch(resource) else ""
    if not key:
        return "", ""
    # Parameters is of JSONPath, Arguments of JSONata;
    # a key that ends in .$ or a value in {% %} is worked out at run time.
    for member in ("Parameters", "Arguments"):
        arguments = task.get(member)
        if isinstance(arguments, dict) and isinstance(arguments.get(key), str):
            named, place = arguments[key], f"{at}/{member}/{key}"
            return (full_arn(named, near) or "" if key == "FunctionName" else named), place
    return "", at if key == "FunctionName" else ""


KINDS = (Kind("describe-state-machine", "stateMachineArn", lambda value: "definition" in value, state_machine),)
