from __future__ import annotations

from pathlib import Path

import pytest

from nn._environment import require_own_packages


@pytest.mark.parametrize("name", ["autograd", "nn"])
def test_a_distribution_with_our_package_names_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / f"{name}-1.7.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.7.0\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ImportError, match=rf"'{name}' 1\.7\.0 .* Use a fresh environment"):
        require_own_packages()


def test_this_project_alone_is_accepted() -> None:
    require_own_packages()
