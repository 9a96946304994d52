"""Stand-ins for Slack and Teams on loopback, and a page on which a person plays both."""
