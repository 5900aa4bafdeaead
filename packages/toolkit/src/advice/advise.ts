import type { Config } from '../config/schema.js';
import type { Advice, AdviceRule, Evidence } from './advice.js';
import { cacheRules } from './cache-rules.js';
import { callerRules } from './caller-rules.js';
import { limitRules } from './limit-rules.js';
import { varyingFields } from './varying-fields.js';

const rules: readonly AdviceRule[] = [varyingFields, ...callerRules, ...cacheRules, ...limitRules];

/** All advice supported by the evidence, largest share first. */
export function adviseOn(evidence: Evidence, config: Config): Advice[] {
  return rules.flatMap((rule) => rule(evidence, config)).sort((a, b) => b.share - a.share);
}
