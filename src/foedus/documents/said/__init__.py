"""A record of decision put in words: the same sentences for the page and for the paper.

Each module words one part. They read `values` and nothing else, so what is not in the record of decision cannot
be said of it.
"""

from foedus.documents.said.head import sheet

__all__ = ["sheet"]
