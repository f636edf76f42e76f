"""Information: what messages weigh, and how far one law is from another."""
