"""The command `tinypt`: what it prints and how it is called; the facts come from the registry."""
