"""What the operator is measured against. Programs of their own; they share nothing with it."""
