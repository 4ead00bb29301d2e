"""Writes old.json and new.json of this folder: one paired session with a point of every kind of verdict, and names that
would break a printer that does not escape. Run it here; the files are kept, so that no test depends on Python's
generator. The expected.* files are what `parbench compare` prints of them, read and found right."""
import json
import random

SCREEN, CONFIRM = 12, 12
rng = random.Random(20240506)


def record(side, other):
    return {
        "schema": 1,
        "parbench": {"version": "0.1.0", "git": side + "-commit", "compiler": "gcc 12.2.0", "cflags": "-O2"},
        "run": {"id": side, "started": "2024-05-06T07:08:09Z", "command": ["parbench", "ab"], "seed": 1,
                "rounds": SCREEN + CONFIRM, "complete": True, "paired_with": other, "screen_pairs": SCREEN},
        "machine": {"cpu": "Some CPU", "cores": 2, "devices": []},
        "points": [],
    }


def invocation(ns, pair, order, batch):
    samples = [round(ns * (1 + 0.001 * k), 3) for k in range(3)]
    return {"round": pair, "order": order, "batch": batch, "samples_ns": samples}


def quarter(values):  # of one number per process, as parbench estimates
    values = sorted(values)
    return values[len(values) // 2]


def point(records, identity, ns, change=0.0, spread=0.01, pairs=SCREEN, batches=(64, 64), outcomes=("ok", "ok")):
    sides = []
    for outcome in outcomes:
        p = dict(kernel="saxpy", dtype="f32", n=65536, backend="scalar", isa=None, worker_kind="core", workers=1,
                 residency="host", cache="hot")
        p.update(identity)
        p.update(status=outcome[0] if isinstance(outcome, tuple) else outcome)
        if isinstance(outcome, tuple):
            p["reason"] = outcome[1]
        p["invocations"] = []
        sides.append(p)
    for pair in range(pairs):
        moment = 1 + 0.1 * rng.random()
        for side in range(2):
            x = ns * moment * (1 + rng.gauss(0, spread / 2 ** 0.5)) * (1 + change * side)
            first = pair % 4 in (1, 2)  # ABBA
            sides[side]["invocations"].append(invocation(x, pair, 2 * pair + (side ^ first), batches[side]))
    for p in sides:
        if p["status"] == "ok" and p["invocations"]:
            x = quarter([i["samples_ns"][0] for i in p["invocations"]])
            p["time_ns"] = {"estimate": x, "estimator": "q25", "low": round(0.95 * x, 3), "high": round(1.05 * x, 3),
                            "confidence": 0.95}
        else:
            p["time_ns"] = None
        if p["status"] != "ok":
            p["invocations"] = []
    for side, p in zip(("old", "new"), sides):
        if p["status"] != "absent":
            records[side]["points"].append(p)


both = {"old": record("old", "new"), "new": record("new", "old")}
point(both, {}, 2000)
point(both, {"n": 4096}, 150, pairs=SCREEN + CONFIRM)  # a control
point(both, {"backend": "simd", "isa": "avx512"}, 500, change=0.08, pairs=SCREEN + CONFIRM)
point(both, {"kernel": "dot", "dtype": "f64"}, 900, change=-0.2, pairs=SCREEN + CONFIRM)
point(both, {"kernel": "matmul", "n": 256, "backend": "openmp", "isa": "avx512", "workers": 2, "worker_kind": "thread"},
      3e6, change=-0.07, spread=0.15)
point(both, {"kernel": "reduce"}, 700, batches=(64, 128))
point(both, {"kernel": "reduce", "n": 100}, 70, outcomes=("ok", ("wrong", 'differs at [3]: 1.5 is not < 1 % & "NaN" | more')))
point(both, {"kernel": "reduce", "n": 200}, 90, outcomes=("ok", ("skipped", "does not fit into memory")))
point(both, {"kernel": "reduce", "n": 300}, 90, outcomes=(("timeout", "hung"), "ok"))
point(both, {"kernel": "reduce", "n": 400}, 90, outcomes=(("failed", "crashed"), ("failed", "crashed, again")))
point(both, {"kernel": "reduce", "n": 500}, 90, outcomes=("ok", "absent"))
point(both, {"kernel": "reduce", "n": 600}, 90, outcomes=("absent", "ok"))
point(both, {"kernel": 'a|b<c>&"d,e*f', "backend": "opencl", "device": "GPU, 100%", "device_type": "gpu",
             "worker_kind": "device", "residency": "always", "host_memory": "pinned"}, 8000, spread=0.005)
for side, other in both.items():
    lines = ",\n".join(json.dumps(p, separators=(",", ":")) for p in other.pop("points"))
    with open(side + ".json", "w", encoding="ascii") as f:
        f.write(json.dumps(other, separators=(",", ":"))[:-1] + ',"points":[\n' + lines + "\n]}\n")
