"""Whom an identity pool accepts, how it chooses roles and which tags its sessions carry."""

from tests.sources.captures import ACCOUNT, OTHER, ROLE, Json, read
from tests.sources.samples import IDENTITY_POOLS, USER_POOLS
from tests.sources.samples.names import CALLER, CLIENT, POOL, REGION, USER_POOL
from tests.sources.surroundings import IDENTITIES, changed, errors, gap_about, read_samples, the_pool

DESCRIBED, ROLES, TAGS, _ = IDENTITY_POOLS
PROVIDER = f"cognito-idp.{REGION}.amazonaws.com/{USER_POOL}"


def mapped(mapping: object, **roles: str) -> Json:
    return {"IdentityPoolId": POOL, "Roles": roles, "RoleMappings": {f"{PROVIDER}:{CLIENT}": mapping}}


def test_everybody_who_may_sign_in() -> None:
    pool = the_pool(read_samples(DESCRIBED))
    assert [(p.name, p.client_id, p.token_check, p.pointer) for p in pool.providers] == [
        (PROVIDER, CLIENT, False, "/CognitoIdentityProviders/0")
    ]
    assert pool.other_logins == (
        "graph.facebook.com",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example.com",
        f"arn:aws:iam::{ACCOUNT}:saml-provider/corp",
        "login.example",
    )


def test_a_mapping_by_rules() -> None:
    pool = the_pool(read_samples(ROLES))
    (mapping,) = pool.mappings
    assert (mapping.provider, mapping.kind, mapping.ambiguous) == (f"{PROVIDER}:{CLIENT}", "Rules", "Deny")
    (rule,) = mapping.rules
    assert (rule.claim, rule.match, rule.value, rule.role) == ("custom:tier", "Equals", "gold", CALLER)
    assert pool.has_role_mappings


def test_a_mapping_that_cannot_be_read_is_still_one() -> None:
    """The classic flow is closed by any mapping, so it must not look open because of a slip in the file."""
    facts = read({"roles.json": mapped({"Type": 7}, unauthenticated=ROLE)})
    pool = the_pool(facts)
    assert pool.has_role_mappings
    assert [(m.kind, m.rules) for m in pool.mappings] == [("", ())]
    assert [r.role for r in pool.roles] == [ROLE]
    (gap,) = facts.not_read
    assert gap.effect == f"which roles users of {PROVIDER}:{CLIENT} get is unknown"
    assert gap.pointer.endswith("/Type")


def test_tags_from_claims() -> None:
    (tags,) = the_pool(read_samples(TAGS)).tag_maps
    assert (tags.provider, tags.defaults, dict(tags.tags)) == (PROVIDER, False, {"team": "custom:team"})
    assert (tags.source, tags.pointer) == ("get-principal-tag-attribute-map.json", "")
    other = changed(TAGS, IdentityProviderName="graph.facebook.com", UseDefaults=True)._replace(file="b.json")
    found = the_pool(read_samples(TAGS, other)).tag_maps
    assert [(t.provider, t.defaults) for t in found] == [(PROVIDER, False), ("graph.facebook.com", True)]


def test_the_account_of_a_pool_is_that_of_its_roles() -> None:
    elsewhere = f"arn:aws:iam::{OTHER}:role/guest"
    facts = read({"roles.json": {"IdentityPoolId": POOL, "Roles": {"unauthenticated": elsewhere}}} | IDENTITIES)
    assert the_pool(facts).account == OTHER
    assert the_pool(read({"pool.json": DESCRIBED.value} | IDENTITIES)).account == ACCOUNT
    assert the_pool(read({"pool.json": DESCRIBED.value})).account == ""


def test_a_role_of_a_pool_that_is_not_in_view() -> None:
    gone = f"arn:aws:iam::{ACCOUNT}:role/gone"
    roles = {"IdentityPoolId": POOL, "Roles": {"unauthenticated": gone, "authenticated": ROLE}}
    facts = read({"roles.json": roles} | IDENTITIES)
    (gap,) = facts.not_read
    assert gap.error == f"the role gone of guests of the identity pool {POOL} is not among the identities in view"
    assert (gap.source, gap.pointer, gap.arn) == ("roles.json", "/Roles/unauthenticated", gone)
    assert read({"roles.json": roles}).not_read == ()  # no identities were given: an assumption says so


def test_the_role_of_a_group_that_is_not_in_view() -> None:
    facts = read({"g.json": USER_POOLS[1].value, "d.json": IDENTITIES["details.json"]})
    assert errors(facts) == []
    away = {"GroupName": "away", "UserPoolId": USER_POOL, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/gone"}
    facts = read({"g.json": {"Groups": [away]}} | IDENTITIES)
    assert gap_about(facts, "members of the group away").pointer == "/Groups/0/RoleArn"


def test_groups_that_choose_roles_and_were_not_given() -> None:
    sentence = f"Groups were not given for the user pool {USER_POOL}: none of them is taken to carry a role."
    by_token = {"roles.json": mapped({"Type": "Token", "AmbiguousRoleResolution": "Deny"})} | IDENTITIES
    assert sentence in read(by_token).assumptions
    assert sentence not in read(by_token | {"g.json": USER_POOLS[1].value}).assumptions
    assert sentence not in read({"roles.json": ROLES.value} | IDENTITIES).assumptions
