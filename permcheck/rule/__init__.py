"""All that a rule may know, besides the model: what a rule is, what it may ask, and what it reports."""

from permcheck.access import Subject as Session
from permcheck.graph import shape as traits
from permcheck.graph.gain import Gain
from permcheck.graph.held import Held
from permcheck.graph.journeys import Journey, Openness, severity
from permcheck.graph.logins import Login
from permcheck.graph.narrowing import Narrowing
from permcheck.graph.on_behalf import Scope, ServiceGrant
from permcheck.graph.outsiders import Outsider
from permcheck.graph.strength import Strength
from permcheck.graph.trust import LetIn
from permcheck.policy.request import Reason
from permcheck.rule.answer import Answer, Targets
from permcheck.rule.around import Around, Lacking, RouteIn, Stopped, WrittenBy
from permcheck.rule.base import Example, Rule
from permcheck.rule.pools import Pools, Written
from permcheck.rule.view import View

__all__ = [
    "Answer",
    "Around",
    "Example",
    "Gain",
    "Held",
    "Journey",
    "Lacking",
    "LetIn",
    "Login",
    "Narrowing",
    "Openness",
    "Outsider",
    "Pools",
    "Reason",
    "RouteIn",
    "Rule",
    "Scope",
    "ServiceGrant",
    "Session",
    "Stopped",
    "Strength",
    "Targets",
    "View",
    "Written",
    "WrittenBy",
    "severity",
    "traits",
]
