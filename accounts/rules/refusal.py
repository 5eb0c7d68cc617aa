"""The one way in which the portal says no to a user."""


class Named(str):
    """A code as the figure of a refusal: the API gives the code, people read its name.

    `name` may be lazy text: it is put into the reader's language when it is shown.
    """

    __slots__ = ("name",)
    name: object

    def __new__(cls, code: str, name: object) -> "Named":
        """`code` itself where it has no name."""
        self = super().__new__(cls, code)
        self.name = name or code
        return self


class Refused(Exception):
    """What a user may not do: the reason as a code, the clause, the figures.

    Every edge (page, API, admin, command) catches this exception and puts it into
    words; a caller's bug raises `ValueError` instead. `clause` holds one id of the
    register or several, separated by commas. `field` names the input to correct.
    `overridable` marks the three refusals that staff may override with a written
    reason.

    Clause: 0-C17
    """

    def __init__(
        self,
        code: str,
        *,
        clause: str = "",
        field: str = "",
        overridable: bool = False,
        **figures: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.clauses = tuple(c.strip() for c in clause.split(",") if c.strip())
        self.field = field
        self.overridable = overridable
        self.figures = figures

    def __str__(self) -> str:
        clauses = f" ({', '.join(self.clauses)})" if self.clauses else ""
        return f"{self.code}{clauses}"
