"""Reports and answers made by hand, for the tests of what is written about them."""

from dataclasses import replace

from permcheck.model import (
    Because,
    CallerRow,
    Finding,
    HeldBy,
    Location,
    NotRead,
    PathStep,
    Portion,
    ReachAnswer,
    ReachRow,
    ReachTarget,
    Report,
    Suppressed,
    Verdict,
    WhoAnswer,
    WhyAnswer,
    WhyLayer,
)

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Everything", "Effect": "Allow", "Action": "lambda:*", "Resource": "*"}
  ]
}
"""
ROLE = "arn:aws:iam::111122223333:role/app-guest"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:save"
STATEMENT = Location("-", "/Statement/0", sid="Everything", note="this allows it")
CONDITION = {
    "operator": "IpAddress",
    "key": "aws:SourceIp",
    "values": ["203.0.113.0/24"],
    "source": "-",
    "pointer": "/Statement/0/Condition/IpAddress/aws:SourceIp",
}
WITNESS = {"principal": ROLE, "action": "lambda:InvokeFunction", "resource": FUNCTION, "context": {}}
FINDING = Finding(
    rule="PC104",
    name="invoke-any-function",
    severity="critical",
    confidence="medium",
    message="role app-guest may do lambda:* on every function",
    resource=ROLE,
    locations=(
        STATEMENT,
        Location(FUNCTION, arn=FUNCTION, note="runs it"),
    ),
    path=(
        PathStep("guest", "eu-west-1:1b2c", None, "is handed", Verdict.ALLOWED),
        PathStep("role", "app-guest", ROLE, "lambda:*", Verdict.CONDITIONAL),
        PathStep("function", "save", FUNCTION, "runs as", Verdict.ALLOWED),
        PathStep("role", "save-role", "arn:aws:iam::111122223333:role/save-role"),
    ),
    conditions=(CONDITION,),
    fix="name the functions the app calls",
    witness=WITNESS,
    fingerprint="abc",
)
PLAIN = Finding("PC001", "no-version", "low", "high", "the policy has no Version", "loose.json", ())
GAP = NotRead("cut.json", "broken JSON: the text ends in the middle", "its policies are unknown", line=3, column=9)
REPORT = Report(
    inputs=("-", "cut.json"),
    findings=(FINDING, PLAIN),
    suppressed=(Suppressed(replace(PLAIN, resource="old.json"), "kept for the auditors"),),
    assumptions=("no service control policies were given",),
    not_read=(GAP,),
    looked_at={"roles": 2, "users": 0, "functions": 1},
)
BECAUSE = Because(STATEMENT, "Allow")
WHO = WhoAnswer(
    FUNCTION,
    (
        CallerRow(
            ROLE,
            "role",
            Verdict.CONDITIONAL,
            "lambda:InvokeFunction",
            FUNCTION,
            "identity_policy",
            (CONDITION,),
            (BECAUSE,),
            WITNESS,
            (HeldBy("guest", "eu-west-1:1b2c", "enhanced", Verdict.ALLOWED),),
            "covers $LATEST",
        ),
        CallerRow("*", "aws", Verdict.ALLOWED, "lambda:InvokeFunction", FUNCTION, "resource_policy"),
    ),
    (GAP,),
)
REACH = ReachAnswer(
    FUNCTION,
    ROLE,
    (
        ReachRow("dynamodb", ("dynamodb:Get*",), ("*",), Verdict.ALLOWED, (BECAUSE,)),
        ReachRow(
            "lambda",
            ("lambda:*",),
            ("*",),
            Verdict.CONDITIONAL,
            (BECAUSE,),
            (CONDITION,),
            "a note",
            within=(Portion(resources=("arn:aws:lambda:*:*:*",)),),
            besides=(
                Portion(("lambda:Delete*",), None, ("arn:1", "arn:2", "arn:3", "arn:4", "arn:5"), None, (BECAUSE,)),
                Portion(not_actions=("lambda:Get*",), not_resources=("arn:6",)),
            ),
        ),
    ),
    (
        ReachTarget("invoke", FUNCTION, Verdict.ALLOWED, "lambda:InvokeFunction", (BECAUSE,)),
        ReachTarget("pass", ROLE, Verdict.ALLOWED, "iam:PassRole", (BECAUSE,), service="lambda.amazonaws.com"),
    ),
    (),
    Verdict.UNKNOWN,
    ("keys are as they are",),
)
WHY = WhyAnswer(
    ROLE,
    "lambda:InvokeFunction",
    FUNCTION,
    Verdict.DENIED,
    "explicit:scp",
    (
        WhyLayer("scp", "denies it", (Because(Location("scp.json", "/Statement/0", sid="No"), "Deny"),)),
        WhyLayer("identity_policy", "allows it", (BECAUSE,)),
    ),
    (CONDITION,),
)
