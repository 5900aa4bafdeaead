/** Rules that all kinds of stores follow, in milliseconds. */

/** A process that was not heard for this long is considered dead, and its leases are taken back. */
export const LEASE_TTL_MS = 5000;
/** How long processes, and the limits that they were configured with, are remembered. */
export const MEMBER_TTL_MS = 60_000;
/** Callers of two processes that came within this time do not hold each other up; otherwise the older goes first. */
export const TICKET_LEAD_MS = 100;
/** Extra time for a process to come back as announced before its place is given up. */
export const TICKET_GRACE_MS = 500;
/** Counts untouched for this long are forgotten: longer than the longest period that is counted. */
export const IDLE_TTL_MS = 3_600_000;
export const IDLE_TTL_WITH_DAY_MS = 90_000_000;
