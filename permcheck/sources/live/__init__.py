"""A live account: which calls are made, in what order, how fast, and what becomes of the answers.

Only ``clients`` imports boto3, and only when a scan begins; everything else here can be read, listed and tested without
it. Nothing is ever written to an account.
"""
