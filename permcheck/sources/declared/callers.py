"""Declared things that call functions: rules, schedules, pipes, workflows, IoT rules, log filters, alarms, AppSync.

CloudFormation Template Reference, the type of the same name.
"""

import json
import re
from typing import Any

from permcheck.sources.declared.around import sent_to, told
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.declared.value import Value, shown
from permcheck.sources.files.called import full_arn
from permcheck.sources.files.resource_drafts import ResourceDraft
from permcheck.sources.files.sending import Sent, sends
from permcheck.sources.files.state_machines import called_by_tasks

_UNIVERSAL = re.compile(r"arn:[\w-]+:scheduler:::aws-sdk:lambda:invoke", re.IGNORECASE)
_SUBSTITUTED = re.compile(r"\$\{(\w+)\}")


def rule(room: Room, declared: Declared) -> None:
    """AWS::Events::Rule. One without a pattern is set off by its schedule alone."""
    properties = declared.properties
    draft = told(room, declared)
    pattern = properties.get("EventPattern")
    if pattern is not None:
        plain = pattern.plain()
        draft.pattern = shown(plain if isinstance(plain, str) else json.dumps(plain))
    draft.role = properties.text("RoleArn")
    draft.enabled = properties.text("State") != "DISABLED"
    for target in properties.entries("Targets"):
        sent = sent_to([target.get("Arn")], target.text("RoleArn"))
        sends(room.reading(target), draft, sent, f"the rule {declared.names.name}")


def schedule(room: Room, declared: Declared) -> None:
    """AWS::Scheduler::Schedule."""
    properties = declared.properties
    draft = told(room, declared)
    target = properties.get("Target")
    if target is None:
        return
    draft.role = target.text("RoleArn")
    arn, enabled = target.get("Arn"), properties.text("State") != "DISABLED"
    by = f"the schedule {declared.names.name}"
    if arn is None or not _UNIVERSAL.fullmatch(arn.text() or ""):
        sends(room.reading(target), draft, sent_to([arn], draft.role, enabled), by)
        return
    given = target.get("Input")
    named = _function_in(given.text() if given is not None else None, declared.names.arn)
    if given is None or not named:
        room.miss(target, f"{by} does not say which function it calls", "its target is left out")
        return
    sends(room.reading(given), draft, [Sent(named, given.pointer, enabled, draft.role)], by)


def _function_in(text: str | None, near: str) -> str | None:
    """The function in the input of a call of lambda:Invoke; the rest of it is not looked at."""
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    named = found.get("FunctionName") if isinstance(found, dict) else None
    return full_arn(named, near) if isinstance(named, str) else None


def pipe(room: Room, declared: Declared) -> None:
    """AWS::Pipes::Pipe: it reads its source, may ask a function on the way, and calls its target."""
    properties = declared.properties
    draft = told(room, declared)
    draft.role = properties.text("RoleArn")
    runs = properties.text("DesiredState") != "STOPPED"
    values = (properties.get("Enrichment"), properties.get("Target"))
    sends(room.reading(properties), draft, sent_to(values, draft.role, runs), f"the pipe {declared.names.name}")
    read = properties.get("Source")
    arn = read.text() if read is not None else None
    if read is not None and arn is not None and arn.startswith("arn:"):
        room.gathered.resource(arn, read.source, read.pointer).forwards[draft.arn] = None


def state_machine(room: Room, declared: Declared) -> None:
    """AWS::StepFunctions::StateMachine: the functions its tasks call, with its own role."""
    properties = declared.properties
    draft = told(room, declared)
    draft.role = properties.text("RoleArn")
    definition = _definition(properties)
    name = declared.names.name
    if definition is None:
        place = properties.get("DefinitionS3Location") or properties.get("DefinitionUri") or declared
        error = f"the definition of {name} is not in view"
        room.miss(place, error, "which functions it calls is unknown")
        return
    filled_in = definition.text() if isinstance(definition.raw, str) else None
    plain: Any
    try:
        plain = json.loads(filled_in) if filled_in is not None else definition.plain()
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        room.miss(definition, f"the definition of {name} cannot be read", "which functions it calls is unknown")
        return
    sent: list[Sent] = []
    for target, at in called_by_tasks(_shown_all(plain), definition.pointer, draft.arn):
        if target and not target.startswith("<"):
            sent.append(Sent(target, at, credentials=draft.role))
        else:
            room.miss(
                Value(None, definition.source, at),
                f"{name} does not say which function it calls",
                "what this task calls is unknown",
            )
    sends(room.reading(definition), draft, sent, f"the state machine {name}")


