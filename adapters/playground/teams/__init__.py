"""A stand-in for Teams: its connector, its identity service, and what its people do."""
