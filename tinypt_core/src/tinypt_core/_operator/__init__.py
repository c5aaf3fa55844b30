"""The contract of an operator: what its class says, what its rule keeps, how it is called."""
