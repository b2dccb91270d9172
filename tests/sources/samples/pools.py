"""Outputs about identity pools and user pools."""

from tests.sources.captures import ACCOUNT, FUNCTION, ROLE
from tests.sources.samples.names import CALLER, CLIENT, KEY, POOL, REGION, USER_POOL, Sample

IDENTITY_POOLS = [
    Sample(
        "cognito-identity",
        "DescribeIdentityPool",
        "describe-identity-pool",
        "describe-identity-pool.json",
        {
            "IdentityPoolId": POOL,
            "IdentityPoolName": "app",
            "AllowUnauthenticatedIdentities": True,
            "AllowClassicFlow": False,
            "SupportedLoginProviders": {"graph.facebook.com": "7346241598935552"},
            "DeveloperProviderName": "login.example",
            "OpenIdConnectProviderARNs": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example.com"],
            "CognitoIdentityProviders": [
                {
                    "ProviderName": f"cognito-idp.{REGION}.amazonaws.com/{USER_POOL}",
                    "ClientId": CLIENT,
                    "ServerSideTokenCheck": False,
                }
            ],
            "SamlProviderARNs": [f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"],
        },
    ),
    Sample(
        "cognito-identity",
        "GetIdentityPoolRoles",
        "get-identity-pool-roles",
        "get-identity-pool-roles.json",
        {
            "IdentityPoolId": POOL,
            "Roles": {"authenticated": ROLE, "unauthenticated": ROLE},
            "RoleMappings": {
                f"cognito-idp.{REGION}.amazonaws.com/{USER_POOL}:{CLIENT}": {
                    "Type": "Rules",
                    "AmbiguousRoleResolution": "Deny",
                    "RulesConfiguration": {
                        "Rules": [{"Claim": "custom:tier", "MatchType": "Equals", "Value": "gold", "RoleARN": CALLER}]
                    },
                }
            },
        },
    ),
    Sample(
        "cognito-identity",
        "GetPrincipalTagAttributeMap",
        "get-principal-tag-attribute-map",
        "get-principal-tag-attribute-map.json",
        {
            "IdentityPoolId": POOL,
            "IdentityProviderName": f"cognito-idp.{REGION}.amazonaws.com/{USER_POOL}",
            "UseDefaults": False,
            "PrincipalTags": {"team": "custom:team"},
        },
    ),
    Sample(
        "cognito-identity",
        "ListIdentityPools",
        "list-identity-pools",
        "list-identity-pools.json",
        {"IdentityPools": [{"IdentityPoolId": POOL, "IdentityPoolName": "app"}]},
    ),
]

USER_POOLS = [
    Sample(
        "cognito-idp",
        "DescribeUserPool",
        "describe-user-pool",
        "describe-user-pool.json",
        {
            "UserPool": {
                "Id": USER_POOL,
                "Name": "members",
                "Arn": f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{USER_POOL}",
                "LambdaConfig": {
                    "PreSignUp": FUNCTION,
                    "PreTokenGeneration": FUNCTION,
                    "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION},
                    "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": f"{FUNCTION}:prod"},
                    "KMSKeyID": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY}",
                },
                "SchemaAttributes": [
                    {"Name": "sub", "AttributeDataType": "String", "Mutable": False},
                    {"Name": "custom:tier", "AttributeDataType": "String", "Mutable": True},
                ],
                "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
            }
        },
    ),
    Sample(
        "cognito-idp",
        "ListGroups",
        "cognito-idp list-groups",
        "list-groups.members.json",
        {
            "Groups": [
                {"GroupName": "admins", "UserPoolId": USER_POOL, "RoleArn": CALLER, "Precedence": 0},
                {"GroupName": "readers", "UserPoolId": USER_POOL},
            ]
        },
    ),
    Sample(
        "cognito-idp",
        "GetGroup",
        "cognito-idp get-group",
        "get-group.members.admins.json",
        {"Group": {"GroupName": "admins", "UserPoolId": USER_POOL, "RoleArn": CALLER, "Precedence": 0}},
    ),
    Sample(
        "cognito-idp",
        "DescribeUserPoolClient",
        "describe-user-pool-client",
        "describe-user-pool-client.json",
        {
            "UserPoolClient": {
                "UserPoolId": USER_POOL,
                "ClientId": CLIENT,
                "ClientName": "web",
                "ClientSecret": "planted-client-secret",
                "WriteAttributes": ["custom:tier", "email"],
            }
        },
    ),
    Sample(
        "cognito-idp",
        "ListUserPoolClients",
        "list-user-pool-clients",
        "list-user-pool-clients.json",
        {"UserPoolClients": [{"ClientId": CLIENT, "UserPoolId": USER_POOL, "ClientName": "web"}]},
    ),
    Sample(
        "cognito-idp",
        "ListUserPools",
        "list-user-pools",
        "list-user-pools.json",
        {"UserPools": [{"Id": USER_POOL, "Name": "members", "LambdaConfig": {"PreSignUp": FUNCTION}}]},
    ),
]
