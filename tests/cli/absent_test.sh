#!/bin/sh
# What is not there is told with its reason and its cure, and costs nothing else: libraries left out of the build, and
# programs and drivers that lack at run time.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

# One build folder, from nothing towards more: the first build finds no leftovers to lean on, the others cost seconds.
build() { fresh_make -j 2 BUILD="$T/build" CFLAGS=-O0 WERROR=1 "$@"; }

absent() { # absent PARBENCH BACKEND REASON: list tells it, run refuses it
    exits 0 "parbench list backends" "$1" list backends
    says "shows $2 as not usable" "$2 +no "
    says "with the reason and the cure" "$2 cannot be used here: $3"
    exits 0 "parbench list --json" "$1" list --json
    says "has them too" "\"reason\":	*\"$3"
    exits 2 "run --backend $2" "$1" run -b "$2" -k saxpy -s 64 -o "$T/no.json"
    says "is refused with them" "$2 is not usable here: $3"
    check "and writes no file" test ! -e "$T/no.json" -a ! -e "$T/no.json.journal"
}

default_run() { # default_run PARBENCH BACKEND..: a run that names no backend goes through, and tells what was absent
    program=$1
    shift
    exits 0 "a default run goes through" "$program" run -k saxpy -t f32 -s 64,1000 --threads 1 --ranks 1 --rounds 1 \
        --seed 7 --time-limit 60 -o "$T/run.json"
    for backend in "$@"; do
        says "its report tells that $backend is absent" "absent: $backend: "
    done
    for backend in "$@"; do
        check "its file tells that $backend is absent, and why" \
            grep -Eq "\"absent\":.*\"backend\":\"$backend\",\"reason\":\"[^\"]" "$T/run.json"
    done
    valid "the file satisfies the schema" "$T/run.json"
}

# ---- left out of the build ----
built=$T/build/parbench
exits 0 "a build with nothing but a compiler and cJSON" build WITHOUT='mpi opencl hwloc openmp blas'
lacks "has no warning" 'warning'
check "and no module" test -z "$(find "$T/build" -name 'parbench-*.so')"
for backend in mpi opencl openmp blas; do
    absent "$built" $backend "left out of this build by make WITHOUT=$backend: build without it"
done
default_run "$built" mpi opencl openmp blas
exits 0 "it computes right" "$built" verify -s 1,17,129

exits 0 "a build without hwloc" build WITHOUT=hwloc
lacks "has no warning" 'warning'
default_run "$built"
check "and knows the machine all the same" grep -Eq '"logical_cpus":[1-9]' "$T/run.json"
for backend in opencl mpi; do
    exits 0 "a build without $backend" build WITHOUT=$backend
    lacks "has no warning" 'warning'
    default_run "$built" $backend
done
exits 0 "a build where the MPI compiler is not found" build MPICC="$T/none/mpicc"
absent "$built" mpi "$T/none/mpicc not found when parbench was built: apt-get install .*, then make"

# ---- a module that is gone ----
if usable opencl; then
    rm "$T/build/parbench-opencl.so"
    absent "$built" opencl 'module parbench-opencl.so is neither in .* run make, or set PARBENCH_MODULES'
else
    skip "a module that is gone" "opencl is not usable here"
fi

# ---- missing at run time: nothing in PATH, no driver ----
mkdir "$T/empty"
program=$(cd "$(dirname "$PARBENCH")" && pwd)/parbench
printf '#!/bin/sh\nPATH=%s OCL_ICD_VENDORS=%s/ exec "%s" "$@"\n' "$T/empty" "$T/empty" "$program" >"$T/bare"
chmod +x "$T/bare"
if usable mpi; then
    absent "$T/bare" mpi 'none of mpirun, mpiexec, srun is in PATH: apt-get install'
    mpirun=$(command -v mpirun || command -v mpiexec || command -v srun)
    # mpirun itself looks for helpers of its own (a remote shell): it gets the whole PATH back.
    exits 0 "a launcher that is named need not be in PATH" "$T/bare" run -b mpi -k saxpy -t f32 -s 64 --rounds 1 \
        --launcher "/usr/bin/env PATH=$PATH $mpirun$([ "$(id -u)" -ne 0 ] || echo ' --allow-run-as-root') -n {ranks}" --ranks 1 -o "$T/run.json"
else
    skip "mpirun missing at run time" "mpi is not usable here"
fi
if usable opencl; then
    absent "$T/bare" opencl 'no OpenCL driver: apt-get install'
    exits 0 "list devices" "$T/bare" list devices
    says "says the same" 'opencl has no device here: no OpenCL driver'
else
    skip "an OpenCL driver missing at run time" "opencl is not usable here"
fi
default_run "$T/bare" opencl mpi
exits 2 "plot without gnuplot" "$T/bare" plot -o "$T/pictures" tests/data/synthetic_crossover.json
says "says how to get it" 'plot: gnuplot not found: apt-get install gnuplot-nox'
check "and leaves no half picture" test -z "$(ls "$T/pictures" 2>/dev/null)"
done_testing
