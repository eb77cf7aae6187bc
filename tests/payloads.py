"""Markup that must never become markup: attacks, each after every way out of where text stands."""

_ATTACKS = (
    "<script>alert(1)</script>",
    "<script src=data:,alert(1)></script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=javascript:alert(1)></object>",
    "<a href=javascript:alert(1) id=x>x</a>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
    "<base href=https://elsewhere.example/>",
    "<link rel=stylesheet href=data:text/css,x>",
    "<style>@import'data:text/css,x'</style>",
    "<p style=background:url(data:,x) onmouseover=alert(1)>x</p>",
    "{{ 7 * 191 }}{% raw %}",
)
_WAYS_OUT = (
    "",
    '">',
    "'>",
    '" x="',
    "</textarea>",
    "</title>",
    "</script>",
    "-->",
    "</template>",
    "]]>",
)

PAYLOADS = tuple(way_out + attack for way_out in _WAYS_OUT for attack in _ATTACKS)
