"""The address that `surplan serve` prints: the page behind it, and the token's exchange for a session."""

from html import escape
from importlib import metadata
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.service.access.gate import KeyGate
from app.service.http.head import wants_headers_alone
from app.service.http.state import Open, TheState
from app.service.http.strict_route import StrictRoute
from app.settings import LANGS
from app.texts import say

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

#: The page has its own style and nothing else: no script, nothing from elsewhere, no frame around it.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#1b1b1b}"
    "section{margin-bottom:2rem}code{background:#eee;padding:0 .2em}"
)


@router.get("/", dependencies=[Depends(Open())])
def home(
    request: Request, state: TheState, token: Annotated[str | None, Query(max_length=200)] = None
) -> Response:
    """Show where the service is; with the token of `surplan serve`, begin the browser's session."""
    root = request.scope.get("root_path", "")
    if token is None:
        return _page("home", 200, openapi=f"{root}/openapi.json", version=metadata.version("surplan"))
    browser = state.gate.browser if isinstance(state.gate, KeyGate) else None
    if browser is not None:
        # Without the token: it shall not stay in the history, or in what is copied from the address bar.
        answer = RedirectResponse(f"{root}/", 303)
        if browser.is_session(request):
            return answer
        # HEAD changes nothing: what looks at addresses before a person opens them does not use the token up.
        cookie = None if wants_headers_alone(request) else browser.exchange(token)
        if cookie is not None:
            path = f"{root}/"
            answer.set_cookie(browser.cookie_name, cookie, path=path, httponly=True, samesite="strict")
            return answer
    return _page("token", 403, home=f"{root}/")


def _page(key: str, status: int, **words: str) -> HTMLResponse:
    sections = []
    for lang in reversed(LANGS):
        filled = {name: escape(word) for name, word in words.items()}
        title = escape(say(lang, f"page.{key}.title", **words))
        text = say(lang, f"page.{key}.text", **filled)
        sections.append(f'<section lang="{lang}"><h1>{title}</h1>{text}</section>')
    html = (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Surplan</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body>{''.join(sections)}</body></html>"
    )
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})
