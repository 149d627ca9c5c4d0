"""`summarizer batch --ray` on a cluster of two nodes, which are processes of this machine."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pyarrow
import pytest
from pyarrow.parquet import read_table, write_table
from ray.cluster_utils import Cluster

from summarizer import Summarizer
from tests.batch.samples import article, read_jsonl, write_jsonl
from tests.processes import start
from tests.servers import wait_until

pytestmark = pytest.mark.ray
_ACTOR = "MapBatches(_Actor)"


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster: one node with two processors and one with one."""
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    nodes.add_node(num_cpus=1)
    nodes.wait_for_nodes()
    yield nodes.address
    nodes.shutdown()


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [row for shard in folder.glob("part-*.jsonl") for row in read_jsonl(shard)]


def run(folder: Path, cluster: str, *arguments: str) -> tuple[int, str]:
    """The exit code and what the command said."""
    process = start(folder, "batch", *arguments, "--ray", cluster)
    _, said = process.communicate(timeout=300)
    return process.returncode, said


def actors() -> list[psutil.Process]:
    """The processes that summarize."""
    return [one for one in psutil.process_iter(["cmdline"]) if _ACTOR in " ".join(one.info["cmdline"] or [])]


def test_rows_are_those_of_a_run_without_ray(cluster: str, tmp_path: Path, summarizer: Summarizer, files: Path) -> None:
    lines = [json.dumps({"id": f"row{seed}", "text": article(seed), "seed": seed}) for seed in range(8)]
    broken = ["{", json.dumps({"id": "number", "text": 5}), json.dumps({"text": article(9)})]
    (tmp_path / "in.jsonl").write_text("\n".join([*lines, *broken]) + "\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "page.html").write_bytes((files / "harbour-bridge.html").read_bytes())
    code, said = run(tmp_path, cluster, "in.jsonl", "folder", "-o", "out", "--shard-rows", "6")
    assert code == 1
    assert "2 articles failed" in said
    found = {row["id"]: row for row in rows_of(tmp_path / "out")}
    assert set(found) == {
        *(f"row{seed}" for seed in range(8)),
        "in.jsonl:9",
        "number",
        "in.jsonl:11",
        "folder/page.html",
    }
    expected = summarizer.summarize(article(3)).model_dump(mode="json", exclude={"sent"})
    found["row3"]["stats"].pop("seconds"), expected["stats"].pop("seconds")
    assert found["row3"] == {"id": "row3", "seed": 3, **expected}
    assert found["in.jsonl:9"]["error"] == "The line is not valid JSON."
    assert found["folder/page.html"]["sent"]

    code, said = run(tmp_path, cluster, "in.jsonl", "folder", "-o", "out", "--retry-errors")
    assert code == 1
    assert "2 rows added, 10 already present" in said
    assert len(rows_of(tmp_path / "out")) == len(found)


def test_killed_actor_loses_no_row_and_repeats_none(cluster: str, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", ({"id": str(seed), "text": article(seed, 20)} for seed in range(40)))
    process = start(tmp_path, "batch", "in.jsonl", "-o", "out", "--shard-rows", "4", "--actors", "2", "--ray", cluster)
    wait_until(lambda: len(rows_of(tmp_path / "out")) > 0, seconds=120)
    killed = actors()[0]
    killed.kill()
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert Counter(row["id"] for row in rows_of(tmp_path / "out")) == Counter(str(seed) for seed in range(40))


def test_parquet_tables_and_shards_at_an_address(cluster: str, tmp_path: Path) -> None:
    table = {"id": ["a", "a"], "text": [article(1), article(2)], "day": [date(2024, 5, 1)] * 2}
    write_table(pyarrow.table(table), tmp_path / "in.parquet")
    folder = tmp_path / "with a space"
    folder.mkdir()
    (tmp_path / "in.parquet").rename(folder / "in.parquet")
    code, said = run(tmp_path, cluster, folder.as_uri(), "-o", (tmp_path / "out").as_uri(), "--parquet")
    assert code == 0
    assert "1 row has the id of another row" in said
    (shard,) = (tmp_path / "out").iterdir()
    row, other = read_table(shard).to_pylist()
    assert other["id"] == "a"
    assert row["id"] == "a"
    assert row["error"] is None
    assert json.loads(row["answer"])["day"] == "2024-05-01"
    assert json.loads(row["answer"])["short"] == row["short"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing", "-o", "out", "--ray"], "nothing: cannot be read"),
        (["in.csv", "-o", "out", "--ray"], "no file of a known kind"),
        (["-o", "out", "--ray", "in.csv"], "put the inputs before --ray"),
        (["in.csv", "-o", "-", "--ray"], "--ray needs"),
        (["page.html", "-o", "out.jsonl", "--actors", "2"], "require --ray"),
        ([".", "-o", "out", "--ray"], "must not be inside an input"),
        (["page.html", "-o", "taken", "--ray"], "is not a .jsonl shard"),
        (["page.html", "-o", "out", "--ray", "127.0.0.1:1"], "cannot connect to a Ray cluster"),
    ],
)
def test_wrong_usage_says_what_to_do(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "in.csv").write_text("text\nIt rained.\n")
    (tmp_path / "page.html").write_text("<p>It rained.</p>")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("Mine.")
    process = start(tmp_path, "batch", *arguments)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 2
    assert message in said
    assert (tmp_path / "taken" / "notes.txt").read_text() == "Mine."
