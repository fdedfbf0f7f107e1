"""Set up, run and test Surplan: `python3 dev.py demo`, `python3 dev.py test`; without a command it lists all.

Standard library only. It makes `.venv`, installs the locked libraries (hashes checked, from wherever pip is
set to look) and the project, and runs the command inside; a second call finds the stamp and starts at once.
The file avoids newer syntax (hence no `from __future__`): an old Python can read it and say what is missing.
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterator  # noqa: UP035  # where old Pythons have it

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "surplan-stamp.json"
INCOMPLETE = VENV / "surplan-incomplete"
OLDEST = (3, 11)
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
# vietnamadminunits is read as data: what it would need to run (Unidecode is under the GPL) is left out.
PRUNED = ("geopy", "tqdm", "unidecode")
# The tests of a file stay together: what they share is made once. Files keep their order: xdist would begin
# with those of many tests, which are short. One process more than there are cores, since tests of the service
# wait for other processes; at most five: a container may show cores that it may not use.
AT_ONCE = min((os.cpu_count() or 1) + 1, 5)
PARALLEL = (f"--numprocesses={AT_ONCE}", "--dist=loadfile", "--no-loadscope-reorder")
USAGE = """usage: python3 dev.py COMMAND [ARGUMENTS]

  demo [ARGS]      the national reference scenario: make, solve, verify, summarise
  test [ARGS]      every check there is; with arguments only pytest, in one process, which gets them
  surplan ARGS     the command line, for example: python3 dev.py surplan --help
  lint             the checks without the tests          fmt    format and repair the code
  torture [ARGS]   long random searches (SURPLAN_TORTURE_SEED repeats, SURPLAN_TORTURE_COUNT counts)
  bench [ARGS]     the benchmark against other methods
  lock             choose newer libraries and write both lock files
"""


class SetupError(Exception):
    """Set-up cannot go on; the message says what is missing and how to get it."""


def find_python() -> "list[str] | None":
    """Return the command of a Python that is new enough, or None; a version manager may have empty shims."""
    names = [f"python3.{minor}" for minor in range(OLDEST[1], 15)]
    for command in [[name] for name in names] + [["py", "-3"]]:
        if shutil.which(command[0]):
            probe = [*command, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"]
            quiet = subprocess.DEVNULL
            if subprocess.run(probe, stdout=quiet, stderr=quiet, check=False).returncode == 0:
                return command
    return None


def replace_process(command: "list[str]", env: "dict[str, str]") -> int:
    """Run `command` in place of this process (Windows: as a child); pass its exit code on."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execvpe(command[0], command, env)
    with subprocess.Popen(command, env=env) as child:
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                return child.wait()


def child_env() -> "dict[str, str]":
    """Return the environment of what runs in `.venv`: ours, in UTF-8, without another Python's home."""
    env = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "__PYVENV_LAUNCHER__")
    }
    env.setdefault("PYTHONUTF8", "1")
    env["PATH"] = str(SCRIPTS) + os.pathsep + env.get("PATH", "")
    env["VIRTUAL_ENV"] = str(VENV)
    env["PIP_USER"] = "0"  # a `user = true` in pip's configuration would fail inside .venv
    return env


