"""Why something that was asked for is not done."""


class NotFound(LookupError):
    """There is no such thing, or none that this person may know of: the two look the same."""


class NotAllowed(PermissionError):
    """The person may see it but not do what was asked."""


class Full(Exception):
    """A list holds as many entries as it may; nothing was done."""


class OutOfDate(Exception):
    """What was shown is no longer what is; nothing was done."""
