"""The demo step by step in one process; ``python -m benchmarks.demo_parts FOLDER`` prints the times."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_of_self


def steps(folder: Path) -> list[dict[str, Any]]:
    """Make, read, build, solve, write and verify the reference scenario in an empty folder."""
    found: list[dict[str, Any]] = []
    last = time.perf_counter()

    def done(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        found.append({"name": f"demo: {name}", "seconds": round(now - last, 3), "peak_bytes": peak_of_self()})
        last = now

    import geodata
    import solver
    from app.export.geojson import write_geojson
    from app.export.xlsx import write_xlsx
    from app.folders import build, read_inputs
    from app.plans import view_plan

    done("import")
    inventory = geodata.reference(seed=1)
    inputs, plan = folder / "inputs", folder / "plan"
    inputs.mkdir(parents=True)
    geodata.write_reference(inventory, inputs)
    done("reference")
    read = read_inputs(inputs)
    done("read")
    problem = build(read)
    done("build")
    result = solver.solve(problem)
    done("solve")
    result.write(plan)
    done("write")
    stored = view_plan(plan)
    write_xlsx(stored, plan, "en")
    write_geojson(stored, plan)
    done("workbook and map file")
    check = solver.verify_folder(plan)
    done("verify")
    if not check.ok:
        raise SystemExit("the plan of the demo was not verified")
    return found


if __name__ == "__main__":
    print(json.dumps(steps(Path(sys.argv[1]))))
