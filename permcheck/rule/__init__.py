"""All that a rule may know, besides the model: what a rule is, what it may ask, and what it reports."""

from permcheck.graph.outsiders import Outsider
from permcheck.graph.strength import Strength
from permcheck.policy.request import Reason
from permcheck.rule.base import Example, Rule
from permcheck.rule.view import Answer, Targets, View

__all__ = ["Answer", "Example", "Outsider", "Reason", "Rule", "Strength", "Targets", "View"]
