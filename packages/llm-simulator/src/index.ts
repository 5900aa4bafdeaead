export type { Fault, FaultRule, RetryAfterStyle } from './faults/fault.js';
export type { SimulatorLimits } from './limits/limits.js';
export type { SimulatorOptions } from './options.js';
export type { RecordedRequest } from './request-log.js';
export { createSimulator, type Simulator } from './simulator.js';
export type { ModelTotals, Outcome, SimulatorStats, TokenTotals } from './stats.js';
export { countTokens } from './tokens.js';
