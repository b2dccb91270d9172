"""The condition tables that AWS prints, row by row: 56 facts, three of which its page has wrong."""

from __future__ import annotations

from .rows import LOGIC, OPERATORS, SETS, Row, Table

JOB = "aws:PrincipalTag/job-category"
PREFIX, USERNAME = "s3:prefix", "aws:username"
ENVIRONMENT, TAG_KEYS = "aws:RequestTag/environment", "aws:TagKeys"
PATHS = "aws:ResourceOrgPaths"
MEDIA, SPORTS = "o-acorg/r-acroot/ou-acroot-mediaou/", "o-acorg/r-acroot/ou-acroot-sportsou/"
BINARY = "QmluYXJ5VmFsdWVJbkJhc2U2NA=="
TOPIC = "arn:aws:sns:us-west-2:123456789012:TOPIC-ID"
LOGGED = "logs:LogGeneratingResourceArns"
# The page writes these ARNs with service and region in each other's place; the comparison is by segment all the same.
DISTRIBUTION = "arn:aws::cloudfront:123456789012:distribution/"
DEPARTMENT, PART = "aws:PrincipalTag/department", "aws:PrincipalTag/role"
CALLER = "aws:PrincipalArn"
ANA, MARY, NIKKI = (f"arn:aws:iam::222222222222:user/{name}" for name in ("Ana", "Mary", "Nikki"))
THREE_DEPARTMENTS = {DEPARTMENT: ["finance", "hr", "legal"], PART: ["audit", "security"]}

