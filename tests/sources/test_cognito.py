"""Identity pools and the roles they hand out."""

from tests.sources.captures import ROLE, Json, read, the_gap

POOL = "us-east-1:7c2f0a4e-0000-4000-8000-000000000000"
DESCRIBED: Json = {
    "IdentityPoolId": POOL,
    "IdentityPoolName": "app",
    "AllowUnauthenticatedIdentities": True,
    "AllowClassicFlow": False,
}
ROLES: Json = {"IdentityPoolId": POOL, "Roles": {"authenticated": f"{ROLE}-in", "unauthenticated": ROLE}}


def test_a_pool_in_two_outputs() -> None:
    facts = read({"describe.json": DESCRIBED, "roles.json": ROLES})
    (pool,) = facts.pools
    assert (pool.id, pool.name, pool.guests, pool.classic_flow) == (POOL, "app", True, False)
    assert (pool.source, pool.pointer) == ("describe.json", "")
    assert [(r.kind, r.role, r.source, r.pointer) for r in pool.roles] == [
        ("signed_in", f"{ROLE}-in", "roles.json", "/Roles/authenticated"),
        ("guest", ROLE, "roles.json", "/Roles/unauthenticated"),
    ]
    assert not pool.has_role_mappings


def test_what_is_not_told_stays_open() -> None:
    (pool,) = read({"roles.json": ROLES}).pools
    assert (pool.name, pool.guests, pool.classic_flow) == ("", None, None)
    (pool,) = read({"d.json": {"IdentityPoolId": POOL, "IdentityPoolName": "app"}}).pools
    assert (pool.guests, pool.classic_flow, pool.roles) == (None, None, ())


def test_a_pool_without_roles() -> None:
    facts = read({"roles.json": {"IdentityPoolId": POOL}})
    assert facts.pools[0].roles == ()
    assert facts.not_read == ()


def test_list_identity_pools() -> None:
    facts = read({"l.json": {"IdentityPools": [{"IdentityPoolId": POOL, "IdentityPoolName": "app"}]}})
    assert [(p.id, p.name) for p in facts.pools] == [(POOL, "app")]


def test_roles_chosen_by_rules() -> None:
    provider = "cognito-idp.us-east-1.amazonaws.com/us-east-1_x:client"
    rule = {"Claim": "group", "MatchType": "Equals", "Value": "admin", "RoleARN": f"{ROLE}-admin"}
    mapping = {provider: {"Type": "Rules", "RulesConfiguration": {"Rules": [rule]}}}
    (pool,) = read({"roles.json": ROLES | {"RoleMappings": mapping}}).pools
    assert pool.has_role_mappings
    chosen = pool.roles[-1]
    assert (chosen.kind, chosen.role) == ("signed_in", f"{ROLE}-admin")
    (told,) = pool.mappings
    assert (told.provider, told.kind, told.ambiguous) == (provider, "Rules", None)
    assert [(r.claim, r.match, r.value, r.role) for r in told.rules] == [("group", "Equals", "admin", f"{ROLE}-admin")]
    escaped = provider.replace("/", "~1")
    assert chosen.pointer == f"/RoleMappings/{escaped}/RulesConfiguration/Rules/0/RoleARN"


def test_roles_chosen_by_the_token() -> None:
    mapping = {"p": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}}
    (pool,) = read({"roles.json": ROLES | {"RoleMappings": mapping}}).pools
    assert [(m.kind, m.ambiguous, m.rules) for m in pool.mappings] == [("Token", "Deny", ())]
    assert pool.has_role_mappings


def test_who_may_sign_in() -> None:
    told = {
        "CognitoIdentityProviders": [{"ProviderName": "cognito-idp", "ClientId": "c", "ServerSideTokenCheck": False}],
        "SupportedLoginProviders": {"graph.facebook.com": "1"},
        "SamlProviderARNs": ["arn:aws:iam::111122223333:saml-provider/x"],
        "DeveloperProviderName": "own",
    }
    (pool,) = read({"d.json": DESCRIBED | told}).pools
    assert [(p.name, p.client_id, p.token_check) for p in pool.providers] == [("cognito-idp", "c", False)]
    assert pool.other_logins == ("graph.facebook.com", "arn:aws:iam::111122223333:saml-provider/x", "own")


def test_wrong_shapes() -> None:
    facts = read({"roles.json": ROLES | {"Roles": {"everybody": ROLE}}})
    assert the_gap(facts).pointer == "/Roles/everybody"
    facts = read({"d.json": DESCRIBED | {"AllowClassicFlow": "yes"}})
    assert the_gap(facts).error.startswith("AllowClassicFlow is true or false, not a string")


def test_two_answers_that_differ() -> None:
    facts = read({"a.json": DESCRIBED, "b.json": DESCRIBED | {"AllowClassicFlow": True}})
    assert facts.pools[0].classic_flow is True
    assert the_gap(facts).error == f"a.json tells {POOL} differently: flows"
    facts = read({"a.json": ROLES, "b.json": ROLES | {"Roles": {}}})
    assert facts.pools[0].roles == ()
    assert the_gap(facts).error == f"a.json tells {POOL} differently: roles"
