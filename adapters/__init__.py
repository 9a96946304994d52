"""The outside world: Slack, Teams, the web server, the worker, the command line, the playground."""
