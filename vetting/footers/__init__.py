"""What stands below the mails of an authority: proposed by one supervisor, activated by another."""
