"""Who may see what is for operators."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import ParamSpec, TypeVar

from flask import request
from werkzeug.exceptions import NotFound

from qa.web_settings import Watchers

Given = ParamSpec("Given")
Shown = TypeVar("Shown")


def only_watchers(
    watchers: Watchers,
) -> Callable[[Callable[Given, Shown]], Callable[Given, Shown]]:
    """Return what makes a view show itself to *watchers* alone; others see nothing there."""

    def guarded(view: Callable[Given, Shown]) -> Callable[Given, Shown]:
        @wraps(view)
        def shown(*args: Given.args, **kwargs: Given.kwargs) -> Shown:
            if not may_watch(watchers, request.remote_addr):
                raise NotFound
            return view(*args, **kwargs)

        return shown

    return guarded


def may_watch(watchers: Watchers, address: str | None) -> bool:
    """Say whether who asks from *address* may see the numbers; a name is no address."""
    if watchers in ("everyone", "nobody"):
        return watchers == "everyone"
    try:
        asking = ip_address((address or "").partition("%")[0])
    except ValueError:
        return False
    return asking.is_loopback or (watchers == "private" and asking.is_private)
