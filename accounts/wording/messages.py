"""Messages as the inbox shows them: a mail's text without what stands around it there anyway."""

from accounts.models import Message
from accounts.wording import formats


def gist(message: Message) -> str:
    """The text in one paragraph, without links, the customer's name and what the subject says."""
    said = message.subject.casefold()
    name = message.customer.name if message.customer else ""
    lines = (line.strip() for line in message.text.splitlines())
    return formats.sentences(
        *(
            line
            for line in lines
            if line and "://" not in line and line != name and line.casefold() not in said
        )
    )
