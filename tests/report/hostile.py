"""A report in which everything that comes from the input tries to be something else."""

from dataclasses import replace

from permcheck.model import Location, NotRead, PathStep, Report, Suppressed, Verdict
from tests.report.reports import FINDING

BAD = (
    "</script><img src=x onerror=alert(1)> [click](http://evil.example) ![i](x) {0} `code` ``` @octocat #1 | a"
    "\n::error::x \r::set-output name=x::y % , : \x1b[31m \u202e \x00 ]]> & \" ' <!-- --> $(id) www.evil.example "
    "https://evil.example \ufffe \U0001f600"
)
HOSTILE = Report(
    inputs=(BAD,),
    findings=(
        replace(
            FINDING,
            message=BAD,
            resource=BAD,
            fix=BAD,
            locations=(Location(BAD, "/x", arn=BAD, sid=BAD, note=BAD), Location(f"arn:{BAD}", note=BAD)),
            path=(PathStep("role", BAD, BAD, BAD, Verdict.CONDITIONAL), PathStep("function", BAD)),
            conditions=({"operator": BAD, "key": BAD, "values": [BAD], "source": BAD, "pointer": BAD},),
        ),
    ),
    suppressed=(Suppressed(replace(FINDING, message=BAD), BAD, "source", BAD),),
    assumptions=(BAD,),
    not_read=(NotRead(BAD, BAD, BAD, BAD, arn=BAD),),
    notes=(BAD,),
)
