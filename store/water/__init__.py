"""The task force's board in the journal: stages, records, meetings, and a person's own sheet."""
