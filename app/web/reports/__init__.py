"""The risk report, the documents, and what people do: accept, dismiss, lift, advise, close, sign."""

from app.web.reports import (
    acts,
    advice,
    back,
    clearing,
    decisions,
    documents,
    queue,
    report,
    risks,
    sending,
    signing,
    stages,
    taking,
)
from app.web.reports.blueprint import reports

__all__ = [
    "acts",
    "advice",
    "back",
    "clearing",
    "decisions",
    "documents",
    "queue",
    "report",
    "reports",
    "risks",
    "sending",
    "signing",
    "stages",
    "taking",
]
