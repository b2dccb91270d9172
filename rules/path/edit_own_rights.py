"""PC315: a caller that may give itself more rights."""

from collections.abc import Iterator

from permcheck.model import Finding, PathStep, Role, User
from permcheck.rule import Answer, Example, Narrowing, Rule, Strength, View
from permcheck.rule.granting import IAM_EDITS
from permcheck.rules._examples import (
    ACCOUNT,
    Json,
    account,
    allow,
    attached,
    deny,
    managed_policy,
    role,
    trust,
    user,
    user_arn,
)
from permcheck.rules.path._steps import (
    WORTH,
    conditions,
    deploys,
    entry,
    limited,
    once,
    places,
    shifted,
    start,
    whom,
)

VERSION, OTHER, UNBIND = "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeleteRolePermissionsBoundary"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/shared"
OPS: Json = trust({"AWS": user_arn("lee")})
READING = allow(["dynamodb:GetItem", "iam:Get*"])
HELD = [allow("dynamodb:Query"), allow("iam:Delete*")]
GAINED = {
    Strength.ADMINISTRATOR: "everything in the account",
    Strength.IAM_WRITE: "IAM: it can give itself more",
    Strength.ALL_DATA: "all data of a kind",
}


class EditOwnRights(Rule):
    """A caller may give itself more rights.

    What
        A role or user may change what it is allowed itself: write or attach a policy to itself or to its group, put a
        new version of a policy in force that it has (iam:CreatePolicyVersion), go back to another version that allows
        more (iam:SetDefaultPolicyVersion), or take away or replace the permissions boundary that holds it back. By that
        it gains something: everything, the right to rewrite IAM, or all data of a kind.

    Why it matters
        Whatever else is granted carefully, this caller has what it likes a moment later, all functions and their roles
        included. A boundary that its bearer may delete is no boundary.

    How to fix
        Let nobody edit the policies it has itself. Keep what a caller may manage under a path of its own, and deny
        changes of its boundary in the boundary itself.

    When it is fine
        For the few who administer the account under another name: name the role under deploy_roles in permcheck.toml,
        and the finding is listed as explained. Administrators are not reported; what a function can do to itself is
        function-rewrites-iam.

    References
        IAM User Guide, "Permissions boundaries for IAM entities"
        IAM User Guide, "Versioning IAM policies"
        IAM API Reference, "CreatePolicyVersion"
    """

    id = "PC315"
    name = "edit-own-rights"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = IAM_EDITS

    bad = (
        Example(
            account(attached(user("lee"), POLICY), policies=[managed_policy(POLICY, READING, allow(VERSION, POLICY))]),
            "a new version of a policy it has, in force at once",
        ),
        Example(
            account(
                attached(user("lee"), POLICY),
                policies=[managed_policy(POLICY, allow(OTHER, POLICY), earlier=[[allow("*")]])],
            ),
            "an earlier version allowed everything",
        ),
        Example(
            account(user("lee"), role("ops", allow("*"), trusts=OPS, boundary={"Statement": HELD})),
            "the boundary that holds it back lets it be deleted",
        ),
    )
    good = (
        Example(
            account(
                attached(user("lee"), POLICY),
                policies=[managed_policy(POLICY, allow(OTHER, POLICY), earlier=[[allow("s3:ListAllMyBuckets")]])],
            ),
            "no version of the policy allows more",
        ),
        Example(
            account(
                attached(user("lee"), POLICY),
                policies=[managed_policy(POLICY, READING, allow([VERSION, OTHER]), deny([VERSION, OTHER], POLICY))],
            ),
            "it may edit other policies, and not the one it has",
        ),
        Example(
            account(
                user("lee"),
                role("ops", READING, allow(UNBIND), trusts=OPS, boundary={"Statement": [READING, allow(UNBIND)]}),
            ),
            "the boundary holds nothing back",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can make itself more than it is; of roles for functions and for users of apps others tell."""
        if isinstance(caller, Role) and (view.functions_of(caller.arn) or view.trusts_lambda(caller)):
            return
        if view.ways.signs_in(caller):
            return
        found = next(((w, a) for w, a in view.ways.own_edits(caller) if a.allowed and not _chooses(a)), None)
        if found is None or view.strength(caller) is Strength.ADMINISTRATOR or not view.ways.taken(caller):
            return
        worth, answer = found
        name = answer.resource.rpartition("/")[2]
        yield self.finding(
            f"{whom(caller)} can give itself more by {answer.action} on {name}, up to {GAINED[worth]}",
            caller.arn,
            once((*places(view, [answer], f"allows editing {name}, which is its own"), *entry(view, caller))),
            severity=shifted(WORTH[worth], -1) if limited([answer]) else WORTH[worth],
            path=(
                *start(view, caller, answer.action, answer.verdict),
                PathStep("target" if worth is Strength.ALL_DATA else "admin", GAINED[worth]),
            ),
            conditions=conditions([answer]),
            fix=f"take {answer.action} on {name} away from {caller.name}: nobody edits what itself is allowed",
            witness=answer.witness,
            explained=deploys(view, caller),
        )


def _chooses(answer: Answer) -> bool:
    """Whether open conditions say which things may be edited: perhaps not its own."""
    return answer.narrowing is Narrowing.RESOURCE
