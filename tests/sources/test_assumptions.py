"""Sentences about kinds of document that left no trace in the input."""

from tests.sources.captures import (
    ACCOUNT,
    FUNCTION,
    Json,
    configuration,
    details,
    document,
    functions,
    granting,
    policy_output,
    read,
    role,
)
from tests.sources.samples import REST, TRIGGERS, texts

ALWAYS = (
    "No service control policies were given: none are applied.",
    "No resource control policies were given: none are applied.",
)
NO_POOLS = "No identity pools were given: none is taken to hand out a role."
NO_POLICIES = "No function policies were given: functions are taken to have none."
NO_URLS = "No function URLs were given: functions are taken to have none."
NO_NAMES = "No aliases or versions were given: functions are taken to have none."
NO_APIS = "No APIs were given: none is taken to call a function."
NO_TRIGGERS = "No buckets, topics, rules or other triggers were given: none is taken to call a function."
NO_RESOURCES = "No policies of buckets, queues, keys or other resources were given: they are taken to have none."
NO_MAPPINGS = "No event source mappings were given: functions are taken to have none."


def told(files: Json) -> tuple[str, ...]:
    return read(files).assumptions


def test_nothing_at_all() -> None:
    assert told({}) == ALWAYS


def test_roles_alone() -> None:
    assert told({"d.json": details(role())}) == (*ALWAYS, "No functions were given.", NO_POOLS, NO_RESOURCES)


def test_functions_and_roles() -> None:
    files: Json = {"d.json": details(role()), "f.json": functions(configuration())}
    around = (NO_POOLS, NO_APIS, NO_TRIGGERS, NO_RESOURCES)
    assert told(files) == (*ALWAYS, NO_POLICIES, NO_URLS, NO_NAMES, NO_MAPPINGS, *around)


def test_a_trace_of_each_kind_ends_its_sentence() -> None:
    url = {"FunctionArn": FUNCTION, "AuthType": "NONE"}
    files: Json = {
        "d.json": details(role()),
        "f.json": functions(configuration()),
        "policy.json": policy_output(granting(FUNCTION)),
        "url.json": url,
        "alias.json": {"AliasArn": f"{FUNCTION}:live", "FunctionVersion": "1", "Name": "live"},
        "mapping.json": {"UUID": "1", "FunctionArn": FUNCTION},
        "pool.json": {"IdentityPoolId": "x", "Roles": {}},
        **texts([*REST, *TRIGGERS]),
    }
    assert told(files) == ALWAYS


def test_identities_that_only_a_list_tells() -> None:
    names = ["a", "b", "c", "d", "e"]
    entries = [{"RoleName": n, "Arn": f"arn:aws:iam::{ACCOUNT}:role/{n}"} for n in names]
    sentence = "Policies were not given for a, b, c, d, e: none are taken to be attached."
    assert sentence in told({"r.json": {"Roles": entries}})
    assert sentence not in told({"r.json": {"Roles": entries}, "d.json": details(*(role(n) for n in names))})


def test_a_role_that_is_not_the_accounts_is_no_identity_given() -> None:
    sentences = told({"p.json": granting(FUNCTION), "loose.json": document()})
    assert (
        f"1 loose policy document is judged as if it were on a role of account {ACCOUNT}, named after its file."
        in sentences
    )
