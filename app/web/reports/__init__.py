"""The risk report, the documents, and what people do: accept, dismiss, lift, advise, close, sign."""

from app.web.reports import (
    acts,
    advice,
    clearing,
    decisions,
    documents,
    queue,
    report,
    risks,
    signing,
    stages,
    taking,
)
from app.web.reports.blueprint import reports

__all__ = [
    "acts",
    "advice",
    "clearing",
    "decisions",
    "documents",
    "queue",
    "report",
    "reports",
    "risks",
    "signing",
    "stages",
    "taking",
]
