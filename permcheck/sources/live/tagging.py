"""Tags of functions, all of a Region in one listing: ListTags of Lambda would take a call for each function.

Resource Groups Tagging API Reference, "GetResources". It leaves out what never had a tag, so a function that a whole
listing does not name has none.
"""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, WORD
from permcheck.sources.live.scope import Scope

GET_RESOURCES = Call(
    "resourcegroupstaggingapi",
    "GetResources",
    {"ResourceTagMappingList": {"ResourceARN": NAME, "Tags": {"Key": WORD, "Value": NAME}}},
    # Tagging API Reference, "Quotas": 15 a second.
    Rate("tagging", 15),
    "which tags functions have",
    Paging("PaginationToken", "PaginationToken", ("ResourcesPerPage", 100)),
    action="tag:GetResources",
)


def walk(scope: Scope) -> None:
    """Read the tags of functions."""
    scope.pages(GET_RESOURCES, ResourceTypeFilters=["lambda:function"])


SERVICE = Service("tagging", "around", (GET_RESOURCES,), walk)
