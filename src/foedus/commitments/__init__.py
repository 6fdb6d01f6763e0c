"""What parties owe.

Here: the obligations that arise when a party joins a measure or had agreed to it beforehand.
"""
