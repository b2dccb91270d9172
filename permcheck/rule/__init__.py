"""All that a rule may know, besides the model: what a rule is, what it may ask, and what it reports."""

from permcheck.graph import shape as traits
from permcheck.graph.gain import Gain
from permcheck.graph.journeys import Journey, Openness, severity
from permcheck.graph.narrowing import Narrowing
from permcheck.graph.on_behalf import Scope, ServiceGrant
from permcheck.graph.outsiders import Outsider
from permcheck.graph.strength import Strength
from permcheck.graph.trust import LetIn
from permcheck.policy.request import Reason
from permcheck.rule.base import Example, Rule
from permcheck.rule.view import Answer, Targets, View

__all__ = [
    "Answer",
    "Example",
    "Gain",
    "Journey",
    "LetIn",
    "Narrowing",
    "Openness",
    "Outsider",
    "Reason",
    "Rule",
    "Scope",
    "ServiceGrant",
    "Strength",
    "Targets",
    "View",
    "severity",
    "traits",
]
