"""Services that call with a role: Step Functions, Scheduler, Pipes, AppSync."""

import json

import pytest

from tests.sources.captures import ACCOUNT, FUNCTION, Json, plain, read, the_function
from tests.sources.samples import ROLE_CALLERS, Sample
from tests.sources.samples.names import CALLER, GRAPH, MACHINE, PIPE, QUEUE, REGION, SCHEDULE, definition
from tests.sources.surroundings import called, changed, errors, gap_about, read_samples, the_resource, the_trigger

MACHINE_OUTPUT, SCHEDULE_OUTPUT, SCHEDULES, PIPE_OUTPUT, SOURCES, GRAPH_OUTPUT, _ = ROLE_CALLERS
INVOKE = "arn:aws:states:::lambda:invoke"


def machine(**states: Json) -> Sample:
    return changed(MACHINE_OUTPUT, definition=definition(**states))


def task(resource: str = INVOKE, **more: Json) -> Json:
    return {"Type": "Task", "Resource": resource} | more


def test_tasks_of_both_forms() -> None:
    facts = read_samples(MACHINE_OUTPUT)
    found = the_resource(facts, MACHINE)
    assert found.role == CALLER
    assert called(found) == [(FUNCTION, CALLER), (f"{FUNCTION}:prod", CALLER)]
    assert [t.pointer for t in found.triggers] == [
        "/definition/States/Old/Resource",
        "/definition/States/New/Parameters/FunctionName",
    ]
    assert [q.name for q in the_function(facts).qualifiers] == ["", "prod"]


@pytest.mark.parametrize(
    ("named", "arn"),
    [
        ("resize", FUNCTION),
        ("resize:prod", f"{FUNCTION}:prod"),
        (f"{ACCOUNT}:function:resize", FUNCTION),
        ("function:resize", FUNCTION),
        (FUNCTION, FUNCTION),
        (f"{FUNCTION}:$LATEST", f"{FUNCTION}:$LATEST"),
    ],
)
def test_a_function_by_name(named: str, arn: str) -> None:
    for asking in (task(Parameters={"FunctionName": named}), task(Arguments={"FunctionName": named})):
        assert called(the_resource(read_samples(machine(A=asking)), MACHINE)) == [(arn, CALLER)]


@pytest.mark.parametrize("resource", [f"{INVOKE}.waitForTaskToken", "arn:aws:states:::aws-sdk:lambda:invoke"])
def test_other_ways_to_say_invoke(resource: str) -> None:
    facts = read_samples(machine(A=task(resource, Parameters={"FunctionName": "resize"})))
    assert called(the_resource(facts, MACHINE)) == [(FUNCTION, CALLER)]


def test_tasks_in_branches_and_maps() -> None:
    inner = json.loads(definition(A=task(FUNCTION)))
    items = json.loads(definition(B=task(f"{FUNCTION}-b")))
    facts = read_samples(
        machine(P={"Type": "Parallel", "Branches": [inner]}, M={"Type": "Map", "ItemProcessor": items})
    )
    assert [f for f, _ in called(the_resource(facts, MACHINE))] == [FUNCTION, f"{FUNCTION}-b"]


@pytest.mark.parametrize(
    "members",
    [
        {"Parameters": {"FunctionName.$": "$.fn"}},
        {"Arguments": {"FunctionName": "{% $states.input.fn %}"}},
        {"Parameters": {"FunctionName": "no name"}},
        {},
    ],
)
def test_a_function_that_is_not_told(members: Json) -> None:
    facts = read_samples(machine(A=task(**members)))
    assert the_resource(facts, MACHINE).triggers == ()
    assert gap_about(facts, "orders does not say").effect == "what this task calls is unknown"


def test_a_task_that_calls_something_else() -> None:
    other = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:child"
    child = task("arn:aws:states:::states:startExecution.sync:2", Parameters={"StateMachineArn": other})
    facts = read_samples(machine(A=task("arn:aws:states:::sns:publish"), B=child))
    found = the_resource(facts, MACHINE)
    assert (found.triggers, found.forwards, facts.not_read) == ((), (other,), ())


def test_a_definition_that_cannot_be_read() -> None:
    facts = read_samples(changed(MACHINE_OUTPUT, definition='{"States": '))
    assert the_resource(facts, MACHINE).role == CALLER
    gap = gap_about(facts, "the definition of orders")
    assert (gap.pointer, gap.effect) == ("/definition", "which functions it calls is unknown")
    assert errors(read_samples(changed(MACHINE_OUTPUT, definition=None))) == ["the definition of orders is missing"]


def test_a_schedule() -> None:
    facts = read_samples(SCHEDULE_OUTPUT)
    found = the_resource(facts, SCHEDULE)
    assert (found.role, called(found)) == (CALLER, [(FUNCTION, CALLER)])
    assert "payload" not in str(plain(facts))
    off = the_resource(read_samples(changed(SCHEDULE_OUTPUT, State="DISABLED")), SCHEDULE)
    assert not the_trigger(off).enabled


@pytest.mark.parametrize("first", ["a.json", "z.json"])
def test_a_listed_schedule_does_not_hide_the_role(first: str) -> None:
    """list-schedules tells no role; the order of the files does not matter."""
    assert called(the_resource(read_samples(SCHEDULES), SCHEDULE)) == [(FUNCTION, None)]
    facts = read({first: SCHEDULES.value, "m.json": SCHEDULE_OUTPUT.value})
    assert called(the_resource(facts, SCHEDULE)) == [(FUNCTION, CALLER)]


def test_a_schedule_that_makes_the_call_itself() -> None:
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:lambda:invoke", "RoleArn": CALLER}
    asked = json.dumps({"FunctionName": "resize", "Payload": "x"})
    facts = read_samples(changed(SCHEDULE_OUTPUT, Target=target | {"Input": asked}))
    assert called(the_resource(facts, SCHEDULE)) == [(FUNCTION, CALLER)]
    facts = read_samples(changed(SCHEDULE_OUTPUT, Target=target | {"Input": "{"}))
    assert the_resource(facts, SCHEDULE).triggers == ()
    assert gap_about(facts, "hourly").pointer == "/Target/Input"
    listed = SCHEDULES.value["Schedules"][0] | {"Target": {"Arn": target["Arn"]}}
    told = changed(SCHEDULE_OUTPUT, Target=target | {"Input": asked})
    facts = read_samples(told, list_schedules={"Schedules": [listed]})
    assert (called(the_resource(facts, SCHEDULE)), facts.not_read) == ([(FUNCTION, CALLER)], ())


def test_a_pipe() -> None:
    facts = read_samples(PIPE_OUTPUT)
    found = the_resource(facts, PIPE)
    assert called(found) == [(FUNCTION, CALLER), (f"{FUNCTION}-enrich", CALLER)]
    assert the_resource(facts, QUEUE).forwards == (PIPE,)
    stopped = the_resource(read_samples(changed(PIPE_OUTPUT, DesiredState="STOPPED")), PIPE)
    assert not any(t.enabled for t in stopped.triggers)


def test_data_sources_of_an_api() -> None:
    found = the_resource(read_samples(SOURCES), GRAPH)
    assert called(found) == [(FUNCTION, CALLER)]
    assert the_trigger(found).pointer == "/dataSources/0/lambdaConfig/lambdaFunctionArn"


def test_authorizers_of_an_api() -> None:
    """Called in AppSync's own name, so without a role."""
    assert called(the_resource(read_samples(GRAPH_OUTPUT), GRAPH)) == [(FUNCTION, None), (f"{FUNCTION}-second", None)]
