"""What an answer says, compared: amounts, names, numbers, and whether two say the same."""