def _definition(properties: Value) -> Value | None:
    """The definition with what DefinitionSubstitutions fill into it."""
    found = properties.get("DefinitionString") or properties.get("Definition")
    given = properties.get("DefinitionSubstitutions")
    if found is None or given is None:
        return found
    known = {key: value.written() or "" for key, value in given.members()}

    def fill(value: Value) -> Value:
        if isinstance(value.raw, str):
            text = _SUBSTITUTED.sub(lambda m: known.get(m[1], m[0]), value.raw)
            return Value(text, value.source, value.pointer)
        if isinstance(value.raw, tuple):
            return Value(tuple(fill(each) for each in value.raw), value.source, value.pointer)
        if isinstance(value.raw, str | int | float | bool | None):
            return value
        return Value({key: fill(each) for key, each in value.raw.items()}, value.source, value.pointer)

    return fill(found)


def _shown_all(plain: Any) -> Any:
    if isinstance(plain, str):
        return shown(plain)
    if isinstance(plain, list):
        return [_shown_all(each) for each in plain]
    return {key: _shown_all(each) for key, each in plain.items()} if isinstance(plain, dict) else plain


def topic_rule(room: Room, declared: Declared) -> None:
    """AWS::IoT::TopicRule."""
    draft = told(room, declared)
    payload = declared.properties.get("TopicRulePayload")
    if payload is None:
        return
    draft.pattern = payload.text("Sql")
    draft.enabled = payload.flag("RuleDisabled") is not True
    actions = [*payload.entries("Actions"), *payload.entries("ErrorAction")]
    called = [action.at("Lambda", "FunctionArn") for action in actions]
    sends(room.reading(payload), draft, sent_to(called), f"the IoT rule {declared.names.name}")


def log_filter(room: Room, declared: Declared) -> None:
    """AWS::Logs::SubscriptionFilter."""
    group, where = declared.properties.text("LogGroupName"), declared.where
    if group is None:
        return
    arn = f"arn:{where.partition}:logs:{where.region}:{where.account}:log-group:{group}"
    draft = room.gathered.resource(arn, declared.source, declared.pointer)
    role = declared.properties.text("RoleArn")
    sent = sent_to([declared.properties.get("DestinationArn")], role)
    sends(room.reading(declared), draft, sent, f"the log group {group}")


def alarm(room: Room, declared: Declared) -> None:
    """AWS::CloudWatch::Alarm, AWS::CloudWatch::CompositeAlarm."""
    draft = told(room, declared)
    draft.enabled = declared.properties.flag("ActionsEnabled") is not False
    keys = ("AlarmActions", "OKActions", "InsufficientDataActions")
    values = [value for key in keys for value in declared.properties.entries(key)]
    sends(room.reading(declared), draft, sent_to(values), f"the alarm {declared.names.name}")


def graph_api(room: Room, declared: Declared) -> None:
    """AWS::AppSync::GraphQLApi: its authorizers are called in AppSync's own name."""
    draft = told(room, declared)
    asked = (declared.properties, *declared.properties.entries("AdditionalAuthenticationProviders"))
    called = [each.at("LambdaAuthorizerConfig", "AuthorizerUri") for each in asked]
    sends(room.reading(declared), draft, sent_to(called), f"the AppSync API {declared.names.name}")


def data_source(room: Room, declared: Declared) -> None:
    """AWS::AppSync::DataSource: resolvers call these functions with the data source's role."""
    properties = declared.properties
    called = properties.at("LambdaConfig", "LambdaFunctionArn")
    api = properties.text("ApiId")
    if called is None or api is None:
        return
    draft = _api(room, declared, api)
    sent = sent_to([called], properties.text("ServiceRoleArn"))
    sends(room.reading(called), draft, sent, f"the AppSync API {api}")


def _api(room: Room, declared: Declared, api: str) -> ResourceDraft:
    where = declared.where
    arn = f"arn:{where.partition}:appsync:{where.region}:{where.account}:apis/{api}"
    return room.gathered.resource(arn, declared.source, declared.pointer)
