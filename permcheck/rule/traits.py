"""What a rule may say that it concerns: words for what a function, a caller or a statement shows at a glance.

A trait is never an answer. What it hints at has still to be decided; where it is not there, there is nothing to decide.
"""

from permcheck.graph.shape import ELSEWHERE as ELSEWHERE
from permcheck.graph.shape import EVERYBODY as EVERYBODY
from permcheck.graph.shape import FOREIGN as FOREIGN
from permcheck.graph.shape import GONE as GONE
from permcheck.graph.shape import MORE as MORE
from permcheck.graph.shape import NEGATED as NEGATED
from permcheck.graph.shape import QUALIFIED as QUALIFIED
from permcheck.graph.shape import SERVICE as SERVICE
from permcheck.graph.shape import UNSURE as UNSURE
from permcheck.graph.shape import URL as URL
from permcheck.graph.shape import unique_id as unique_id

# Of a function, beside those of its policies and URLs (graph.shape).
LAYERS = "layers"  # a layer
KEY = "key"  # an access key of AWS among its environment variables

# Of a role or user. GONE is said of a role as well, of its trust policy.
WHOLE_SERVICE = "whole service"  # an Allow of SERVICE:*
BROAD = "broad"  # an Allow whose Resource may stand for everything of a kind, in a policy that AWS did not write
BROAD_OF_AWS = "broad of AWS"  # the same in one of AWS's managed policies
GRANTED = "granted"  # a function's policy may let it do one of the rule's actions without a policy of its own
DENIES = "denies"  # a Deny
TOKENS = "tokens"  # a role that a token of an identity pool or provider may lead to

# Of a statement. NEGATED is said of one as well.
CONDITIONS = "conditions"  # a Condition
VARIABLES = "variables"  # ${ in a Resource or in a value of a condition
ON_RESOURCE = "on resource"  # it stands in a policy of a resource: a function's, a bucket's, a role's trust

OF_FUNCTIONS = frozenset(
    (ELSEWHERE, EVERYBODY, SERVICE, FOREIGN, MORE, NEGATED, GONE, QUALIFIED, URL, UNSURE, LAYERS, KEY)
)
OF_CALLERS = frozenset((GONE, WHOLE_SERVICE, BROAD, BROAD_OF_AWS, DENIES, TOKENS, GRANTED))
OF_STATEMENTS = frozenset((NEGATED, CONDITIONS, VARIABLES, ON_RESOURCE))
