"""What reviewers and signatories do: the queue, the report, advice, decisions, signatures."""
