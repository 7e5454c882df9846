"""A finished house backed up, looked at and brought back by the commands."""

import json
import subprocess
import sys
from pathlib import Path

from house import House

from warehouse.settings import PROJECT_ROOT

RATIOS = {
    "backup_to_copy",
    "backup_again_to_copy",
    "restore_to_copy",
    "verify_to_digest",
}


def test_the_commands_of_the_page(demo_copy: House, tmp_path: Path) -> None:
    """As docs/backup.md shows them; the restored house answers readers."""
    disk, elsewhere = tmp_path / "disk", tmp_path / "elsewhere"
    made = json.loads(demo_copy.done("backup", str(disk), "--json"))
    assert (made["backup"], made["release"]) == ("b-000001", "r-000001")
    [listed] = demo_copy.done("backup", str(disk), "--list", "--json").splitlines()
    assert json.loads(listed)["backup"] == "b-000001"
    assert "s a GB" in demo_copy.done("verify", "--backup", str(disk), "--deep")
    said = demo_copy.done("restore", str(disk), "--to", str(elsewhere))
    assert "receives the 0 deliveries" in said
    restored = House(demo_copy.settings.model_copy(update={"home": elsewhere}))
    asked = "select count(*) from behavioural.fct_sale"
    assert restored.rows(asked) == demo_copy.rows(asked)
    [release] = restored.done("rollback", "--list", "--json").splitlines()
    assert json.loads(release)["is_current"]
    again = restored.run("restore", str(disk))
    assert (again.returncode, "--replace" in again.stderr) == (2, True)


def test_the_benchmark_holds_backups_against_plain_copies(
    demo_copy: House, tmp_path: Path
) -> None:
    """Each has its ratio, and its seconds a GB."""
    result = subprocess.run(  # noqa: S603
        [sys.executable, "benchmarks/backup.py", f"--folder={tmp_path}"],
        cwd=PROJECT_ROOT,
        env=demo_copy.environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert set(found["ratios"]) == RATIOS
    assert found["seconds"]["rollback"] < 1
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
