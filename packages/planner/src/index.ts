export { createPlanner } from './create-planner.js';
export { PlanError, type PlanErrorCode, type PlanErrorOptions } from './plan-error.js';
export type {
  Planner,
  PlannerOptions,
  PlanStep,
  ProjectStatus,
  RunOptions,
  StageSelection,
} from './planner.js';
export type { StageSettings } from './question/stage-settings.js';
export type {
  PlannerEvent,
  StageDone,
  StageFailed,
  StageSkipped,
  StageStarted,
  StageText,
  StageUsage,
} from './run/planner-event.js';
export type { StageRunOptions } from './run/run-stage.js';
export type { StageStatus, StageStatusName } from './stage-status.js';
export { sixStages } from './stages/six-stages.js';
export type { StageDefinition } from './stages/stage-definition.js';
export {
  createTemplateSource,
  type Template,
  type TemplateSource,
  type TemplateSourceOptions,
} from './templates/template-source.js';
