export type { BatchEvent } from './batch/batch-event.js';
export type {
  Batch,
  BatchRow,
  ExportRow,
  ExtractCodeRow,
  ImportCodeRow,
  ResetStageRow,
  RunRow,
  RunStageRow,
} from './batch/batch-row.js';
export { readBatch } from './batch/read-batch.js';
export { type RunBatchOptions, runBatch } from './batch/run-batch.js';
export {
  type CodeExtraction,
  type ExtractCodeOptions,
  type ExtractedFile,
  extractCode,
} from './code/extract/extract-code.js';
export type { SkippedBlock, SkipReason } from './code/extract/select-blocks.js';
export type { CodeImport, ImportCodeOptions, ImportedFile } from './code/import/import-code.js';
export type { LeftOut, LeftOutReason } from './code/import/left-out.js';
export type { CallForecast, CountTokens, EstimateCost, Forecast, Upstream } from './cost/forecast.js';
export { createPlanner } from './create-planner.js';
export type { EditedDocument, EditText } from './documents/edit-document.js';
export type { ExportedFile, ExportFormat, ExportOptions, ProjectExport } from './export/export-project.js';
export type { FileAction } from './files/inspect-target.js';
export type { PlaceFilesOptions } from './files/place-files.js';
export type { TextDiff } from './history/diff-texts.js';
export type { FoundRevisions } from './history/find-revisions.js';
export type { HistoryEntry, RevisionInput, RevisionName } from './history/history.js';
export { readPipeline } from './pipeline/read-pipeline.js';
export type { PlannedCall, PlanStep, ProjectPlan } from './plan/project-plan.js';
export { PlanError, type PlanErrorCode, type PlanErrorOptions } from './plan-error.js';
export type {
  Planner,
  PlannerOptions,
  PlanOptions,
  ProjectStatus,
  RunOptions,
  StageSelection,
} from './planner.js';
export type { DebuggedPrompt, DebugOptions } from './question/debug-prompt.js';
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
export type { StageGraph } from './stages/stage-graph.js';
export type { StatusTotals } from './status-totals.js';
export {
  describeTemplates,
  exportTemplate,
  type TemplateInfo,
  templateNamed,
} from './templates/describe-templates.js';
export {
  createTemplateSource,
  type Template,
  type TemplateSource,
  type TemplateSourceOptions,
} from './templates/template-source.js';
export type { TemplateOrigin } from './templates/template-tree.js';
export {
  exportTemplateFile,
  importTemplate,
  resetAllTemplates,
  resetTemplate,
} from './templates/user-templates.js';
export { validateTemplate } from './templates/validate-template.js';
