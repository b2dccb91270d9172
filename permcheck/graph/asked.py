"""The actions permcheck asks about on any resource, by what being allowed them means."""

from permcheck.data import escalation

# Allowed on any resource, all of them together mean "everything": one rare action of each of many services.
EVERYTHING = (
    "s3:GetObject",
    "dynamodb:DeleteTable",
    "ec2:RunInstances",
    "kms:Decrypt",
    "secretsmanager:GetSecretValue",
    "lambda:UpdateFunctionCode",
    "rds:DeleteDBInstance",
    "glue:CreateJob",
    "iot:CreateThing",
    "quicksight:CreateDashboard",
    "workspaces:TerminateWorkspaces",
)
# Any one of these on any resource lets a principal give itself or another more rights.
IAM_WRITE = tuple(edit.action for edit in escalation.iam_edits() if edit.gives != "limits")
# The same, and what moves or takes away somebody's permissions boundary.
IAM_EDITS = tuple(edit.action for edit in escalation.iam_edits())
ALL_DATA = (
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "s3:GetObject",
    "s3:PutObject",
    "dynamodb:Scan",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "kms:Decrypt",
)
# Reading of each of these on any resource is a way to take everything of a kind out of the account.
READS_ALL = (
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "s3:GetObject",
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "kms:Decrypt",
)
# Each of these opens resources of some service to others.
OPENS_RESOURCES = (
    "lambda:AddPermission",
    "lambda:PutResourcePolicy",
    "lambda:AddLayerVersionPermission",
    "s3:PutBucketPolicy",
    "s3:PutBucketAcl",
    "ses:PutIdentityPolicy",
    "sns:AddPermission",
    "sns:SetTopicAttributes",
    "sqs:AddPermission",
    "sqs:SetQueueAttributes",
    "kms:PutKeyPolicy",
    "kms:CreateGrant",
    "secretsmanager:PutResourcePolicy",
    "ecr:SetRepositoryPolicy",
    "dynamodb:PutResourcePolicy",
    "events:PutPermission",
)
# What lambda:* gives over functions, one action of each sort.
OVER_FUNCTIONS = (
    "lambda:InvokeFunction",
    "lambda:InvokeFunctionUrl",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:AddPermission",
    "lambda:RemovePermission",
    "lambda:PutResourcePolicy",
    "lambda:CreateFunctionUrlConfig",
    "lambda:UpdateFunctionUrlConfig",
    "lambda:DeleteFunction",
    "lambda:GetFunction",
    "lambda:PublishVersion",
    "lambda:UpdateAlias",
    "lambda:PutFunctionConcurrency",
    "lambda:TagResource",
)
# Each of these replaces what a function does.
REWRITES = tuple(edit.action for edit in escalation.function_edits() if edit.does == "rewrites")
# Each of these lets a principal open a function to itself.
GRANTS = tuple(edit.action for edit in escalation.function_edits() if edit.does == "opens")
PROBED = tuple(
    dict.fromkeys(
        (
            *EVERYTHING,
            *IAM_WRITE,
            *ALL_DATA,
            *READS_ALL,
            *OPENS_RESOURCES,
            *OVER_FUNCTIONS,
            *(action for service in escalation.services() for action in service.needs),
            "lambda:CreateEventSourceMapping",
            "iam:PassRole",
            "sts:AssumeRole",
        )
    )
)
