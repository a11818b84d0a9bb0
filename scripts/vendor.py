"""Fetch the third-party files that lie in the tree, unmodified, from their npm packages.

    make vendor        needs npm; everyone else uses what is committed

To move to another version: change it here, with the package's integrity (`npm view NAME@VERSION
dist.integrity`), run this, and change the address where the file is linked. The font is not fetched:
its README says how it was made.
"""

import base64
import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Package(NamedTuple):
    """One npm package: where its files go, and which of them are taken."""

    name: str
    version: str
    integrity: str
    folder: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "bootstrap",
        "5.3.8",
        "sha512-HP1SZDqaLDPwsNiqRqi5NcP0SSXciX2s9E+RyqJIIqGo+vJeN5AJVM98CXmW/Wux0nQ5L7jeWUdplCEf0Ee+tg==",
        "registry/static/vendor/bootstrap-5.3.8",
        ("LICENSE", "dist/css/bootstrap.min.css"),
    ),
    Package(
        "axe-core",
        "4.14.1",
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        "tests/vendor",
        ("LICENSE", "LICENSE-3RD-PARTY.txt", "axe.min.js"),
    ),
)


def fetch(package: Package) -> None:
    """Put a package's files into its folder.

    Raises SystemExit, having written nothing, when the archive is not the one that was reviewed.
    """
    with tempfile.TemporaryDirectory() as download:
        wanted = f"{package.name}@{package.version}"
        subprocess.run(
            ["npm", "pack", "--silent", wanted], cwd=download, check=True, stdout=subprocess.DEVNULL
        )
        (archive,) = Path(download).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != package.integrity:
            raise SystemExit(f"{wanted} is not the archive that was reviewed: sha512-{digest}")
        folder = ROOT / package.folder
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as packed:
            for file in package.files:
                member = packed.extractfile(f"package/{file}")
                if member is None:
                    raise SystemExit(f"{wanted} has no file {file}")
                (folder / Path(file).name).write_bytes(member.read())
    print(f"{wanted} → {package.folder}")


if __name__ == "__main__":
    for each in PACKAGES:
        fetch(each)