def digest(name: str) -> str:
    """Return the SHA-256 of a file of the project, whatever line ends the checkout gave it."""
    path = ROOT / name
    if not path.exists():
        raise SetupError(f"{name} is missing: this is not a whole checkout of the project.")
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def venv_version() -> str:
    """Return the version of the Python in `.venv`; empty when there is none or it does not start."""
    probe = f"import sys, pip; print(sys.version); sys.exit(sys.version_info < {OLDEST})"
    if not PYTHON.exists():
        return ""
    answer = subprocess.run(
        [str(PYTHON), "-Ic", probe], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    return answer.stdout.strip() if answer.returncode == 0 else ""


def stamp(level: str) -> "dict[str, str]":
    """Return what the stamp of a finished `.venv` says; level `dev` includes all of `run`."""
    return {
        "root": ascii(str(ROOT)),
        "project": digest("pyproject.toml"),
        **{name: digest(lock) for name, lock in LOCKS.items() if name in ("run", level)},
    }


def read_stamp() -> "dict[str, str]":
    """Return what the last finished set-up wrote; empty when there is none that can be read."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_ready(level: str) -> bool:
    """Tell whether `.venv` is whole, of this checkout and of these locks."""
    if INCOMPLETE.exists() or not PYTHON.exists():
        return False
    found = read_stamp()
    return stamp(level).items() <= found.items() and found.get("python") == ascii(venv_version())


@contextlib.contextmanager
def only_one() -> "Iterator[None]":
    """Let one set-up of this checkout run at a time; the system frees the lock however the process ends."""
    try:
        handle = (ROOT / ".venv.lock").open("a+")
    except OSError as error:
        raise SetupError(f"{ROOT} cannot be written ({error.strerror}): set-up makes .venv there.") from error
    with handle:
        if sys.platform == "win32":
            import msvcrt

            while True:
                with contextlib.suppress(OSError):  # locking() itself gives up after ten seconds
                    handle.seek(0)
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    """Make an empty `.venv` that is marked incomplete until set-up has finished."""
    try:
        import ensurepip  # noqa: F401  # Debian packs it apart; without it there is no pip
    except ImportError as error:
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise SetupError(
            f"This Python ({sys.executable}) cannot make virtual environments: it has no ensurepip.\n"
            f"On Debian or Ubuntu, as root: apt-get install {name}   (or python3-venv)"
        ) from error
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
    except OSError as error:  # Windows: a program in it still runs
        raise SetupError(
            f"{VENV} cannot be replaced ({error.strerror}): close what uses it and delete it."
        ) from error
    VENV.mkdir()
    INCOMPLETE.touch()
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(VENV)


def pip(python: Path, *arguments: str) -> None:
    """Run pip, which looks where it is configured to look; say what it said if it fails."""
    command = [str(python), "-m", "pip", *arguments, "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(command, env=child_env(), cwd=ROOT, check=False, capture_output=True)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode("utf-8", errors="replace").splitlines()
        told = [line for line in said if "is neither a file nor a directory" not in line]
        raise SetupError("pip could not install the libraries:\n" + "\n".join(told[-20:]))


def install(level: str, *, warm: bool) -> None:
    """Install the lock of `level`, then the project, and compile it; the stamp says how far that came."""
    begin = time.monotonic()
    version = "" if INCOMPLETE.exists() else venv_version()
    known = read_stamp()
    if not version or known.get("root", stamp("run")["root"]) != stamp("run")["root"]:
        print("Making .venv ...", flush=True)
        make_venv()
        known = {}
    if known.get(level) != digest(LOCKS[level]):
        print(f"Installing {LOCKS[level]} (once; about a minute, several hundred MB) ...", flush=True)
        INCOMPLETE.touch()
        locked = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-r", str(ROOT / LOCKS[level])]
        pip(PYTHON, "install", *locked)
        kept = {name: known[name] for name, lock in LOCKS.items() if known.get(name) == digest(lock)}
        known = {name: value for name, value in {**kept, **stamp(level)}.items() if name != "project"}
        STAMP.write_text(json.dumps(known), encoding="utf-8")
        INCOMPLETE.unlink()
    # The build tool is in the lock, so that nothing more is asked of an index.
    pip(PYTHON, "install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    write_ascii_path()
    if warm and (ROOT / "solver" / "warm.py").exists():  # rather now than in the first solve
        subprocess.run(compilation(), env=child_env(), cwd=ROOT, check=False)
    finished = {**known, **stamp(level), "python": ascii(venv_version())}
    STAMP.write_text(json.dumps(finished, indent=1), encoding="utf-8")
    print(f"Set up in {time.monotonic() - begin:.0f} s.", flush=True)


def write_ascii_path() -> None:
    """Make the editable install ASCII: Python 3.11 and 3.12 read .pth files in the locale's encoding."""
    for path in VENV.rglob("_surplan.pth"):
        path.write_text(f"import sys; sys.path.append({str(ROOT)!a})\n", encoding="ascii")


def compilation() -> "list[str]":
    """Return the command that fills the cache of compiled code; where it is full, that takes two seconds."""
    return [str(PYTHON), "-m", "solver.warm"]


def set_up(level: str, *, warm: bool = True) -> None:
    """Make sure that `.venv` holds the libraries of `level` ("run" or "dev") and the project, compiled."""
    if is_ready(level):
        return
    with only_one():
        if not is_ready(level):  # another process may have done it meanwhile
            install(level, warm=warm)


def checks() -> "list[tuple[str, list[str]]]":
    """Return every check but the tests: (name, command)."""
    python = [str(PYTHON), "-m"]
    yaml = sorted(path.name for path in ROOT.glob("*.yaml"))
    found = [
        ("style", [*python, "ruff", "check", "."]),
        ("format", [*python, "ruff", "format", "--check", "."]),
        ("types", [*python, "mypy"]),
        ("imports", [str(shutil.which("lint-imports", path=str(SCRIPTS))), "--no-logo"]),
        ("yaml", [*python, "yamllint", "--strict", *yaml]),
    ]
    hadolint = shutil.which("hadolint", path=str(SCRIPTS))  # there are wheels for Linux on x86-64 only
    return [*found, ("Dockerfile", [hadolint, "Dockerfile"])] if hadolint else found


def run_step(command: "list[str]", *, aside: bool) -> "tuple[int, float, bytes]":
    """Run one command; return its exit code, its seconds and, where it runs `aside`, what it said."""
    begin = time.monotonic()
    output, errors = (subprocess.PIPE, subprocess.STDOUT) if aside else (None, None)
    done = subprocess.run(command, env=child_env(), cwd=ROOT, check=False, stdout=output, stderr=errors)
    return done.returncode, time.monotonic() - begin, done.stdout or b""


def run_steps(*stages: "list[tuple[str, list[str]]]") -> int:
    """Run all steps, whatever fails: stages one after the other, the steps of one stage at the same time.

    What steps of one stage say is told when they have ended, one after the other. Print the time of each step
    and a closing line. Return 1 if any failed.
    """
    begin = time.monotonic()
    names = [name for stage in stages for name, _ in stage]
    failed = []
    for stage in stages:
        aside = len(stage) > 1
        with ThreadPoolExecutor(len(stage)) as pool:
            running = [(name, pool.submit(run_step, command, aside=aside)) for name, command in stage]
            for name, step in running:
                print(f"== {name}", flush=True)
                code, seconds, said = step.result()
                sys.stdout.buffer.write(said)
                verdict = "passed" if code == 0 else f"FAILED ({code})"
                print(f"== {name}: {verdict}, {seconds:.1f} s", flush=True)
                if code != 0:
                    failed.append(name)
    total = f"in {time.monotonic() - begin:.0f} s"
    if failed:
        print(f"FAILED {total}: {', '.join(failed)} (of {len(names)} steps)", flush=True)
    else:
        print(f"All {len(names)} steps passed {total}: {', '.join(names)}", flush=True)
    return 1 if failed else 0


def torture(arguments: "list[str]") -> int:
    """Run the long random searches with a new seed, or the one of SURPLAN_TORTURE_SEED."""
    env = child_env()
    seed = env.setdefault("SURPLAN_TORTURE_SEED", str(random.SystemRandom().randrange(2**31)))
    print(f"SURPLAN_TORTURE_SEED={seed}", flush=True)
    options = ["-m", "torture", "--hypothesis-profile=default", f"--hypothesis-seed={seed}"]
    return replace_process([str(PYTHON), "-m", "pytest", *options, *arguments], env)


def lock() -> None:
    """Resolve anew for every platform and write both lock files: hashes, but no index and no host."""
    with tempfile.TemporaryDirectory(prefix="surplan-lock-") as name:
        work = Path(name)
        shutil.copy(ROOT / "pyproject.toml", work)
        venv.EnvBuilder(with_pip=True).create(work / "tool")
        python = work / "tool" / PYTHON.relative_to(VENV)
        pip(python, "install", "uv>=0.9")
        env = child_env()
        query = [str(python), "-m", "pip", "config", "get", "global.index-url"]
        index = subprocess.run(query, env=env, capture_output=True, text=True, check=False).stdout.strip()
        if env.get("PIP_INDEX_URL", index):  # uv does not read pip's configuration
            env.setdefault("UV_DEFAULT_INDEX", env.get("PIP_INDEX_URL", index))
        uv = [str(python), "-m", "uv", "--quiet", "--no-progress"]
        subprocess.run([*uv, "lock"], env=env, cwd=work, check=True)
        chosen = {
            "run": ["--no-dev", "--group=build", "--extra=service"],
            "dev": ["--all-groups", "--all-extras"],
        }
        export = [*uv, "export", "--frozen", "--no-emit-project", "--no-header", "--no-annotate"]
        export += [f"--prune={package}" for package in PRUNED]
        for level, groups in chosen.items():
            text = subprocess.run(
                [*export, *groups],
                env=env,
                cwd=work,
                check=True,
                capture_output=True,
                text=True,
                encoding="utf-8",
            ).stdout
            if "://" in text or "\n-" in text:
                raise SetupError(
                    f"The lock of level {level} names an address or an option of an index: not written."
                )
            header = (
                "# Made by `python3 dev.py lock` for every platform and Python 3.11 or newer. Do not edit.\n"
            )
            (ROOT / LOCKS[level]).write_text(header + text, encoding="utf-8", newline="\n")
            print(f"{LOCKS[level]}: {text.count('==') - text.count(' == ')} libraries")


def main(arguments: "list[str]") -> int:
    """Carry out one command and return its exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    pytest = [str(PYTHON), "-m", "pytest", *rest]
    if command in ("demo", "surplan"):
        set_up("run")
        words = ["demo", *rest] if command == "demo" else rest
        return replace_process([str(shutil.which("surplan", path=str(SCRIPTS))), *words], child_env())
    everything = command == "test" and not rest
    if command in ("test", "lint", "fmt", "torture", "bench"):
        set_up("dev", warm=not everything)
    if everything:  # compiled beside the checks, and before tests in several processes would all compile it
        return run_steps([("compile", compilation()), *checks()], [("tests", [*pytest, *PARALLEL])])
    if command == "test":
        return run_steps([("tests", pytest)])
    if command == "lint":
        return run_steps(checks())
    if command == "fmt":
        ruff = [str(PYTHON), "-m", "ruff"]
        return run_steps([("repair", [*ruff, "check", "--fix", "."])], [("format", [*ruff, "format", "."])])
    if command == "torture":
        return torture(rest)
    if command == "bench":
        return replace_process([str(PYTHON), "-m", "benchmarks", *rest], child_env())
    if command == "lock":
        lock()
        return 0
    print(USAGE, end="")
    return 0 if command in ("", "help", "-h", "--help") else 2


def start() -> int:
    """Hand over to a newer Python if need be, run the command, and turn what is missing into plain words."""
    if sys.version_info < OLDEST:
        python = find_python()
        if python:
            return replace_process([*python, str(Path(__file__).resolve()), *sys.argv[1:]], dict(os.environ))
        version = ".".join(map(str, sys.version_info[:2]))
        print(f"Surplan needs Python 3.11 or newer; this one is {version}.", file=sys.stderr)
        print("On Debian 12 or newer: apt-get install python3 python3-venv", file=sys.stderr)
        return 2
    try:
        return main(sys.argv[1:])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted. A set-up that was under way begins again at the next call.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(start())
