import pytest

from incidents.rules.components import Component, ComponentCatalogue, components_from

CATALOGUE = ComponentCatalogue(
    [
        Component("Azure", "azure_component", online_service=True),
        Component(
            "Azure Billing", "azure_component", aliases=("Billing & Subscription Management",)
        ),
        Component("Azure SQL Database", "azure_component", aliases=("Azure SQL",)),
        Component("Entra", "security_product", frozenset({"identity"})),
        Component("Entra ID", "security_product", frozenset({"identity"}), aliases=("Azure AD",)),
        Component("SQL Server", "other", frozenset({"on_premises"})),
    ]
)


@pytest.mark.clause("X-16")
@pytest.mark.parametrize(
    "spelling",
    [
        "Azure Billing",
        "azure billing",
        " Microsoft Azure Billing ",
        "Billing & Subscription Management",
        "billing and subscription management",
        "Billing-and_Subscription management",
    ],
)
def test_a_component_is_found_under_all_its_spellings(spelling):
    assert CATALOGUE.find(spelling).name == "Azure Billing"
    assert CATALOGUE.name_of(spelling) == "Azure Billing"


@pytest.mark.clause("2.4-SE3")
def test_what_begins_with_a_products_name_belongs_to_it():
    part = CATALOGUE.find("SQL Server 2022")
    assert (part.name, part.part_of) == ("SQL Server 2022", ("SQL Server",))
    assert (part.product_class, part.kinds) == ("other", frozenset({"on_premises"}))


@pytest.mark.clause("2.4-SE3")
def test_the_longest_name_is_the_nearest_product():
    assert CATALOGUE.find("Entra ID Protection").part_of == ("Entra ID", "Entra")
    assert CATALOGUE.find("Azure AD Connect").part_of == ("Entra ID", "Entra")
    assert CATALOGUE.find("Azure Quantum").part_of == ("Azure",)


@pytest.mark.clause("2.4-SE3", "2.4-AP14", "2.5-AR5", "A-BS18", "A-UE7")
def test_a_part_is_among_the_names_of_its_products():
    entra_id = CATALOGUE.find("Entra ID")
    assert entra_id.is_among({"Entra"})
    assert entra_id.is_among(["Entra ID", "Intune"])
    assert not CATALOGUE.find("Entra").is_among({"Entra ID"})
    assert not CATALOGUE.find("Entrance Hall").is_among({"Entra"})


def test_an_alias_that_is_the_start_of_its_own_name_is_no_other_product():
    assert CATALOGUE.find("Azure SQL Database").part_of == ("Azure",)
    assert CATALOGUE.find("Azure SQL Hyperscale").part_of == ("Azure SQL Database", "Azure")


def test_an_unknown_name_is_another_product():
    assert CATALOGUE.find(" Contoso ERP ") == Component("Contoso ERP")
    assert CATALOGUE.name_of("Contoso ERP") == "Contoso ERP"


@pytest.mark.clause("1-A1")
def test_an_edition_lists_components_with_their_families():
    catalogue = components_from(
        [
            {"name": "Intune", "product_class": "security_product", "family": "Intune"},
            {
                "name": "Windows Autopilot",
                "product_class": "security_product",
                "aliases": ["Autopilot"],
                "kinds": ["client_software"],
                "online_service": True,
                "supported": False,
                "family": "Intune",
            },
        ]
    )
    assert catalogue.find("Autopilot") == Component(
        "Windows Autopilot",
        "security_product",
        frozenset({"client_software"}),
        ("Autopilot",),
        online_service=True,
        supported=False,
        part_of=("Intune",),
    )
    assert catalogue.find("Intune").part_of == ()
