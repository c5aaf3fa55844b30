"""What the backward loop is made of."""
