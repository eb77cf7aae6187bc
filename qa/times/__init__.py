"""Times that stories and questions name: words of the calendar, rules, and stretches of days."""
