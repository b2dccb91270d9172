"""What is made ready of a statement says of a resource what the statement itself says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from permcheck.model.policy import Document, Effect, PolicyKind, Statement
from permcheck.policy.condition import Match
from permcheck.policy.context import Context
from permcheck.policy.matching import ready_for
from permcheck.policy.resource import resource_applies

PATTERNS = (
    "*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b*",
    "arn:aws:s3:::?",
    "ARN:aws:S3:::b",
    "arn:aws:s3",
    "arn:*",
    "b",
    "arn:aws:s3:*:*:${aws:username}",
    "arn:aws:${aws:username}:::b",
    "arn:aws:lambda:*:1:function:f*",
)
RESOURCES = ("*", "arn:aws:s3:::b", "arn:aws:s3:::B", "arn:AWS:s3:::bc", "arn:aws:lambda:eu-west-1:1:function:f:1", "b")
CONTEXTS = (Context(), Context(complete=False), Context({"aws:username": ("b",)}), Context({"aws:username": ("c",)}))


@settings(max_examples=600, deadline=None)
@given(
    st.none() | st.lists(st.sampled_from(PATTERNS), max_size=3).map(tuple),
    st.booleans(),
    st.booleans(),
    st.sampled_from(list(PolicyKind)),
    st.sampled_from(RESOURCES),
    st.sampled_from(CONTEXTS),
)
def test_a_statement_made_ready_names_what_it_names(
    patterns: tuple[str, ...] | None, refused: bool, variables: bool, kind: PolicyKind, resource: str, context: Context
) -> None:
    resources, others = (None, patterns) if refused else (patterns, None)
    statement = Statement(
        Effect.ALLOW,
        0,
        "/Statement/0",
        actions=("s3:Get*",),
        resources=resources,
        not_resources=others,
        variables=variables,
    )
    (ready,) = ready_for(Document((statement,)), "S3:GetObject", kind)
    match, _ = resource_applies(statement, resource, kind, context)
    if ready.moving:
        assert ready.names(resource)
    else:
        assert ready.names(resource) is (match is Match.YES)
        assert match is not Match.MAYBE
