/** Rules that every kind of store keeps alike, in milliseconds. */

/** Leases of a process that was not heard for so long are taken back: it died. */
export const LEASE_TTL_MS = 5000;
/** Processes, and the limits they were configured with, are remembered for so long. */
export const MEMBER_TTL_MS = 60_000;
/** Callers of two processes that came nearly together do not hold up each other; beyond, the older goes first. */
export const TICKET_LEAD_MS = 100;
/** A process that said it would come back has so much longer to do so before its place is given up. */
export const TICKET_GRACE_MS = 500;
/** Counts that nobody touched for so long are forgotten: beyond the longest period that is counted. */
export const IDLE_TTL_MS = 3_600_000;
export const IDLE_TTL_WITH_DAY_MS = 90_000_000;
