"""Where iam-simulate departs from AWS's documents, each departure with a name, its page and a way to say the same anew.

A departure does not excuse a difference by being present. It restates the request: the same question in words that
iam-simulate reads as AWS documents them. A difference is explained only when iam-simulate's answer to the restated
request is permcheck's answer to the original one. Where a restatement needs several requests, access is allowed if any
of them allows it.

Each departure carries a case written by hand, permcheck's answer to it, and iam-simulate's other answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from . import restated_conditions as conditions
from . import restated_layers as layers
from . import restated_principals as principals
from . import restated_variables as variables
from .cases import ask, grant, identity, named, refuse
from .vocabulary import Request

IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
LAMBDA_API = "https://docs.aws.amazon.com/lambda/latest/api/"
ORGANIZATIONS = "https://docs.aws.amazon.com/organizations/latest/userguide/"
VARIABLES = IAM + "reference_policies_variables.html"
OPERATORS = IAM + "reference_policies_elements_condition_operators.html"
SETS = IAM + "reference_policies_condition-single-vs-multi-valued-context-keys.html"
PRINCIPAL = IAM + "reference_policies_elements_principal.html"
EVALUATION = IAM + "reference_policies_evaluation-logic_policy-eval-denyallow.html"

A, B = "111111111111", "222222222222"
FUNCTION = f"arn:aws:lambda:us-east-1:{A}:function:api"
QUEUE = f"arn:aws:sqs:us-east-1:{A}:orders"
ROLE = f"arn:aws:iam::{A}:role/App"
SESSION = f"arn:aws:sts::{A}:assumed-role/App/s1"
USER = f"arn:aws:iam::{A}:user/alice"
TEAM = "aws:PrincipalTag/team"
VARIABLE = "${aws:PrincipalTag/team}"
STEM = f"arn:aws:lambda:us-east-1:{A}:function:"


@dataclass(frozen=True, slots=True)
class Departure:
    """One way in which iam-simulate answers otherwise than AWS documents.

    restate gives the same request in other words, or the request itself (an equal one) when the departure has no part
    in it; allowed by any of several means allowed. right and theirs are the verdicts on case.
    """

    name: str
    page: str
    why: str
    restate: Callable[[Request], Iterable[Request]]
    case: Request
    right: str

    @property
    def theirs(self) -> str:
        """iam-simulate's verdict on the case: the other one."""
        return "denied" if self.right == "allowed" else "allowed"


def one(change: Callable[[Request], Request]) -> Callable[[Request], Iterable[Request]]:
    """A restatement that needs one request only."""
    return lambda request: (change(request),)


