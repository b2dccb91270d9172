"""Cases that set a session apart from its namesakes, and keys that no variable can stand for."""

from typing import Any

from permcheck.policy import evaluate_request

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:orders"


def ask(principal: str, named: str, **more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": named},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
    }
    request = {
        "id": 1,
        "principal": principal,
        "action": "lambda:InvokeFunction",
        "resource": FUNCTION,
        "resource_policy": {"Version": "2012-10-17", "Statement": statement},
        **more,
    }
    return str(evaluate_request(request)["verdict"])


def test_a_session_is_not_of_a_role_in_another_partition() -> None:
    session = "arn:aws:sts::111122223333:assumed-role/app/run"
    assert ask(session, "arn:aws:iam::111122223333:role/team/app") == "allowed"
    assert ask(session, "arn:aws-cn:iam::111122223333:role/team/app") == "denied"


def test_naming_a_user_grants_to_the_federated_session_it_asked_for() -> None:
    """IAM User Guide, "Permissions boundaries for IAM entities": boundary and session policy still limit the grant."""
    session = "arn:aws:sts::111122223333:federated-user/alice"
    user = "arn:aws:iam::111122223333:user/alice"
    nothing = {"Version": "2012-10-17", "Statement": []}
    assert ask(session, user) == "allowed"
    assert ask(session, user, permissions_boundary=nothing) == "denied"
    assert ask(session, session, permissions_boundary=nothing) == "allowed"
    assert ask(session, "arn:aws:iam::111122223333:user/bob") == "denied"


def test_no_variable_stands_for_a_key_of_several_values() -> None:
    """IAM User Guide, "IAM policy elements: Variables and tags"."""
    allow = {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:us-east-1:111122223333:function:${aws:TagKeys}",
    }
    request = {
        "id": 1,
        "principal": "arn:aws:iam::111122223333:role/app",
        "action": "lambda:InvokeFunction",
        "resource": FUNCTION,
        "identity_policies": [{"Version": "2012-10-17", "Statement": allow}],
    }
    assert evaluate_request({**request, "context": {"aws:TagKeys": ["orders"]}})["verdict"] == "denied"
    assert evaluate_request({**request, "context_complete": False})["verdict"] == "denied"


def test_a_variable_of_blanks_costs_no_more_than_its_length() -> None:
    """White space does not count towards a policy's size, so there may be any amount of it."""
    blanks = " " * 200_000
    allow = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": f"{FUNCTION}${{{blanks}}}"}
    request = {
        "id": 1,
        "principal": "arn:aws:iam::111122223333:role/app",
        "action": "lambda:InvokeFunction",
        "resource": FUNCTION,
        "identity_policies": [{"Version": "2012-10-17", "Statement": allow}],
    }
    assert evaluate_request(request)["verdict"] == "denied"
