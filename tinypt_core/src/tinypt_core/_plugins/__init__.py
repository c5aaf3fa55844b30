"""What entry points of the group tinypt.plugins hook into. Only this room knows pluggy."""
