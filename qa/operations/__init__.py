"""What operators do beside feeding stories: backups, feedback, and a look at everything."""
