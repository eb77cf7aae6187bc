"""Stories over the network: which addresses may be asked, how politely, and what is there."""
