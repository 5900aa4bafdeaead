import { type Demand, NOTHING, plus } from '../limits.js';
import { LEASE_TTL_MS, MEMBER_TTL_MS, TICKET_LEAD_MS } from './store-rules.js';

/** The place in line of a process whose first caller did not fit. */
interface Ticket {
  /** When the caller came, corrected by its priority; the smaller rank goes first. */
  readonly rank: number;
  readonly demand: Demand;
  /** After this time the process is no longer expected back. */
  readonly until: number;
}

export interface Member {
  sequence: number;
  seenAt: number;
  open: Demand;
  undecided: number;
  waiting: Demand;
  ticket: Ticket | undefined;
}

/** The processes that share a key. */
export class Members {
  readonly #members = new Map<string, Member>();

  get(process: string): Member | undefined {
    return this.#members.get(process);
  }

  get size(): number {
    return this.#members.size;
  }

  set(process: string, member: Member): void {
    this.#members.set(process, member);
  }

  remove(process: string): void {
    this.#members.delete(process);
  }

  forget(now: number): void {
    for (const [process, { seenAt }] of this.#members) {
      if (now - seenAt > MEMBER_TTL_MS) this.#members.delete(process);
    }
  }

  /** What live processes have open and ask for. */
  totals(now: number): { open: Demand; undecided: number; waiting: Demand } {
    let open = NOTHING;
    let undecided = 0;
    let waiting = NOTHING;
    for (const member of this.#members.values()) {
      if (!isAlive(member, now)) continue;
      open = plus(open, member.open);
      undecided += member.undecided;
      waiting = plus(waiting, member.waiting);
    }
    return { open, undecided, waiting };
  }

  /** Demand of other processes whose callers came clearly before `rank`. */
  ahead(process: string, rank: number, now: number): Demand {
    let ahead = NOTHING;
    for (const [other, member] of this.#members) {
      const { ticket } = member;
      if (other === process || ticket === undefined || ticket.until < now || !isAlive(member, now)) continue;
      if (ticket.rank < rank - TICKET_LEAD_MS) ahead = plus(ahead, ticket.demand);
    }
    return ahead;
  }
}

function isAlive(member: Member, now: number): boolean {
  return now - member.seenAt <= LEASE_TTL_MS;
}
