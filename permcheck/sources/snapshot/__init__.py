"""Snapshots of an account: the answers of AWS, as one file, and the facts they hold."""
