"""What the loss of a principal would cost, in a few words: the end of a path."""

from collections.abc import Iterator
from itertools import islice

from permcheck.access import Subject
from permcheck.data import actions
from permcheck.graph.anything import item_named
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, counts, strength
from permcheck.model.finding import PathStep
from permcheck.model.policy import Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import split

# Being allowed one of the actions on any resource means having this.
_EVERY = {
    "every secret": ("secretsmanager:GetSecretValue",),
    "every parameter": ("ssm:GetParameter",),
    "every DynamoDB table": ("dynamodb:GetItem", "dynamodb:Scan", "dynamodb:PutItem"),
    "every object in S3": ("s3:GetObject", "s3:PutObject"),
    "every KMS key": ("kms:Decrypt",),
    "every role that lets it in": ("sts:AssumeRole",),
}
_TRIED = 12


def prize(scene: Scene, subject: Subject) -> PathStep | None:
    """The strongest thing the subject surely may reach, None where it is nothing to speak of."""
    worth = strength(scene, subject)
    if worth is Strength.ADMINISTRATOR:
        return PathStep("admin", "everything in the account")
    if worth is Strength.IAM_WRITE:
        return PathStep("admin", "IAM: it can give itself more")
    if worth is Strength.ALL_DATA:
        return PathStep("target", ", ".join(name for name, asked in _EVERY.items() if _any(scene, subject, asked)))
    return next(_named(scene, subject), None) if worth is Strength.SOME else None


def _any(scene: Scene, subject: Subject, asked: tuple[str, ...]) -> bool:
    return any(scene.probes.verdict(subject, action) is Verdict.ALLOWED for action in asked)


def _named(scene: Scene, subject: Subject) -> Iterator[PathStep]:
    """Single resources it surely may reach."""
    statements = (s for p in subject.policies for s in p.statements)
    for statement in islice(statements, _TRIED):
        found = concrete(statement, subject)
        if found is None:
            continue
        action, arn = found
        if scene.world.decide(subject, action, item_named(arn, action, subject.account)).verdict is Verdict.ALLOWED:
            parts = split(arn)
            yield PathStep("target", f"{parts.service} {parts.resource}" if parts else action, arn if parts else None)


def concrete(statement: Statement, subject: Subject) -> tuple[str, str] | None:
    """One action and one resource that the statement allows, None where it grants nothing worth having.

    A wildcard in the resource is left as it is: as a name it matches the pattern.
    """
    if not statement.is_allow or not statement.actions or not statement.resources:
        return None
    resource = statement.resources[0]
    if "${" in resource:
        return None
    for pattern in statement.actions:
        if counts(pattern):
            known = actions.matching(pattern) if "*" in pattern or "?" in pattern else (pattern,)
            if known:
                return known[0], resource
    return None
