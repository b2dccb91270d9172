"""PC202: a function that may give itself, or others, more rights."""

from collections.abc import Iterator

from permcheck.model import Finding, Role
from permcheck.rule import Answer, Example, Narrowing, Rule, Strength, View
from permcheck.rule.granting import IAM_EDITS, IAM_WRITE, concrete
from permcheck.rules._examples import (
    ACCOUNT,
    account,
    allow,
    attached,
    deny,
    document,
    managed_policy,
    role_arn,
    user_arn,
    worker,
)
from permcheck.rules.reach._execution import (
    anyhow,
    listed,
    passed_over,
    path,
    places,
    running_too,
    shifted,
    weighed,
    whose,
)

JANITOR = f"arn:aws:iam::{ACCOUNT}:policy/janitor"
UNBIND = "iam:DeleteRolePermissionsBoundary"
ON_ITSELF = ("iam:PutRolePolicy", "iam:AttachRolePolicy")


class FunctionRewritesIam(Rule):
    """A function can rewrite IAM.

    What
        The role of a function may change the policies of roles, users or groups, their trust policies, or their
        credentials. On any of them, or on itself, it is critical; on a role that another function runs as, high; on
        single others, low. Its own rights are those of the policies attached to it, too, of which it may put a new
        version in force, and the permissions boundary that holds it back.

    Why it matters
        A function that may attach policies is an administrator who has not got round to it. Whoever controls the
        function's input or code takes the last step.

    How to fix
        Name the roles or users it has to change, under a path that holds nothing else, and never its own. Where it has
        to make new ones, ask for a permissions boundary by a condition on iam:PermissionsBoundary, and for certain
        policies by one on iam:PolicyARN.

    When it is fine
        For a function that grants one right to one user, or that finishes the set-up of two roles, as Amplify's do: it
        is low, and who those users and roles are decides. A condition on policy or boundary makes it one step less
        severe.

    References
        IAM User Guide, "Permissions boundaries for IAM entities"
        Service Authorization Reference, "AWS Identity and Access Management (IAM)"
    """

    id = "PC202"
    name = "function-rewrites-iam"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (*IAM_EDITS, *ON_ITSELF)

    bad = (
        Example(
            account(worker("janitor-role", allow(["iam:PutRolePolicy"])), functions={"janitor": "janitor-role"}),
            "any role, so its own too",
        ),
        Example(
            account(
                worker("badges-role", allow("iam:AttachUserPolicy", user_arn("bea"))),
                functions={"badges": "badges-role"},
            ),
            "one user: low",
        ),
        Example(
            account(
                attached(worker("janitor-role", allow("iam:CreatePolicyVersion", JANITOR)), JANITOR),
                functions={"janitor": "janitor-role"},
                policies=[managed_policy(JANITOR, allow("iam:GetRole"))],
            ),
            "a policy that it has itself",
        ),
    )
    good = (
        Example(
            account(
                worker("janitor-role", allow("iam:*"), deny("iam:*"), allow("iam:GetRole")),
                functions={"janitor": "janitor-role"},
            ),
            "a Deny takes it back",
        ),
        Example(
            account(worker("reader-role", allow(["iam:Get*", "iam:List*"])), functions={"reader": "reader-role"}),
            "looking is not writing",
        ),
        Example(
            account(
                worker(
                    "janitor-role",
                    allow(UNBIND, role_arn("janitor-role")),
                    boundary=document(allow([UNBIND, "logs:*"])),
                ),
                functions={"janitor": "janitor-role"},
            ),
            "the boundary it may delete holds nothing back",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report a role that may write IAM."""
        if passed_over(view, role):
            return
        found = dict(anyhow(view, role, IAM_WRITE))
        if found:
            what = f"everybody's rights: {listed(found)}"
            yield self._about(view, role, found, self.severity, what, "IAM: it can give itself more")
            return
        own = {a: answer for a in ON_ITSELF if (answer := view.decide(role, a, role.arn)).allowed}
        edits = [answer for worth, answer in view.ways.own_edits(role) if worth >= Strength.IAM_WRITE]
        own |= {answer.action: answer for answer in reversed(edits) if answer.allowed}
        if own:
            yield self._about(
                view, role, own, self.severity, f"its own rights: {listed(own)}", "itself: any right it likes"
            )
            return
        for action, resource in _scoped(role):
            answer = view.decide(role, action, resource)
            if answer.allowed:
                known = view.role(resource)
                shared = resource in view.ways.attached_to_functions
                severity = "high" if shared or (known is not None and view.functions_of(known.arn)) else "low"
                name = resource.rpartition(":")[2]
                yield self._about(view, role, {action: answer}, severity, f"the rights of {name}: {action}", name)
                return

    def _about(
        self, view: View, role: Role, found: dict[str, Answer], severity: str, what: str, target: str
    ) -> Finding:
        answers = list(found.values())
        scoped = all(a.narrowing is Narrowing.RESOURCE for a in answers)
        return self.finding(
            f"{whose(view, role)} can change {what}",
            role.arn,
            places(view, answers, "allows changing rights"),
            severity=shifted(severity, -1) if scoped else weighed(severity, answers),
            path=path(view, role, next(iter(found)), target, "admin" if severity == self.severity else "target"),
            conditions=answers[0].conditions,
            fix=f'name what {role.name} has to change, under a path of its own: "Resource": "{role_like(role)}"',
            witness=answers[0].witness,
            others=running_too(view, role),
        )


def _scoped(role: Role) -> Iterator[tuple[str, str]]:
    """The writing actions of IAM that its statements name, each with a resource they name."""
    writing = frozenset(IAM_WRITE)
    for policy in role.policies:
        for statement in policy.statements:
            if statement.is_allow and statement.actions and statement.resources:
                named = [a for pattern in statement.actions for a in concrete(pattern) if a in writing]
                yield from ((action, resource) for action in named for resource in statement.resources)


def role_like(role: Role) -> str:
    """An ARN that shows the form."""
    return f"{role.arn.partition(':role/')[0]}:role/managed-by-{role.name}/*"
