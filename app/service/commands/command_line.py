"""Options of ``surplan serve``, ``keys`` and ``audit``; like `app.cli` it imports nothing heavy by itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import UsageError
from app.failures import command
from app.options import AsJson, Lang, talk_of
from app.service.store.actor import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

_HELP = {"help_option_names": ["-h", "--help"]}
keys = typer.Typer(
    name="keys", help="Make, list and revoke keys of the API.", no_args_is_help=True, context_settings=_HELP
)
audit = typer.Typer(name="audit", help="Check the audit chain.", no_args_is_help=True, context_settings=_HELP)


def add_to(application: typer.Typer) -> None:
    """Add the commands."""
    application.command()(serve)
    application.command()(worker)
    application.add_typer(keys, name="keys")
    application.add_typer(audit, name="audit")


@contextmanager
def libraries() -> Iterator[None]:
    """Say which library of the service is missing, where one is."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in ("app", "geodata", "solver"):
            raise
        raise UsageError("service_missing", name=error.name) from error


@command
def serve(
    host: Annotated[
        str,
        typer.Option("--host", metavar="HOST", help="Address to listen at; beyond this machine: with keys."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 8000,
    root_path: Annotated[
        str, typer.Option("--root-path", metavar="PATH", help="Path below which a proxy shows it: /surplan.")
    ] = "",
    worker: Annotated[
        bool,
        typer.Option("--worker/--no-worker", help="Also run runs in this process, or leave it to others."),
    ] = True,
    token: Annotated[
        bool | None,
        typer.Option("--token/--no-token", help="Print a one-time address; default while there are no keys."),
    ] = None,
    proxy_headers: Annotated[
        str | None,
        typer.Option(
            "--proxy-headers", metavar="IPS", help="Proxies whose X-Forwarded-For and -Proto are believed."
        ),
    ] = None,
    lang: Lang = None,
) -> int:
    """Serve HTTP and run runs, until Ctrl-C."""
    talk = talk_of(lang)
    with libraries():
        from app.service.commands import serve as serving

    wanted = serving.Wanted(host, port, root_path, worker, token, proxy_headers)
    return serving.serve(wanted, talk)


@command
def worker(
    slot: Annotated[
        str | None,
        typer.Option("--slot", metavar="NAME", help="Stable name; default: the first free one here."),
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            metavar="N",
            min=1,
            max=64,
            help="Runs at the same time, the same in all workers; default: SURPLAN_RUN_CONCURRENCY.",
        ),
    ] = None,
    lang: Lang = None,
) -> int:
    """Solve runs of the service's database, until Ctrl-C; start as many as there are machines or slots."""
    talk = talk_of(lang)
    with libraries():
        from app.service.commands import worker as working

    return working.work(slot, concurrency, talk)


@keys.command("create")
@command
def create_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who gets it: a person or an office.")],
    role: Annotated[Role, typer.Option("--role", help="What it may do; see docs/access.md.")],
    province: Annotated[
        str | None, typer.Option("--province", metavar="CODE", help="For roles of one province, such as 38.")
    ] = None,
    commune: Annotated[
        str | None, typer.Option("--commune", metavar="CODE", help="For the role commune, 5 digits.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DAY", help="Last day, 2027-12-31; default none.")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> int:
    """Make a key; it is shown this once."""
    talk = talk_of(lang, as_json=as_json)
    with libraries():
        from app.service.commands import keys as making

    return making.create(name, role, province, commune, expires, talk)


@keys.command("list")
@command
def list_keys(lang: Lang = None, as_json: AsJson = False) -> int:
    """List all keys, without their secrets."""
    talk = talk_of(lang, as_json=as_json)
    with libraries():
        from app.service.commands import keys as making

    return making.show(talk)


@keys.command("revoke")
@command
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the key, such as key_01m...")],
    lang: Lang = None,
    as_json: AsJson = False,
) -> int:
    """Revoke a key for ever."""
    talk = talk_of(lang, as_json=as_json)
    with libraries():
        from app.service.commands import keys as making

    return making.revoke(key_id, talk)


@audit.command("verify")
@command
def verify_audit(
    head: Annotated[
        str | None, typer.Option("--head", metavar="N:DIGEST", help="A head that was written down earlier.")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> int:
    """Check every entry; exit 1 where the chain is broken."""
    talk = talk_of(lang, as_json=as_json)
    with libraries():
        from app.service.commands import keys as checking

    return checking.verify(head, talk)
