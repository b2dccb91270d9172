"""Whether a statement of a function's policy gives something to a principal of the function's own account."""

from permcheck.access.targets import names_of
from permcheck.errors import PermcheckError
from permcheck.graph.outsiders import stranger_or
from permcheck.model.function import Function
from permcheck.model.policy import Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.caller import account_in, is_account
from permcheck.policy.evaluate import evaluate


def lets_its_own(function: Function, qualifier: str, action: str, statement: Statement) -> bool:
    """Whether somebody the statement names may do the action, with or without conditions.

    The account as a whole does not count: naming it leaves everything to the account's own policies.
    """
    arn = f"{function.arn}:{qualifier}" if qualifier else function.arn
    item = next((i for i in names_of(function) if i.arn == arn), None)
    if item is None or statement.principals is None:
        return False
    for entry in statement.principals.aws:
        if account_in(entry) != item.account or is_account(entry):
            continue
        try:
            decision = evaluate(*stranger_or(entry, item, action))
        except PermcheckError:
            continue  # names nobody that could ask
        may = decision.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)
        if may and any(r.statement is statement for r in decision.because):
            return True
    return False