DEPARTURES = (
    Departure(
        "variables-in-2008-version",
        VARIABLES,
        "iam-simulate does not read Version; before 2012-10-17, and without a Version, ${…} is plain text",
        one(variables.literal_variables),
        ask(
            SESSION,
            context={TEAM: "api"},
            identity_policies=[{"Version": "2008-10-17", "Statement": [grant(resource=STEM + VARIABLE)]}],
        ),
        "denied",
    ),
    Departure(
        "keys-not-listed-for-the-action",
        IAM + "reference_policies_iam-condition-keys.html",
        "iam-simulate drops keys that the action's list does not have; federation keys stay with the session",
        one(conditions.renamed_keys),
        ask(
            SESSION,
            context={"cognito-identity.amazonaws.com:aud": "pool"},
            identity_policies=identity(
                grant(Condition={"StringEquals": {"cognito-identity.amazonaws.com:aud": "pool"}})
            ),
        ),
        "allowed",
    ),
    Departure(
        "empty-list-is-absent",
        SETS,
        "a key that the request carries with no value is not in the request; iam-simulate takes it as present",
        one(conditions.without_empty_keys),
        ask(
            SESSION,
            context={"aws:TagKeys": []},
            identity_policies=identity(grant(Condition={"Null": {"aws:TagKeys": "true"}})),
        ),
        "allowed",
    ),
    Departure(
        "escape-in-exact-operator",
        VARIABLES,
        "${*}, ${?} and ${$} stand for the character itself; outside StringLike they match nothing in iam-simulate",
        one(variables.plain_escapes),
        ask(
            SESSION,
            context={"aws:UserAgent": "*"},
            identity_policies=identity(grant(Condition={"StringEquals": {"aws:UserAgent": "${*}"}})),
        ),
        "allowed",
    ),
    Departure(
        "unresolved-variable-in-notresource",
        VARIABLES,
        "an entry whose variable has no value matches no resource, so NotResource applies; in iam-simulate it does not",
        one(variables.without_unresolved_notresource),
        ask(SESSION, identity_policies=identity(grant(resource=None, NotResource=STEM + VARIABLE))),
        "allowed",
    ),
    Departure(
        "unresolved-variable-in-negated-operator",
        VARIABLES,
        "a value whose variable has no value matches nothing, so an inverted operator is true; iam-simulate says false",
        one(variables.without_unresolved_values),
        ask(
            SESSION,
            context={"aws:RequestedRegion": "us-east-1"},
            identity_policies=identity(grant(Condition={"StringNotEquals": {"aws:RequestedRegion": VARIABLE}})),
        ),
        "allowed",
    ),
    Departure(
        "variable-value-keeps-wildcards",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html",
        "* and ? in a substituted value act as wildcards in Resource and StringLike; iam-simulate takes them as text, "
        "and an empty value for none",
        one(variables.spelled_out_variables),
        ask(SESSION, context={TEAM: "*"}, identity_policies=identity(grant(resource=STEM + VARIABLE))),
        "allowed",
    ),
    Departure(
        "variable-early-in-an-arn-condition",
        VARIABLES,
        "that variables stand behind the fifth colon is a rule of Resource; in the values of ARN operators they stand "
        "anywhere, and iam-simulate does not substitute them before it",
        one(variables.early_variables),
        ask(
            SESSION,
            context={"aws:PrincipalAccount": A, "aws:PrincipalArn": ROLE},
            identity_policies=identity(
                grant(Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/*"}})
            ),
        ),
        "allowed",
    ),
    Departure(
        "bool-takes-no-variable",
        VARIABLES,
        "policy variables are not for Boolean operators; iam-simulate substitutes them there",
        one(variables.without_bool_variables),
        ask(
            SESSION,
            context={TEAM: "true", "aws:SecureTransport": "true"},
            identity_policies=identity(grant(Condition={"Bool": {"aws:SecureTransport": VARIABLE}})),
        ),
        "denied",
    ),
    Departure(
        "null-with-set-operator",
        IAM + "access-analyzer-reference-policy-checks.html",
        "ForAllValues:Null is always true and ForAnyValue:Null never; iam-simulate ignores the prefix",
        one(conditions.null_without_prefix),
        ask(SESSION, identity_policies=identity(grant(Condition={"ForAnyValue:Null": {"aws:TagKeys": "true"}}))),
        "denied",
    ),
    Departure(
        "for-any-value-if-exists",
        OPERATORS,
        "IfExists makes a comparison with an absent key true; iam-simulate ignores it after ForAnyValue",
        one(conditions.any_value_if_exists),
        ask(
            SESSION,
            identity_policies=identity(grant(Condition={"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "team"}})),
        ),
        "allowed",
    ),
    Departure(
        "plain-operator-on-many-values",
        SETS,
        "what a key of many values does without a set operator is not documented; permcheck lets any value match, and "
        "none may under a negated operator; iam-simulate says false either way",
        one(conditions.set_prefix_added),
        ask(
            SESSION,
            context={"aws:TagKeys": ["team", "env"]},
            identity_policies=identity(grant(Condition={"StringEquals": {"aws:TagKeys": "team"}})),
        ),
        "allowed",
    ),
    Departure(
        "negated-operator-on-unreadable-value",
        OPERATORS,
        "a negated operator is true where the positive one is false; iam-simulate says false of both when a number, "
        "date, address or ARN cannot be read",
        one(conditions.without_unreadable_values),
        ask(
            SESSION,
            context={"aws:MultiFactorAuthAge": "60"},
            identity_policies=identity(grant(Condition={"NumericNotEquals": {"aws:MultiFactorAuthAge": "soon"}})),
        ),
        "allowed",
    ),
    Departure(
        "arn-operator-on-star",
        OPERATORS,
        "a lone star as ARN pattern fits every ARN; iam-simulate takes it as no ARN",
        one(conditions.whole_arn_for_star),
        ask(
            SESSION,
            context={"aws:PrincipalArn": ROLE},
            identity_policies=identity(grant(Condition={"ArnLike": {"aws:PrincipalArn": "*"}})),
        ),
        "allowed",
    ),
    Departure(
        "address-range-of-everything",
        OPERATORS,
        "a /0 range holds every address of its family; iam-simulate finds none in it",
        one(conditions.halved_ranges),
        ask(
            SESSION,
            context={"aws:SourceIp": "203.0.113.9"},
            identity_policies=identity(grant(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})),
        ),
        "allowed",
    ),
    Departure(
        "address-without-prefix-length",
        OPERATORS,
        "a bare address is a range of one address; iam-simulate compares it as text, so another spelling of it is "
        "another address, and one of the other family makes NotIpAddress false",
        one(conditions.with_prefix_lengths),
        ask(
            SESSION,
            context={"aws:SourceIp": "2001:db8::9"},
            identity_policies=identity(grant(Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.9"}})),
        ),
        "allowed",
    ),
    Departure(
        "epoch-in-seconds",
        OPERATORS,
        "a date may be given in UNIX epoch time, which counts seconds; iam-simulate counts milliseconds",
        one(conditions.dates_written_out),
        ask(
            SESSION,
            context={"aws:CurrentTime": "2026-03-01T12:00:00Z"},
            identity_policies=identity(grant(Condition={"DateEquals": {"aws:CurrentTime": "1772366400"}})),
        ),
        "allowed",
    ),
    Departure(
        "resource-that-is-no-arn",
        IAM + "reference_policies_elements_resource.html",
        "a Resource is an ARN or a star; a word that is neither matches every resource in iam-simulate",
        one(layers.without_words_as_resource),
        ask(SESSION, identity_policies=identity(grant(resource="api"))),
        "denied",
    ),
    Departure(
        "notresource-for-an-action-without-resources",
        IAM + "reference_policies_elements_notresource.html",
        "an action that has no resources asks for *, which no ARN pattern names, so NotResource applies; iam-simulate "
        "agrees for whole ARNs, but takes a pattern of ARNs to name it",
        one(layers.without_arns_beside_no_resource),
        ask(
            SESSION,
            action="lambda:ListFunctions",
            resource="*",
            resource_account=A,
            identity_policies=identity(grant(resource=None, NotResource="arn:aws:lambda:*")),
        ),
        "allowed",
    ),
    Departure(
        "wildcard-in-the-resource-type",
        IAM + "reference_policies_elements_resource.html",
        "a wildcard stands in any part of an ARN but the service; iam-simulate wants the resource type to the letter",
        one(layers.without_wildcards_in_type),
        ask(SESSION, identity_policies=identity(grant(resource=f"arn:aws:lambda:us-east-1:{A}:fu?ction:api"))),
        "allowed",
    ),
    Departure(
        "service-named-under-aws",
        PRINCIPAL,
        "a service is named under Service; iam-simulate also finds it under AWS",
        one(principals.without_services_under_aws),
        ask("s3.amazonaws.com", resource_policy=named(grant(Principal={"AWS": "s3.amazonaws.com"}))),
        "denied",
    ),
    Departure(
        "service-of-amazon-com",
        LAMBDA_API + "API_AddPermission.html",
        "a service is named as it defines itself, and Alexa's name ends in amazon.com; iam-simulate knows services by "
        "amazonaws.com alone",
        one(principals.services_of_amazonaws),
        ask("alexa-appkit.amazon.com", resource_policy=named(grant(Principal={"Service": "alexa-appkit.amazon.com"}))),
        "allowed",
    ),
    Departure(
        "role-path-of-a-session",
        PRINCIPAL,
        "a role is named by its whole ARN; the session's aws:PrincipalArn tells its path, where iam-simulate compares "
        "the last part of the name alone",
        one(principals.exact_role_paths),
        ask(
            SESSION,
            context={"aws:PrincipalArn": ROLE},
            resource_policy=named(grant(Principal={"AWS": f"arn:aws:iam::{A}:role/other/App"})),
        ),
        "denied",
    ),
    Departure(
        "role-name-in-another-case",
        IAM + "reference_identifiers.html",
        "names in ARNs are compared with case; iam-simulate finds a session's role by its name in any case",
        one(principals.exact_role_case),
        ask(SESSION, resource_policy=named(grant(Principal={"AWS": f"arn:aws:iam::{A}:role/app"}))),
        "denied",
    ),
    Departure(
        "notprincipal-needs-every-name",
        IAM + "reference_policies_elements_notprincipal.html",
        "a Deny with NotPrincipal spares a caller only if its account and its user or role are listed, and a session "
        "only if no other sessions of its role are picked by name; for iam-simulate one of these is enough",
        one(principals.spared_only_in_full),
        ask(
            SESSION,
            identity_policies=identity(grant()),
            resource_policy=named(refuse(NotPrincipal={"AWS": ROLE})),
        ),
        "denied",
    ),
    Departure(
        "root-user-needs-no-policy",
        EVALUATION,
        "an account's root user is allowed without an identity policy and has no boundary; iam-simulate asks for one",
        one(layers.root_with_full_access),
        ask(f"arn:aws:iam::{A}:root"),
        "allowed",
    ),
    Departure(
        "no-identity-side",
        EVALUATION,
        "identity policies, boundaries and SCPs bear on users, roles and root; iam-simulate puts services under them",
        one(layers.without_identity_side),
        ask(
            "s3.amazonaws.com",
            resource_policy=named(grant(Principal={"Service": "s3.amazonaws.com"})),
            service_control_policies=[identity(refuse())],
        ),
        "allowed",
    ),
    Departure(
        "service-linked-role",
        ORGANIZATIONS + "orgs_manage_policies_scps.html",
        "neither SCPs nor RCPs restrict service-linked roles; in iam-simulate they do",
        one(layers.without_organization_for_linked_roles),
        ask(
            f"arn:aws:iam::{A}:role/aws-service-role/lex.amazonaws.com/AWSServiceRoleForLex",
            identity_policies=identity(grant()),
            service_control_policies=[identity(refuse())],
        ),
        "allowed",
    ),
    Departure(
        "rcp-for-a-service-without-rcps",
        ORGANIZATIONS + "orgs_manage_policies_rcps.html",
        "RCPs cover listed services, and Lambda and SNS are not among them; iam-simulate applies them to every service",
        one(layers.without_rcps_where_none_apply),
        ask(
            SESSION,
            identity_policies=identity(grant()),
            resource_control_policies=[identity(refuse(action="lambda:*", Principal="*"))],
        ),
        "allowed",
    ),
    Departure(
        "trust-policy-must-allow",
        EVALUATION,
        "a role is taken only if its trust policy says so; without one iam-simulate lets an identity policy suffice",
        one(layers.with_a_trust_policy),
        ask(USER, action="sts:AssumeRole", resource=ROLE, identity_policies=identity(grant(action="sts:*"))),
        "denied",
    ),
    Departure(
        "session-policy-on-direct-grant",
        EVALUATION,
        "a resource policy that names the session itself, or everyone, is not limited by the session policy's silence; "
        "in iam-simulate it is",
        layers.direct_grant_apart,
        ask(
            SESSION,
            session_policies=identity(grant(action="s3:*")),
            resource_policy=named(grant(Principal={"AWS": SESSION})),
        ),
        "allowed",
    ),
)


def restate(request: Request, departures: Iterable[Departure] = DEPARTURES) -> tuple[list[Request], list[Departure]]:
    """The request in words that iam-simulate reads as AWS does, and those of the departures that took part."""
    asked: list[Request] = [request]
    taking_part: list[Departure] = []
    for departure in departures:
        anew = list(chain.from_iterable(departure.restate(one_of) for one_of in asked))
        if anew != asked:
            asked = anew
            taking_part.append(departure)
    return asked, taking_part
