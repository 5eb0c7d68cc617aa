"""Tests mirror the packages; a name is a sentence about behaviour."""
