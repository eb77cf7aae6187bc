"""What operators do beside feeding stories: backups, and a look at everything."""
