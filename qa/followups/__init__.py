"""What a follow-up leaves out, and what the turns before it spoke of."""
