"""The JSON endpoints, a module for each kind of thing that they are about."""

from web.v1 import ask, conversations, health, stories

BLUEPRINTS = (ask.bp, stories.bp, conversations.bp, health.bp)
"""Everything that is described in `/openapi.json`, in the order in which people read of it."""
