"""Makes playpage's site, links and pages. docs/architecture.md says which room may use which."""
