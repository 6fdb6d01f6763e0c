"""From the report of an incident to the decision: convene, propose, join, decline, abstain, and what lapses."""
