"""What operators see of a server: numbers, a page, traces, logs; none of it holds users' words."""
