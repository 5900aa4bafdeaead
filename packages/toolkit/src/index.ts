export type { Advice } from './advice/advice.js';
export { clearAnswers } from './cache/clear-answers.js';
export { type ClearSelection, clearEntries } from './cache/clear-entries.js';
export { findKey, notStored } from './cache/find-entry.js';
export { requestOfText } from './cache/read-request.js';
export { type EntryPage, type EntrySearch, searchEntries } from './cache/search-entries.js';
export { tierPlace } from './cache/tier-place.js';
export { type LoadConfigOptions, type LoadedConfig, loadConfig } from './config/load.js';
export { type Environment, type Paths, resolvePaths } from './config/paths.js';
export type { Config, ConfigInput } from './config/schema.js';
export type { Conversation, Turn } from './conversations/conversation.js';
export { ConversationError, type ConversationErrorCode } from './conversations/conversation-error.js';
export { type ConversationStore, createConversationStore } from './conversations/conversation-store.js';
export { createToolkit, type ToolkitOptions } from './create-toolkit.js';
export { diagnoseWithoutConfig } from './diagnose/diagnose.js';
export type { Diagnosis } from './diagnose/diagnosis.js';
export { type AskedEffectiveness, askEffectiveness } from './effectiveness/ask-effectiveness.js';
export { mergeSamples } from './effectiveness/merge-samples.js';
export { type MissClass, type MissSummary, summariseMisses } from './effectiveness/miss-summary.js';
export {
  type EffectivenessReport,
  type LayerSaving,
  reportEffectiveness,
  type TierEffectiveness,
} from './effectiveness/report.js';
export type { EffectivenessSample } from './effectiveness/sample.js';
export { ConfigError, type ConfigErrorCode, type ConfigErrorOptions } from './errors.js';
export { checkJsonSchema } from './json-schema.js';
export type { KeyAccess, KeyedRequest } from './keys/key-access.js';
export { type LimitsReport, reportLimits } from './limits/limits-report.js';
export type { ChosenProvider } from './providers/choose.js';
export type { OfferedModel } from './providers/models.js';
export { simulatorName } from './providers/simulator.js';
export { type Readiness, type ReadinessCheck, readiness } from './readiness.js';
export { type ResetReport, resetAll } from './reset.js';
export type { Toolkit } from './toolkit.js';
export { version } from './version.js';
