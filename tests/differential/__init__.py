"""Differential test: permcheck's decision of one request against an evaluator that was written elsewhere."""
