"""PC328: another account comes through a function to administrator, or puts its own code into it."""

from collections.abc import Iterator

from permcheck.model import Finding, Function, Location, PathStep
from permcheck.rule import Example, Outsider, Rule, Strength, View, traits
from permcheck.rules._examples import ACCOUNT, OTHER, account, allow, table_arn, worker
from permcheck.rules.path._captures import grant, policy
from permcheck.rules.path._steps import DOES_NOT_APPLY, INVOKE, MAY, REWRITES, once, reached

CODE = REWRITES[0]
KINDS = ("account", "org", "role", "user")
VAULT = {"vault": "vault-role"}
WRITER = worker("vault-role", allow("iam:PutRolePolicy"))
# What the single steps are reported as.
PARTS = {"ignore": ["PC101", "PC106", "PC107", "PC202", "PC205"]}


class OtherAccountReachesAdministrator(Rule):
    """Another account comes through a function to administrator.

    What
        The policy of a function, or of one of its versions or aliases, lets another account, an organization or one of
        their principals invoke it, and its role is administrator or can give itself more rights. Or it lets them
        replace the function's code, and its role has all data of a kind at least; AWS may refuse that call across
        accounts, so it is reported with low confidence.

    Why it matters
        What the other account may do here is written in two places: who comes in, in the function's policy, and what
        they come to, in its role. An administrator at the end of a call from outside makes the other account's mistakes
        one's own.

    How to fix
        Give the function a role that reaches what the other account is to have. Grant lambda:InvokeFunction alone, to
        the role that calls.

    When it is fine
        For accounts that are trusted with everything: name them under trusted_accounts or trusted_orgs in
        permcheck.toml, and the finding is listed as explained.

    References
        Lambda Developer Guide, "Granting Lambda function access to other accounts"
        IAM User Guide, "Cross-account policy evaluation logic"
    """

    id = "PC328"
    name = "other-account-reaches-administrator"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (traits.FOREIGN, traits.EVERYBODY)

    bad = (
        Example(
            account(WRITER, functions=VAULT) | policy("vault", grant("vault", {"AWS": OTHER})),
            "another account calls a function that can rewrite IAM",
            PARTS,
        ),
        Example(
            account(worker("vault-role", allow("secretsmanager:GetSecretValue")), functions=VAULT)
            | policy("vault", grant("vault", {"AWS": OTHER}, action=CODE)),
            "another account may replace code that reads every secret: low confidence",
            PARTS,
        ),
    )
    good = (
        Example(
            account(worker("vault-role", allow("dynamodb:Query", table_arn("Orders"))), functions=VAULT)
            | policy("vault", grant("vault", {"AWS": OTHER})),
            "the function reads one table",
            PARTS,
        ),
        Example(
            account(WRITER, functions=VAULT) | policy("vault", grant("vault", {"AWS": ACCOUNT})),
            "our own account",
            PARTS,
        ),
        Example(
            account(WRITER, functions=VAULT) | policy("vault", grant("vault", {"AWS": OTHER})),
            "an account trusted with everything",
            {**PARTS, "trusted_accounts": [OTHER]},
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterator[Finding]:
        """Report what outsiders with an AWS identity come to by a function with a strong role."""
        role = view.role_of(function)
        worth = view.strength(role) if role is not None else Strength.NOTHING
        if worth < Strength.ALL_DATA:
            return
        told: set[str] = set()
        for action in (CODE, INVOKE) if traits.MORE in view.shape(function) else (INVOKE,):
            kinds = (*KINDS, "aws") if action == CODE else KINDS if worth >= Strength.IAM_WRITE else ()
            for outsider in view.outsiders(function, action):
                if outsider.kind in kinds and outsider.verdict in MAY and outsider.caller not in told:
                    told.add(outsider.caller)
                    yield self._report(view, function, outsider, action)

    def _report(self, view: View, function: Function, outsider: Outsider, action: str) -> Finding:
        role = view.role_of(function)
        code = action == CODE
        name = f"{function.name}:{outsider.qualifier}" if outsider.qualifier else function.name
        does = f"replace the code of {name}, if AWS lets it," if code else f"invoke {name}"
        steps = tuple(view.function_steps(function, outsider.qualifier))
        arn = outsider.caller if outsider.caller.startswith("arn:") else None
        first = PathStep(outsider.kind, _short(outsider), arn, action if code else "invokes", outsider.verdict)
        return self.finding(
            f"{_who(outsider)} can {does} and so reach {steps[-1].name}",
            f"{function.arn}:{outsider.qualifier}" if outsider.qualifier else function.arn,
            once((*_places(view, outsider, "lets it in"), *(reached(view, role) if role is not None else ()))),
            confidence="low" if code else None,
            path=(first, *steps),
            conditions=outsider.row.conditions,
            fix=f"grant {INVOKE} on {name} alone, to the role that calls, and give it a role that reaches what that is "
            "to have",
            witness=outsider.row.witness,
            explained=_trusted(view, outsider),
        )


def _places(view: View, outsider: Outsider, note: str) -> Iterator[Location]:
    for reason in outsider.reasons:
        yield view.place(reason.policy, reason.statement, note if reason.statement.is_allow else DOES_NOT_APPLY)


def _short(outsider: Outsider) -> str:
    return outsider.caller.rpartition("/")[2] if outsider.caller.startswith("arn:") else outsider.caller


def _who(outsider: Outsider) -> str:
    words = {"aws": "any AWS account", "org": f"any account of organization {outsider.caller}"}
    plain = f"account {outsider.caller}" if outsider.kind == "account" else f"{outsider.kind} {_short(outsider)} of"
    account_id = f" account {outsider.caller.split(':')[4]}" if outsider.kind in ("role", "user") else ""
    return words.get(outsider.kind, plain + account_id)


def _trusted(view: View, outsider: Outsider) -> str | None:
    """Why configuration trusts this caller."""
    name = outsider.caller.split(":")[4] if outsider.caller.startswith("arn:") else outsider.caller
    if outsider.kind == "org":
        return f"{name} is among the trusted_orgs" if view.trusted_org(name) else None
    return f"{name} is among the trusted_accounts" if view.trusted_account(name) else None
