#!/usr/bin/env python3
"""Writes a result file with made-up curves: recommend.py FILE [EDIT].

EDIT is Python that sees `tree`, the document, and may change it. Two CPU arms and a GPU
whose times are a fixed cost and a slope, so that the truth between the sizes is known:
simd to openmp at n = 39,800, openmp to the GPU at n = 1,600,000 (with resident data
to the GPU at n = 122,449), each with an interval of 1 %.
"""

import json
import sys

ARMS = {
    "scalar": ("core", None, "host", 0, 0.5),
    "simd": ("core", None, "host", 10, 0.1),
    "openmp": ("thread", None, "host", 2000, 0.05),
    "gpu": ("device", "Test GPU", "always", 50000, 0.02),
    "gpu resident": ("device", "Test GPU", "resident", 8000, 0.001),
}
SIZES = [256 * 4**k for k in range(8)]


def time_of(arm, n):
    return ARMS[arm][3] + ARMS[arm][4] * n


def invocation(round_, ns):
    return {"round": round_, "order": round_, "batch": 64, "stopped": "precision",
            "first_call_ns": 2 * ns, "steal_ticks": 0, "involuntary_switches": 0,
            "in_process": False, "samples_ns": [ns * (1 + 0.002 * k) for k in range(4)]}


def point(arm, n, dtype):
    kind, device, residency, _, _ = ARMS[arm]
    ns = time_of(arm, n)
    return {
        "kernel": "saxpy", "dtype": dtype, "n": n,
        "backend": "opencl" if device else arm,
        "isa": None if device else "scalar" if arm == "scalar" else "avx2",
        "device": device, "device_type": "gpu" if device else None,
        "workers": 2 if kind == "thread" else 1, "worker_kind": kind, "variant": "default",
        "residency": residency, "reuse": 1, "host_memory": "pageable" if device else None,
        "cache": "hot", "status": "ok", "reason": None,
        "verify": {"max_error": 1e-8, "tolerance": 1e-6},
        "work": {"flops": 2 * n, "bytes": 12 * n},
        "time_ns": {"estimate": ns, "estimator": "median" if device else "q25",
                    "low": ns / 1.01, "high": ns * 1.01, "confidence": 0.96875},
        "phases_ns": {"first_call": 2 * ns, "compile": None, "h2d": None, "launch": None,
                      "kernel": ns, "d2h": None},
        "invocations": [invocation(r, ns * (0.998 + 0.001 * r)) for r in range(6)],
    }


def document():
    return {
        "schema": 1,
        "parbench": {"version": "0.1.0", "git": "0", "compiler": "gcc 12.2.0",
                     "cflags": "-O2"},
        "run": {"id": "0123456789abcdef", "started": "2026-11-22T10:00:00Z", "seed": 1,
                "rounds": 6, "rigor": "normal", "complete": True, "paired_with": None,
                "command": ["parbench", "run"]},
        "machine": {"cpu": "A Test CPU", "cores": 2, "logical_cpus": 2, "sockets": 1,
                    "numa_nodes": 1, "memory_bytes": 1 << 34, "os": "Test OS",
                    "governor": None, "mpi": None, "clock_resolution_ns": 20,
                    "caches_bytes": {"l1d": 32768, "l2": 1 << 20, "l3": 1 << 25},
                    "devices": [{"name": "Test GPU", "type": "gpu",
                                 "driver": "Test Driver 1.0"}]},
        "absent": [],
        "points": [point(arm, n, dtype) for dtype in ("f32", "f64") for arm in ARMS
                   for n in SIZES if dtype == "f32" or arm in ("scalar", "simd")],
    }


if __name__ == "__main__":
    tree = document()
    if len(sys.argv) > 2:
        exec(sys.argv[2])
    with open(sys.argv[1], "w") as out:
        json.dump(tree, out)
