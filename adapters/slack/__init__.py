"""Slack: Bolt at the door, Block Kit on the wall, the Web API on the way out."""
