import { meansModel } from '../model-name.js';
import { createRandom, type Random } from '../random.js';
import { type Fault, type FaultRule, NO_FAULT, readFault } from './fault.js';

/** The faults for requests that bring none of their own. */
export interface FaultBook {
  set(faults: readonly (string | FaultRule)[]): void;
  /** The fault for this request: that of the first rule that matches and whose draw succeeds. */
  draw(path: string, model: string): Fault;
  /** The rules that are still active; `times` is what is left of them. */
  active(): readonly FaultRule[];
}

interface Entry {
  readonly rule: FaultRule;
  readonly random: Random;
  left: number;
}

export function createFaultBook(): FaultBook {
  let entries: Entry[] = [];
  return {
    set(faults) {
      entries = faults.map((fault) => {
        const rule = readFault(fault);
        return { rule, random: createRandom(rule.seed ?? 1), left: rule.times ?? Number.POSITIVE_INFINITY };
      });
    },
    draw(path, model) {
      for (const entry of entries) {
        if (!matches(entry.rule, path, model)) continue;
        if (entry.rule.probability !== undefined && entry.random() >= entry.rule.probability) continue;
        entry.left -= 1;
        if (entry.left <= 0) entries = entries.filter((other) => other !== entry);
        return entry.rule;
      }
      return NO_FAULT;
    },
    active: () => entries.map(({ rule, left }) => (Number.isFinite(left) ? { ...rule, times: left } : rule)),
  };
}

function matches(rule: FaultRule, path: string, model: string): boolean {
  if (rule.path !== undefined && !path.startsWith(rule.path)) return false;
  return rule.model === undefined || meansModel(rule.model, model);
}