TABLES = (
    Table(
        "a tag equals one value",
        OPERATORS,
        {"StringEquals": {JOB: "iamuser-admin"}},
        (("equal", {JOB: "iamuser-admin"}, True), ("other", {JOB: "dev-ops"}, False), ("absent", {}, False)),
    ),
    Table(
        "a home folder by user name",
        OPERATORS,
        {"StringLike": {PREFIX: ["home/", "home/${aws:username}/"]}},
        (
            ("first user", {USERNAME: "martha_rivera", PREFIX: "home/martha_rivera/"}, True),
            ("second user", {USERNAME: "nikki_wolf", PREFIX: "home/nikki_wolf/"}, True),
            ("no user name", {PREFIX: "home/martha_rivera/"}, False),
        ),
    ),
    Table(
        "a tag without case, and its key among the keys",
        OPERATORS,
        {
            "StringEqualsIgnoreCase": {ENVIRONMENT: ["preprod", "storage"]},
            "ForAnyValue:StringEquals": {TAG_KEYS: "environment"},
        },
        (
            ("equal", {TAG_KEYS: ["environment"], ENVIRONMENT: "preprod"}, True),
            ("value in other case", {TAG_KEYS: ["environment", "costcenter"], ENVIRONMENT: "PreProd"}, True),
            ("key in other case", {TAG_KEYS: ["Environment"], "aws:RequestTag/Environment": "preprod"}, False),
            ("other key listed", {TAG_KEYS: ["costcenter"], ENVIRONMENT: "preprod"}, False),
            ("no key listed", {ENVIRONMENT: "storage"}, False),
            ("no value", {TAG_KEYS: ["environment"]}, False),
            ("neither", {}, False),
        ),
    ),
    Table(
        "no value may match either pattern",
        OPERATORS,
        {"ForAllValues:StringNotLike": {PATHS: [MEDIA, SPORTS + "*"]}},
        (
            ("the second pattern matches", {PATHS: [SPORTS + "costcenter/"]}, False),
            ("neither pattern matches", {PATHS: [MEDIA + "costcenter/"]}, True),
            ("absent", {}, True),
        ),
        corrects_page=True,
    ),
    Table(
        "a Boolean is false",
        OPERATORS,
        {"Bool": {"aws:SecureTransport": "false"}},
        (
            ("false", {"aws:SecureTransport": "false"}, True),
            ("true", {"aws:SecureTransport": "true"}, False),
            ("absent", {}, False),
        ),
    ),
    Table(
        "bytes in base 64",
        OPERATORS,
        {"BinaryEquals": {"key": BINARY}},
        (("same", {"key": BINARY}, True), ("other", {"key": "ASIAIOSFODNN7EXAMPLE"}, False), ("absent", {}, False)),
    ),
    Table(
        "an address in a range",
        OPERATORS,
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        (("inside", {"aws:SourceIp": "203.0.113.1"}, True), ("outside", {"aws:SourceIp": "198.51.100.1"}, False)),
    ),
    Table(
        "one topic",
        OPERATORS,
        {"ArnEquals": {"aws:SourceArn": TOPIC}},
        (
            ("same", {"aws:SourceArn": TOPIC}, True),
            ("other account", {"aws:SourceArn": TOPIC.replace("123456789012", "777788889999")}, False),
            ("absent", {}, False),
        ),
    ),
    Table(
        "every ARN like one of two",
        OPERATORS,
        {"ForAllValues:ArnLike": {LOGGED: [DISTRIBUTION + "*", DISTRIBUTION + "support*"]}},
        (
            ("one", {LOGGED: [DISTRIBUTION + "costcenter"]}, True),
            ("two", {LOGGED: [DISTRIBUTION + "costcenter", DISTRIBUTION + "support2025"]}, True),
            ("two of the first", {LOGGED: [DISTRIBUTION + "costcenter", DISTRIBUTION + "admin"]}, True),
            ("other account", {LOGGED: ["arn:aws::cloudfront:777788889999:distribution/costcenter"]}, False),
            ("absent", {}, True),
        ),
    ),
    Table(
        "an instance type, where there is one",
        OPERATORS,
        {"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*", "m3.*"]}},
        (
            ("like", {"ec2:InstanceType": "t1.micro"}, True),
            ("unlike", {"ec2:InstanceType": "m2.micro"}, False),
            ("absent", {}, True),
        ),
    ),
    Table(
        "every key listed, and some key there",
        SETS,
        {"ForAllValues:StringEquals": {TAG_KEYS: ["environment", "cost-center"]}, "Null": {TAG_KEYS: "false"}},
        (
            ("first", {TAG_KEYS: ["environment"]}, True),
            ("second", {TAG_KEYS: ["cost-center"]}, True),
            ("both", {TAG_KEYS: ["environment", "cost-center"]}, True),
            ("one more", {TAG_KEYS: ["environment", "dept"]}, False),
            ("absent", {}, False),
        ),
    ),
    Table(
        "some key listed",
        SETS,
        {"ForAnyValue:StringEquals": {TAG_KEYS: ["environment", "cost-center"]}},
        (
            ("first", {TAG_KEYS: ["environment"]}, True),
            ("second", {TAG_KEYS: ["cost-center"]}, True),
            ("both", {TAG_KEYS: ["environment", "cost-center"]}, True),
            ("one more", {TAG_KEYS: ["environment", "dept"]}, True),
            ("another", {TAG_KEYS: ["dept"]}, False),
            ("absent", {}, False),
        ),
    ),
    Table(
        "two tags and one of two users",
        LOGIC,
        {"StringEquals": THREE_DEPARTMENTS, "ArnLike": {CALLER: [ANA, MARY]}},
        (
            ("all three", {DEPARTMENT: "legal", PART: "audit", CALLER: MARY}, True),
            ("another user", {DEPARTMENT: "hr", PART: "audit", CALLER: NIKKI}, False),
            ("another part", {DEPARTMENT: "hr", PART: "payroll", CALLER: MARY}, False),
            ("no part", {DEPARTMENT: "hr", CALLER: MARY}, False),
            ("no tags", {CALLER: MARY}, False),
        ),
    ),
    Table(
        "two tags and neither of two users",
        LOGIC,
        {"StringEquals": THREE_DEPARTMENTS, "ArnNotLike": {CALLER: [ANA, MARY]}},
        (
            ("all three", {DEPARTMENT: "legal", PART: "audit", CALLER: NIKKI}, True),
            ("one of the users", {DEPARTMENT: "hr", PART: "audit", CALLER: MARY}, False),
            ("another part", {DEPARTMENT: "hr", PART: "payroll", CALLER: NIKKI}, False),
            ("no part", {DEPARTMENT: "hr", CALLER: NIKKI}, False),
            ("no tags", {CALLER: NIKKI}, False),
        ),
    ),
)
ROWS: tuple[Row, ...] = tuple(row for table in TABLES for row in table.rows())
