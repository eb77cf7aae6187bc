"""How requests are let in, served, and the server stopped and reloaded."""
