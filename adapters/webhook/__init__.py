"""Incoming webhooks: a channel of Slack or Teams that can only be told something."""
