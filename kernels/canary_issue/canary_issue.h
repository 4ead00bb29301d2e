/* canary_issue.h - what canary_issue.c and its body share. */
#ifndef PB_KERNELS_CANARY_ISSUE_H
#define PB_KERNELS_CANARY_ISSUE_H

#include "kernels/kernel.h"

enum { CANARY_ISSUE_START, CANARY_ISSUE_END };

/* Chains side by side: more than the latency of a product and a sum can hide, fewer than
 * a core has registers. */
#define CANARY_ISSUE_CHAINS 8

/* x = a x + b */
#define CANARY_ISSUE_GAP 0x1p-20 /* 1 - a */
#define CANARY_ISSUE_A   (1.0 - CANARY_ISSUE_GAP)
#define CANARY_ISSUE_B   0x1p-19

#endif
