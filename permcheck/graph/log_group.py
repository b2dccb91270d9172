"""Whether a function may write its own logs (Lambda Developer Guide, "Sending Lambda function logs to CloudWatch")."""

from functools import lru_cache

from permcheck.access import Subject
from permcheck.model.function import Function
from permcheck.model.policy import Document, PolicyKind, Statement
from permcheck.policy.arn import resource_matcher, split
from permcheck.policy.matching import action_applies, naming

WRITES = ("logs:CreateLogStream", "logs:PutLogEvents")
_GROUP = "log-group:/aws/lambda/"


def log_stream(function: Function) -> str:
    """The ARN of a stream in the log group that a function writes to unless it is told another."""
    head = function.arn.partition(":function:")[0].replace(":lambda:", ":logs:", 1)
    return f"{head}:{_GROUP}{function.name}:log-stream:permcheck"


def not_granted(role: Subject, function: Function) -> tuple[str, ...]:
    """The actions for writing logs that no Allow of the role gives for the function's log group: a first look.

    Empty where a policy was not read, and where some Allow names a log group of another kind: no input tells which
    group a function was configured to write to.
    """
    for policy in role.policies:
        if policy.document is None or _everywhere(policy.document):
            return ()
    arn = log_stream(function)
    missing = tuple(action for action in WRITES if not _granted(role, action, arn))
    return missing if missing and not _elsewhere(role) else ()


@lru_cache(maxsize=1 << 14)
def _everywhere(document: Document) -> bool:
    """Whether a document allows both actions on everything, as the policies that AWS has for it do."""
    wide = [s for s in document.statements if s.resources is not None and "*" in s.resources and s.is_allow]
    return bool(wide) and all(any(action_applies(s, action) for s in wide) for action in WRITES)


def _granted(role: Subject, action: str, arn: str) -> bool:
    for policy in role.policies:
        if policy.document is not None and any(s.is_allow and _names(s, arn) for s in naming(policy.document, action)):
            return True
    return False


def _names(statement: Statement, arn: str) -> bool:
    if statement.resources is None:
        return True
    return any("$" in text or resource_matcher(text, PolicyKind.IDENTITY)(arn) for text in statement.resources)


def _elsewhere(role: Subject) -> bool:
    """Whether the role may write to a log group that is none of a function's usual ones."""
    for policy in role.policies:
        for statement in naming(policy.document, WRITES[1]) if policy.document is not None else ():
            named = (split(text) for text in statement.resources or () if statement.is_allow)
            if any(arn is not None and arn.service == "logs" and not arn.resource.startswith(_GROUP) for arn in named):
                return True
    return False
