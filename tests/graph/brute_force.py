"""Which functions the guests of each pool get to, by asking about every single request. Simple and slow on purpose.

Written from AWS's pages, with nothing of permcheck but ``evaluate_request``, which decides one request:
Cognito Developer Guide, "Identity pools authentication flow" (who gets which role by which flow) and "IAM roles" (the
session policies over guests, and what a trust policy must say); IAM User Guide, "Roles terms and concepts" (chains) and
"Pass session tags in AWS STS"; Lambda Developer Guide, "Execution role", "Granting other services access", "Using
Lambda with Amazon SQS".

A way is as sure as its weakest request, and a function has the verdict of its surest way. Rewriting IAM is no way here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from permcheck.data import cognito_guest
from permcheck.policy import evaluate_request
from tests.graph.pool_captures import ACCOUNT, COGNITO, OTHER, REGION, Json, document
from tests.graph.small_accounts import (
    ABROAD,
    AMR,
    ASSUME,
    AUD,
    BUCKET,
    QUEUE,
    SERVICES,
    TAG,
    TEAM,
    WEB,
    WRITES,
    Account,
    Function,
    Pool,
    Role,
    Source,
    function_arn,
    role_arn,
)

T = TypeVar("T", Function, Role)
SUREST = ("allowed", "conditional", "unknown", "denied")
TAKES_OVER = ("UpdateFunctionCode", "UpdateFunctionConfiguration", "AddPermission", "PutResourcePolicy")
# A service is no user or role, has no tags and no token; from which address it calls is not told.
ABSENT = ("aws:PrincipalArn", TEAM, AUD, AMR, "aws:MultiFactorAuthPresent")
A_SERVICE: Json = {"lambda:InvokedViaFunctionUrl": "false", **{key: [] for key in ABSENT}}
NEW = tuple(function_arn(name) for name in ("f-new", "new"))


@dataclass(frozen=True)
class Session:
    """Somebody acting as a role. pool: whose guest it is; enhanced: whether Cognito took the role for the guest."""

    role: str
    pool: str = ""
    enhanced: bool = False


def weakest(*verdicts: str) -> str:
    """What is left of things that must all be."""
    return max(verdicts, key=SUREST.index)


def surest(verdicts: Iterator[str]) -> str:
    """The best of several ways."""
    return min(verdicts, key=SUREST.index, default="denied")


class BruteForce:
    """One account, every request of which is asked when it matters."""

    def __init__(self, drawn: Account) -> None:
        self.drawn = drawn
        self.roles = {role.name: role for role in drawn.roles}
        self.known: dict[tuple[Session, str], str] = {}

    def functions_of(self, pool: Pool) -> dict[str, str]:
        """Function → verdict, of all that the guests of a pool get to."""
        found = {session: verdict for session, verdict in self.begin(pool) if verdict != "denied"}
        functions: dict[str, str] = {}
        changed = True
        while changed:
            changed = False
            for session, sure in list(found.items()):
                for function in self.drawn.functions:
                    now = weakest(sure, self.once(self.gets_at, session, function))
                    if SUREST.index(now) < SUREST.index(functions.get(function.name, "denied")):
                        functions[function.name], changed = now, True
                for role in self.drawn.roles:
                    now = weakest(sure, self.once(self.becomes, session, role))
                    changed |= self.better(found, Session(role.name), now)
            for function in self.drawn.functions:
                # Lambda cannot take a role that does not let it in, so such a function never runs.
                if function.name in functions and function.runs_as in self.roles:
                    now = weakest(functions[function.name], self.for_lambda(self.roles[function.runs_as]))
                    changed |= self.better(found, Session(function.runs_as), now)
        return functions

    def once(self, asks: Callable[[Session, T], str], session: Session, of: T) -> str:
        """The answer about a session and a function or role, worked out when it is first asked for."""
        key = (session, of.name)
        if key not in self.known:
            self.known[key] = asks(session, of)
        return self.known[key]

    def better(self, found: dict[Session, str], session: Session, verdict: str) -> bool:
        """Keeps a session that is reached more surely than before."""
        if SUREST.index(verdict) < SUREST.index(found.get(session, "denied")):
            found[session] = verdict
            return True
        return False

    # how guests get roles

    def begin(self, pool: Pool) -> Iterator[tuple[Session, str]]:
        """The sessions that a guest takes first."""
        if not pool.guests:
            return
        if pool.guest_role in self.roles:
            role = self.roles[pool.guest_role]
            yield Session(role.name, pool.id, enhanced=True), self.takes(pool, role, enhanced=True)
        if pool.classic:
            for role in self.drawn.roles:
                taken = self.takes(pool, role, enhanced=False)
                # The guide says that role mappings shut the classic flow, and speaks of users: of guests it is unknown.
                if pool.mapped and taken != "denied":
                    taken = "unknown"
                yield Session(role.name, pool.id), taken

    def takes(self, pool: Pool, role: Role, *, enhanced: bool) -> str:
        """Whether the role's trust policy takes the token of a guest."""
        trust = role.trust
        if role.name == ABROAD:
            if enhanced:
                return "denied"
            # STS refuses the token of another account's pool unless the trust policy names the audience.
            trust = [s for s in trust if AUD in str(s.get("Condition"))]
        context: Json = {AUD: pool.id, AMR: ["unauthenticated"], "aws:FederatedProvider": COGNITO}
        if enhanced:
            context["aws:SourceIp"] = "18.200.10.3"  # Cognito asks for the role, not the guest
        return self.verdict(
            principal={"federated": COGNITO},
            action=WEB,
            resource=role_arn(role.name),
            resource_policy=document(*trust),
            context=context,
            context_complete=False,
        )

    # what a session does

    def ask(self, session: Session, action: str, resource: str, policy: list[Json] | None = None, **keys: str) -> str:
        """Whether the session may do this.

        Whoever assumes a role whose trust policy speaks of session tags may choose them, so that what another tag
        would open is conditional on it. A guest's token carries no tags.
        """
        request = self.request(session, action, resource, policy, keys)
        role = self.roles[session.role]
        found = self.verdict(**request)
        if session.pool or not lets_tag(role):
            return found
        untold = {key: value for key, value in request["context"].items() if key != TEAM}
        return surest(iter((found, weakest("conditional", self.verdict(**request | {"context": untold})))))

    def request(self, session: Session, action: str, resource: str, policy: list[Json] | None, keys: Json) -> Json:
        """The request of a session with the tags its role has."""
        role = self.roles[session.role]
        arn = role_arn(role.name)
        account = OTHER if role.name == ABROAD else ACCOUNT
        asked: Json = {
            "principal": arn,
            "action": action,
            "resource": resource,
            "resource_account": ACCOUNT,
            "resource_policy": document(*policy) if policy else None,
            "identity_policies": [document(*role.own)],
            "permissions_boundary": document(*role.boundary) if role.boundary is not None else None,
            "service_control_policies": [[document(*self.drawn.scp)]] if self.drawn.scp and account == ACCOUNT else [],
            "context_complete": False,
        }
        context: Json = {
            "aws:PrincipalArn": arn,
            "aws:PrincipalAccount": account,
            # Nobody calls on a resource's behalf, and not through a function URL.
            "aws:SourceArn": [],
            "aws:SourceAccount": [],
            "lambda:InvokedViaFunctionUrl": "false",
            TEAM: role.tags.get("team", []),
            **keys,
        }
        if session.pool:
            context |= {AUD: session.pool, AMR: ["unauthenticated"]}
        if session.enhanced:
            asked["principal"] = f"arn:aws:sts::{account}:assumed-role/{role.name}/CognitoIdentityCredentials"
            asked["session_policies"] = [dict(each) for each in cognito_guest.session_policies(REGION)]
        return {**asked, "context": context}

    def verdict(self, **asked: Any) -> str:
        """The reference's word on one request."""
        return str(evaluate_request(asked)["verdict"])

    def becomes(self, session: Session, role: Role) -> str:
        """Whether the session comes to act as a role: assumes it, or passes it to a function it makes or changes."""
        arn = role_arn(role.name)
        if role.name == session.role:
            return "denied"
        assumed = self.ask(session, ASSUME, arn, role.trust or [{"Effect": "Deny", "Action": "sts:None"}])
        service = {"iam:PassedToService": "lambda.amazonaws.com"}
        passed = weakest(self.for_lambda(role), self.ask(session, "iam:PassRole", arn, None, **service))
        if passed == "denied":
            return assumed
        created = surest(
            weakest(self.ask(session, "lambda:CreateFunction", new), self.runs(session, new)) for new in NEW
        )
        change = "lambda:UpdateFunctionConfiguration"
        functions = ((function_arn(f.name), f.policy) for f in self.drawn.functions)
        changed = surest(self.ask(session, change, arn, policy) for arn, policy in functions)
        return surest(iter((assumed, weakest(passed, created), weakest(passed, changed))))

    def runs(self, session: Session, function: str) -> str:
        """Whether the session can have a function of its own making run."""
        actions = ("InvokeFunction", "AddPermission", "PutResourcePolicy")
        return surest(self.ask(session, f"lambda:{action}", function) for action in actions)

    def for_lambda(self, role: Role) -> str:
        """Whether Lambda may take the role for a function of the account, which it tells as its source."""
        return self.verdict(
            principal="lambda.amazonaws.com",
            action=ASSUME,
            resource=role_arn(role.name),
            resource_policy=document(*role.trust),
            context={**A_SERVICE, "aws:SourceArn": function_arn("any")},
            context_complete=False,
        )

    def gets_at(self, session: Session, function: Function) -> str:
        """Whether the session invokes the function, takes it over, or writes to what sets it off."""
        name = function.name
        names = [("", function.policy), ("$LATEST", [])]
        if function.alias is not None or self.speaks_of(function_arn(name, "prod")):
            names.append(("prod", function.alias or []))
        called = (self.ask(session, "lambda:InvokeFunction", function_arn(name, q), policy) for q, policy in names)
        taken = (self.ask(session, f"lambda:{does}", function_arn(name), function.policy) for does in TAKES_OVER)
        sources = (s for s in self.drawn.sources if s.function == name)
        fed = (weakest(self.writes(session, source), self.sets_off(source, function)) for source in sources)
        return surest(iter((*called, *taken, *fed)))

    def speaks_of(self, arn: str) -> bool:
        """Whether a policy of a role names this alias: that there is one is then taken for granted."""
        return any(s["Resource"] == arn for role in self.drawn.roles for s in (*role.own, *(role.boundary or ())))

    def writes(self, session: Session, source: Source) -> str:
        """Whether the session may write to a source; in a bucket, any object."""
        named = (f"{BUCKET}/new", f"{BUCKET}/in/new") if source.arn == BUCKET else (source.arn,)
        return surest(self.ask(session, WRITES[source.arn], each, source.policy) for each in named)

    def sets_off(self, source: Source, function: Function) -> str:
        """Whether an event gets from the source to the function."""
        if source.arn == QUEUE:
            # Lambda reads the queue as the execution role.
            if function.runs_as not in self.roles:
                return "unknown"
            polls = Session(function.runs_as)
            actions = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
            able = self.for_lambda(self.roles[function.runs_as])
            return weakest(able, *(self.ask(polls, f"sqs:{action}", QUEUE, source.policy) for action in actions))
        owner: Json = {"aws:SourceAccount": ACCOUNT}
        # Of S3 the guide says that it tells the account; of SNS it does not say.
        untold: list[Json] = [] if source.arn == BUCKET else [{"aws:SourceAccount": []}]
        found = {
            self.verdict(
                principal=SERVICES[source.arn],
                action="lambda:InvokeFunction",
                resource=function_arn(function.name),
                resource_policy=document(*function.policy),
                context={**A_SERVICE, "aws:SourceArn": source.arn, **told},
                context_complete=False,
            )
            for told in (owner, *untold)
        }
        return found.pop() if len(found) == 1 else "conditional"


def lets_tag(role: Role) -> bool:
    """Whether the trust policy speaks of session tags at all."""
    return any(s["Effect"] == "Allow" and (TAG in s["Action"] or s["Action"] == "sts:*") for s in role.trust)
