"""Benchmarks: made-up AWS accounts, and permcheck timed on them beside other ways to the same answer."""
