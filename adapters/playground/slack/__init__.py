"""A stand-in for Slack: its Web API, its requests to the app, and what its people do."""
