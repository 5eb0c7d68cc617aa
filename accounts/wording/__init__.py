"""Words for people: dates, amounts, clauses, refusals, in the reader's language."""
