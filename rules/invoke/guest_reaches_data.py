"""PC152: guests of an identity pool reach data."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import allow, table_arn
from permcheck.rules.invoke._pool_examples import OWN_FOLDER, app, guest, user
from permcheck.rules.invoke._pools import (
    best,
    by_role,
    handed_at,
    is_own,
    named,
    path_to,
    places,
    said,
    target,
    telling,
    unsaid,
    weighed,
)

ORDERS = allow(["dynamodb:GetItem", "dynamodb:PutItem"], table_arn("Orders"))
FIX = "take the statement from {}, and let a function answer what guests need to see"
OWN_FIX = "leave it, if guests are meant to keep something of their own; else take the statement from {}"


class GuestReachesData(Rule):
    """Guests of an identity pool reach data.

    What
        Credentials that a pool gives to anybody, without sign-in, may read or change something: objects, tables,
        queues, topics, keys. What Cognito's own limits on guests take away is not counted: in the enhanced flow they
        stop IAM, Secrets Manager, Parameter Store and EC2, and leave S3, DynamoDB, SQS, SNS, Kinesis and parts of KMS.

    Why it matters
        Nobody has to find a flaw for this. Whoever has the pool's id, which is in every copy of the app, asks Cognito
        for credentials and calls the service directly; the app's own checks are not on that way.

    How to fix
        Give guests no data that is not meant for everybody, and let a function answer what they need to see. What each
        guest keeps for itself, scope to its identity: ${cognito-identity.amazonaws.com:sub} in Resource, or for
        DynamoDB in a condition on dynamodb:LeadingKeys.

    When it is fine
        Reading what is public anyway. Where every statement is scoped to the identity the finding is low: each guest
        reaches its own, and the worst is that somebody fills the storage.

    References
        Amazon Cognito Developer Guide, "IAM roles"
        IAM User Guide, "IAM policy elements: Variables and tags"
    """

    id = "PC152"
    name = "guest-reaches-data"
    severity = "high"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(app(guest(ORDERS), guests=True), "guests read and write orders"),
        Example(
            app(guest(allow(["s3:GetObject", "s3:PutObject"], OWN_FOLDER)), guests=True),
            "each guest has a folder of its own: low",
        ),
        Example(
            app(guest(allow(["s3:GetObject", "secretsmanager:GetSecretValue"], "*")), guests=True),
            "Cognito's limits stop the secrets, and leave the objects",
        ),
    )
    good = (
        Example(app(guest(ORDERS), handed={}), "guests are not let in"),
        Example(app(user(ORDERS)), "whoever reads them has signed in"),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report each role that gives guests data."""
        for role_arn, sessions in by_role(view.pools.sessions(pool, "guest")).items():
            session, found = best(view, sessions)
            if not found:
                continue
            answers = [view.pools.answer(held) for held in found]
            first = telling(view, session, found, answers)
            own = is_own(view, session, answers)
            flow = session.holder.flow if session.holder is not None else ""
            more = ", each for its own identity" if own else f" by the {flow} flow"
            name = session.entity.name
            yield self.finding(
                f"a guest of identity pool {named(pool)}, without signing in, may {said(found, first)}{more}",
                role_arn,
                [*places(view, found, "is left to guests"), *handed_at(view, pool, role_arn, "guest")],
                severity=weighed(view, session, self.severity, answers),
                path=path_to(view, session, found[first].action, answers[first].verdict, target(found[first])),
                conditions=answers[first].conditions,
                fix=(OWN_FIX if own else FIX).format(name),
                witness=answers[first].witness,
                others=[*unsaid(found, first)],
            )
