"""Solutions: noise that makes supports meet, distances that need no such help, and what keeps a critic in bounds."""
