"""Benchmarks: the product beside the limit that it is measured against, in one run; what counts is the ratio."""
