"""Worked cases of the contract, put to the application's own rules.

`registry` knows the adapters and compares; `agreements`, `delivery` and `incidents`
hold them. An adapter translates the words of a case into calls and the results back
into words; it decides nothing.
"""
