"""Names become operators: what is installed, who provides a name, and what is wrong with it."""
