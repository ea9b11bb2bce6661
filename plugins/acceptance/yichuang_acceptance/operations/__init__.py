"""The use cases of acceptance: intake, decision, papers, lists, drafts."""
