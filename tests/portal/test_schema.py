"""The API's description is complete: no warning, every address, version 3.1."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests import plainyaml


@pytest.mark.once
def test_the_schema_is_generated_without_a_warning():
    out, err = StringIO(), StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out, stderr=err)

    schema = plainyaml.load(out.getvalue())
    assert err.getvalue() == ""
    assert schema["openapi"].startswith("3.1")
    resources = {path.split("/")[3] for path in schema["paths"]}
    assert {
        "customers",
        "locations",
        "offerings",
        "orders",
        "entitlements",
        "deadlines",
        "bookings",
        "incidents",
    } <= resources
