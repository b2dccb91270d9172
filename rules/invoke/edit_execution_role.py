"""PC140: a caller that may rewrite the role a function runs as."""

from collections.abc import Collection, Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Answer, Example, Narrowing, Rule, Strength, Targets, View
from permcheck.rules._examples import (
    ACCOUNT,
    account,
    allow,
    attached,
    managed_policy,
    role_arn,
    table_arn,
    user,
    worker,
)
from permcheck.rules.invoke._callers import administers, places, shifted, whom
from permcheck.rules.invoke._takeover import meant

# What the first two add to the role its function has; the third only lets somebody in to what the role has.
WRITES = ("iam:PutRolePolicy", "iam:AttachRolePolicy")
OPENS = "iam:UpdateAssumeRolePolicy"
# These change every role that has the policy.
VERSIONS = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/reports"
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
OPENED = {Strength.ADMINISTRATOR: "critical", Strength.IAM_WRITE: "critical", Strength.ALL_DATA: "high"}


class EditExecutionRole(Rule):
    """A caller may edit the role of a function.

    What
        A role or user that is no administrator may change the policies (iam:PutRolePolicy, iam:AttachRolePolicy) or
        the trust policy (iam:UpdateAssumeRolePolicy) of a role that a function runs as; or put a new version of a
        policy in force that such a role has (iam:CreatePolicyVersion), or another that allows more
        (iam:SetDefaultPolicyVersion).

    Why it matters
        With a policy the caller gives the function whatever right it likes, and has it whenever the function runs code
        or takes input of the caller's choosing. With the trust policy it lets itself assume the role.

    How to fix
        Leave roles to the pipeline that creates them. Who has to manage some roles can be held to a path that holds no
        function's role, or to a permissions boundary by a condition on iam:PermissionsBoundary.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained. A
        condition on the policy or the boundary makes it one step less severe. Administrators are not reported; what
        functions can do to roles is another rule, function-rewrites-iam.

    References
        IAM User Guide, "Permissions boundaries for IAM entities"
        Service Authorization Reference, "AWS Identity and Access Management (IAM)"
    """

    id = "PC140"
    name = "edit-execution-role"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (*WRITES, OPENS, *VERSIONS)

    bad = (
        Example(
            account(
                REPORT, user("lee", allow(WRITES[0], role_arn("report-role"))), functions={"report": "report-role"}
            ),
            "rights for the function, of the caller's choosing",
        ),
        Example(
            account(REPORT, user("lee", allow(OPENS, role_arn("report-*"))), functions={"report": "report-role"}),
            "the caller can let itself in",
        ),
        Example(
            account(
                attached(worker("report-role"), POLICY),
                user("lee", allow(VERSIONS[0], POLICY)),
                functions={"report": "report-role"},
                policies=[managed_policy(POLICY, allow("dynamodb:Query", table_arn("Orders")))],
            ),
            "a new version of a policy that the role has",
        ),
    )
    good = (
        Example(
            account(
                REPORT, user("lee", allow("iam:*Role*", role_arn("people/*"))), functions={"report": "report-role"}
            ),
            "roles under a path that no function uses",
        ),
        Example(account(REPORT, user("lee", allow(WRITES[0], role_arn("report-role")))), "no function runs as it"),
        Example(
            account(
                attached(worker("report-role"), POLICY),
                user("lee", allow(VERSIONS[1], POLICY)),
                functions={"report": "report-role"},
                policies=[
                    managed_policy(
                        POLICY,
                        allow(["dynamodb:Query", "dynamodb:Scan"], table_arn("Orders")),
                        earlier=[[allow("dynamodb:Query", table_arn("Orders"))]],
                    )
                ],
            ),
            "the other version of the policy allows less",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may edit a role that a function runs as."""
        if not view.names(caller, *WRITES, OPENS, *VERSIONS) or not (executing := view.execution_roles()):
            return
        for action in (*WRITES, OPENS):
            may = view.roles_for(caller, action)
            if may.some and (roles := (may.within(executing) or may.open.within(executing))):
                if not _about_a_function(view, caller) and not administers(view, caller):
                    yield from self._on(view, caller, action, roles)
                return
        if view.names(caller, *VERSIONS) and not _about_a_function(view, caller) and not administers(view, caller):
            yield from self._by_version(view, caller)

    def _by_version(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report the first policy of a function's role that it may change."""
        for action in VERSIONS:
            for arn, roles in view.ways.attached_to_functions.items():
                fit = roles if action == VERSIONS[0] else [r for r in roles if view.ways.rises_with_version(r, arn)]
                answer = view.decide(caller, action, arn) if fit else None
                if answer is not None and answer.allowed:
                    yield self._told(view, caller, answer, fit[0], [role.arn for role in fit[1:]])
                    return

    def _on(self, view: View, caller: Role | User, action: str, roles: Targets) -> Iterator[Finding]:
        role = view.role(next(roles.sure()))
        if role is None:
            return
        answer = view.decide(caller, action, role.arn)
        if not answer.allowed:
            return
        yield self._told(view, caller, answer, role, roles.but(role.arn))

    def _told(self, view: View, caller: Role | User, answer: Answer, role: Role, others: Collection[str]) -> Finding:
        action = answer.action
        severity = self.severity if action != OPENS else OPENED.get(view.strength(role), "medium")
        function = view.functions_of(role.arn)[0]
        what = "let itself assume" if action == OPENS else "give rights to"
        more = f" and {len(others)} more" if others else ""
        edited = role.name if answer.resource == role.arn else answer.resource.rpartition("/")[2]
        return self.finding(
            f"{whom(caller)} can {what} {role.name}{more}, which {function.name} runs as",
            caller.arn,
            places(view, [answer], f"allows editing {edited}"),
            severity=shifted(severity, -1) if answer.narrowing is not Narrowing.NONE else severity,
            path=(*view.caller_step(caller, action, answer.verdict), *view.role_steps(role)),
            conditions=answer.conditions,
            fix=f"take {action} on {edited} away from {caller.name}, or let it edit roles under another path only",
            witness=answer.witness,
            explained=meant(view, caller),
            others=others,
        )


def _about_a_function(view: View, caller: Role | User) -> bool:
    """Whether the caller is itself a function's role: what it may do to roles is then said of the function."""
    return isinstance(caller, Role) and bool(view.functions_of(caller.arn) or view.trusts_lambda(caller))
