"""PC140: a caller that may rewrite the role a function runs as."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Narrowing, Rule, Strength, Targets, View
from permcheck.rules._examples import account, allow, role_arn, table_arn, user, worker
from permcheck.rules.invoke._callers import administers, places, shifted, whom
from permcheck.rules.invoke._takeover import meant

# What the first two add to the role its function has; the third only lets somebody in to what the role has.
WRITES = ("iam:PutRolePolicy", "iam:AttachRolePolicy")
OPENS = "iam:UpdateAssumeRolePolicy"
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
OPENED = {Strength.ADMINISTRATOR: "critical", Strength.IAM_WRITE: "critical", Strength.ALL_DATA: "high"}


class EditExecutionRole(Rule):
    """A caller may edit the role of a function.

    What
        A role or user that is no administrator may change the policies (iam:PutRolePolicy, iam:AttachRolePolicy) or
        the trust policy (iam:UpdateAssumeRolePolicy) of a role that a function runs as.

    Why it matters
        With the first two the caller gives the function whatever right it likes, and has it whenever the function runs
        code or takes input of the caller's choosing. With the third it lets itself assume the role.

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
    )
    good = (
        Example(
            account(
                REPORT, user("lee", allow("iam:*Role*", role_arn("people/*"))), functions={"report": "report-role"}
            ),
            "roles under a path that no function uses",
        ),
        Example(account(REPORT, user("lee", allow(WRITES[0], role_arn("report-role")))), "no function runs as it"),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may edit a role that a function runs as."""
        if not view.names(caller, *WRITES, OPENS) or not (executing := view.execution_roles()):
            return
        for action in (*WRITES, OPENS):
            may = view.roles_for(caller, action)
            if may.possible_count and (roles := (may.within(executing) or may.open.within(executing))):
                if not _about_a_function(view, caller) and not administers(view, caller):
                    yield from self._on(view, caller, action, roles)
                return

    def _on(self, view: View, caller: Role | User, action: str, roles: Targets) -> Iterator[Finding]:
        role = view.role(next(roles.sure()))
        if role is None:
            return
        answer = view.decide(caller, action, role.arn)
        if not answer.allowed:
            return
        severity = self.severity if action in WRITES else OPENED.get(view.strength(role), "medium")
        function = view.functions_of(role.arn)[0]
        what = "give rights to" if action in WRITES else "let itself assume"
        more = f" and {roles.count - 1} more" if roles.count > 1 else ""
        yield self.finding(
            f"{whom(caller)} can {what} {role.name}{more}, which {function.name} runs as",
            caller.arn,
            places(view, [answer], f"allows editing {role.name}"),
            severity=shifted(severity, -1) if answer.narrowing is not Narrowing.NONE else severity,
            path=(*view.caller_step(caller, action, answer.verdict), *view.role_steps(role)),
            conditions=answer.conditions,
            fix=f"take {action} on {role.name} away from {caller.name}, or let it edit roles under another path only",
            witness=answer.witness,
            explained=meant(view, caller),
        )


def _about_a_function(view: View, caller: Role | User) -> bool:
    """Whether the caller is itself a function's role: what it may do to roles is then said of the function."""
    return isinstance(caller, Role) and bool(view.functions_of(caller.arn) or view.trusts_lambda(caller))
