"""Microsoft Teams: what it sends, in the bot's words, and what the bot shows, in Teams' own."""
