/* hog.c - a neighbour that keeps one core half busy: 50 ms of work, 50 ms of rest, on the
 * last core that it may use, until it is killed or its parent ends. tests/evidence
 * measures beside it. */
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>

#define SHARE_NS 50000000

static int64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int stay_on_the_last_core(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set))
        return -1;
    size_t last = CPU_SETSIZE - 1;
    while (last > 0 && !CPU_ISSET(last, &set))
        last--;
    CPU_ZERO(&set);
    CPU_SET(last, &set);
    return sched_setaffinity(0, sizeof set, &set);
}

int main(void)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || stay_on_the_last_core()) {
        perror("hog");
        return 2;
    }
    for (;;) {
        const int64_t end = now_ns() + SHARE_NS;
        while (now_ns() < end)
            ;
        (void)nanosleep(&(struct timespec){ .tv_nsec = SHARE_NS }, NULL);
    }
}
