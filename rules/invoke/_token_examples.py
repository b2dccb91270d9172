"""Trust policies for the tokens of identity providers, for examples."""

from permcheck.rules._examples import ACCOUNT, Json, document

GITHUB, GOOGLE = "token.actions.githubusercontent.com", "accounts.google.com"


def taking(provider: str, **condition: Json) -> Json:
    """A trust policy that lets an identity provider in, on these conditions."""
    named = provider if provider == GOOGLE else f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider}"
    statement = {"Effect": "Allow", "Principal": {"Federated": named}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return document({**statement, **({"Condition": condition} if condition else {})})
