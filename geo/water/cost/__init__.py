"""What a connection costs: parameters, the estimate, its sensitivity and how it is shared."""
