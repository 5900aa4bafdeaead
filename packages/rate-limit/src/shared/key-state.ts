import { EffectiveLimits } from '../effective-limits.js';
import type { Learned } from '../learned-limits.js';
import { type Demand, DIMENSIONS, type Dimension, minus, plus } from '../limits.js';
import { MemoryQuota } from '../memory-quota.js';
import { Probe } from '../probe.js';
import type { LimitStep, ReplyLimit, StepDemand, StepLimits, StepReply } from './limit-store.js';
import { type Member, Members } from './members.js';
import { mergedLimits } from './merged-limits.js';
import { MEMBER_TTL_MS, TICKET_GRACE_MS } from './store-rules.js';

interface Configured {
  readonly limits: StepLimits;
  seenAt: number;
}

/**
 * What all processes share about one key, in memory. The script for Redis does the same, step for step; a test compares them. Times are
 * milliseconds since the counts began.
 */
export class KeyState {
  readonly epoch: string;
  readonly #quota = new MemoryQuota();
  readonly #probe = new Probe(true);
  readonly #limits = new EffectiveLimits(this.#quota, this.#probe);
  readonly #members = new Members();
  readonly #configured = new Map<string, Configured>();
  #merged = '';
  #opensAt = 0;
  /** Calls of all processes that count against the window. */
  #undecided = 0;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  step(step: LimitStep, now: number): StepReply {
    const before = this.#members.get(step.process);
    if (before !== undefined && step.sequence <= before.sequence) return this.#reply(0, 0, before, now);
    this.#members.forget(now);
    const member: Member = {
      sequence: step.sequence,
      seenAt: now,
      open: step.open,
      undecided: step.undecided,
      waiting: step.waiting,
      ticket: undefined,
    };
    if (step.leaving === true) this.#members.remove(step.process);
    else this.#members.set(step.process, member);
    const { open, undecided } = this.#members.totals(now);
    this.#quota.setOpen(open);
    this.#undecided = undecided;
    this.#configure(step.limits, now);
    this.#adjust(step, now);
    const { granted, waitMs } = this.#grant(step, member, now);
    return this.#reply(granted, waitMs, member, now);
  }

  /** Removes a process that is known to be gone. */
  leave(process: string): void {
    this.#members.remove(process);
  }

  #configure(limits: StepLimits, now: number): void {
    const text = JSON.stringify(limits);
    const known = this.#configured.get(text);
    if (known === undefined) this.#configured.set(text, { limits, seenAt: now });
    else known.seenAt = now;
    for (const [other, { seenAt }] of this.#configured) {
      if (now - seenAt > MEMBER_TTL_MS) this.#configured.delete(other);
    }
    const merged = mergedLimits([...this.#configured.values()].map((one) => one.limits));
    const mergedText = JSON.stringify(merged);
    if (mergedText === this.#merged) return;
    this.#merged = mergedText;
    this.#probe.setEnabled(merged.adaptive);
    this.#limits.configure(merged.limits, now);
  }

  #adjust(step: LimitStep, now: number): void {
    for (const [dimension, learned] of entries(step.learned)) {
      this.#limits.adopt(dimension, learned ?? undefined, now);
    }
    for (let count = 0; count < step.kept; count++) this.#probe.kept(now);
    for (let count = 0; count < step.succeeded; count++) this.#limits.succeeded(now);
    const isForeign = step.epoch !== this.epoch;
    // The process knew other counts, which are lost: adopt at least what it knows.
    if (isForeign && step.epoch !== undefined) {
      for (const [dimension, ready] of entries(step.known)) this.#quota.lower(dimension, ready, now);
    } else {
      for (const [dimension, amount] of entries(step.taken)) this.#quota.charge(dimension, amount, now);
    }
    for (const [takenAt, requests, inputTokens, outputTokens] of step.settlements) {
      const change = { requests, inputTokens, outputTokens };
      this.#quota.shift(isForeign ? positive(change) : change, takenAt, now);
    }
    for (const [dimension, left] of entries(step.left)) {
      this.#quota.lower(dimension, left, now, step.leftForMs?.[dimension]);
    }
    for (let count = 0; count < step.rateLimited; count++) this.#limits.rateLimited(now, step.holdMs);
    if (step.closeMs > 0) this.#opensAt = Math.max(this.#opensAt, now + step.closeMs);
  }

  #grant(step: LimitStep, member: Member, now: number): { granted: number; waitMs: number | null } {
    let granted = 0;
    for (const demand of step.demands) {
      const waitMs = this.#take(demand, step.process, now);
      if (waitMs > 0) {
        const answer = Number.isFinite(waitMs) ? waitMs : null;
        const [inputTokens, outputTokens, ageMs, waits] = demand;
        if (waits === 1) {
          const until = now + (answer ?? 0) + TICKET_GRACE_MS;
          member.ticket = { rank: now - ageMs, demand: { requests: 1, inputTokens, outputTokens }, until };
        }
        return { granted, waitMs: answer };
      }
      const taken = { requests: 1, inputTokens: demand[0], outputTokens: demand[1] };
      member.open = plus(member.open, taken);
      member.undecided += 1;
      this.#undecided += 1;
      member.waiting = minus(member.waiting, taken);
      granted += 1;
    }
    return { granted, waitMs: 0 };
  }

  #take([inputTokens, outputTokens, ageMs]: StepDemand, process: string, now: number): number {
    if (this.#opensAt > now) return this.#opensAt - now;
    const ahead = this.#members.ahead(process, now - ageMs, now);
    if (this.#undecided + ahead.requests >= this.#probe.window) return Number.POSITIVE_INFINITY;
    return this.#quota.reserveBehind(ahead, { requests: 1, inputTokens, outputTokens }, now);
  }

  #reply(granted: number, waitMs: number | null, own: Member, now: number): StepReply {
    const { open, waiting } = this.#members.totals(now);
    const limits: Partial<Record<Dimension, ReplyLimit>> = {};
    const learned: Partial<Record<Dimension, Learned>> = {};
    const states = this.#quota.inspect(now);
    for (const dimension of DIMENSIONS) {
      const state = states[dimension];
      const setting = this.#limits.setting(dimension);
      if (state !== undefined && setting !== undefined) {
        limits[dimension] = { ...setting, ready: state.ready, used: state.used };
      }
      const told = this.#limits.learnedOf(dimension);
      if (told !== undefined) learned[dimension] = told;
    }
    return {
      granted,
      waitMs,
      gateMs: Math.max(0, this.#opensAt - now),
      epoch: this.epoch,
      at: now,
      limits,
      maxConcurrent: finiteOr0(this.#quota.maxConcurrent),
      learned,
      cap: this.#probe.capPerMinute ?? 0,
      ceiling: finiteOr0(this.#probe.ceilingPerMinute),
      window: finiteOr0(this.#probe.window),
      openElsewhere: Math.max(0, open.requests - own.open.requests),
      waitingElsewhere: minus(waiting, own.waiting),
      processes: this.#members.size,
    };
  }
}

function entries<V>(record: Partial<Record<Dimension, V>>): [Dimension, V][] {
  return DIMENSIONS.flatMap((dimension): [Dimension, V][] => {
    const value = record[dimension];
    return value === undefined ? [] : [[dimension, value]];
  });
}

function positive({ requests, inputTokens, outputTokens }: Demand): Demand {
  return {
    requests: Math.max(0, requests),
    inputTokens: Math.max(0, inputTokens),
    outputTokens: Math.max(0, outputTokens),
  };
}

function finiteOr0(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
