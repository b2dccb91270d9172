"""PC207: a function that may let others in to resources."""

from collections.abc import Iterator

from permcheck.model import Finding, Role
from permcheck.rule import Example, Rule, View
from permcheck.rule.granting import OPENS_RESOURCES
from permcheck.rules._examples import account, allow, deny, document, worker
from permcheck.rules.reach._execution import anyhow, listed, passed_over, path, places, running_too, weighed, whose


class OpensResources(Rule):
    """A function may open resources to others.

    What
        The role of a function may write the resource policies of any bucket, queue, topic, key, table, repository or
        function (s3:PutBucketPolicy, lambda:AddPermission, kms:PutKeyPolicy …).

    Why it matters
        A resource policy can let another account in. Whoever controls the function then need not read anything through
        it: they open the resource once and read it from outside, in their own time.

    How to fix
        Name the resources whose policies the function has to write. Wildcards such as s3:* or dynamodb:* hold these
        actions too: name the actions the code calls.

    When it is fine
        For a function that sets up resources for a pipeline, if it is held to a prefix of names: then it is not
        reported.

    References
        IAM User Guide, "Identity-based policies and resource-based policies" and "AWS services that work with IAM"
    """

    id = "PC207"
    name = "opens-resources"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = OPENS_RESOURCES

    bad = (
        Example(
            account(worker("publisher-role", allow("s3:PutBucketPolicy")), functions={"publisher": "publisher-role"}),
            "any bucket",
        ),
        Example(
            account(worker("wiring-role", allow("sns:Add*")), functions={"wiring": "wiring-role"}),
            "any topic, by a pattern",
        ),
    )
    good = (
        Example(
            account(
                worker("publisher-role", allow("s3:PutBucketPolicy", "arn:aws:s3:::site-of-the-shop")),
                functions={"publisher": "publisher-role"},
            ),
            "one bucket",
        ),
        Example(
            account(
                worker("publisher-role", allow("s3:PutBucketPolicy"), deny("s3:*Policy")),
                functions={"publisher": "publisher-role"},
            ),
            "a Deny takes it back",
        ),
        Example({"publisher.json": document(allow("s3:PutBucketPolicy"))}, "no function: not what this is about"),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report the resources a role may open to others."""
        found = dict(anyhow(view, role, OPENS_RESOURCES))
        if not found or passed_over(view, role):
            return
        first = next(iter(found))
        services = listed(f"{action.partition(':')[0]} resources" for action in found)
        yield self.finding(
            f"{whose(view, role)} can open resources to other accounts: {listed(found)}",
            role.arn,
            places(view, found.values(), "allows writing resource policies"),
            severity=weighed(self.severity, found.values()),
            path=path(view, role, first, f"other accounts' access to all {services}"),
            conditions=found[first].conditions,
            fix=f"take {listed(found)} away from {role.name}, or name the resources whose policies it writes",
            witness=found[first].witness,
            others=running_too(view, role),
        )
