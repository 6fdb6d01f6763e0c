"""Screening over HTTP as clients of OpenSanctions' yente 5 ask for it, and, thinly, those of OpenRefine and watchman.

Shapes, names, limits and status codes are theirs, scores and reasons ours. What we cannot answer truly is an error,
never a default: an unknown algorithm, list, weight or setting. docs/screening.md says where we differ.
"""
