"""Creating the tables of an app at once."""

from typing import Any

from django.db.migrations.operations import SeparateDatabaseAndState


class Together(SeparateDatabaseAndState):
    """Models that are created as one: each of them may refer to any other.

    Django renders all models anew after each operation, which makes a hundred tables take twenty
    seconds; after this one it renders them once.
    """

    def __init__(self, state_operations: list[Any]) -> None:
        super().__init__(state_operations=state_operations)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Describe all; nothing is rendered until somebody asks for the models."""
        vars(state).pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Create the tables; what refers to a later one follows at the end of the transaction."""
        for operation in self.state_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the tables, the last one first."""
        for operation in reversed(self.state_operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)
