"""What a scan begins with: who am I, which Regions are there, and may I enter the accounts that I am to read."""

from permcheck.sources.live.call import Call, Rate
from permcheck.sources.live.keep import NAME, WORD

WHO_AM_I = Call("sts", "GetCallerIdentity", {"Account": NAME, "Arn": NAME}, Rate("sts", 10), "whose account it is")
# Without AllRegions it lists the Regions that are enabled for the account (EC2 API Reference, "DescribeRegions").
LIST_REGIONS = Call(
    "ec2", "DescribeRegions", {"Regions": {"RegionName": WORD}}, Rate("ec2", 5), "which Regions there are"
)
# Not among the permissions of a scan: it is granted on the roles that are taken, by whoever makes them. What it gives
# is never stored.
ENTER = Call("sts", "AssumeRole", {}, Rate("sts", 10), "everything in the account", things="accounts")
