"""How the reader's and the confidence model's weights were made."""
