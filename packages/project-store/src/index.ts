export {
  createProjectStore,
  type FileProjectStore,
  type ListState,
  type ProjectStoreOptions,
} from './file-store.js';
export type {
  ImportedProject,
  ImportedStage,
  ImportedText,
  ImportResult,
} from './import/imported-project.js';
export type { IndexState } from './list/index-file.js';
export { acquireLock, type FileLock, type LockOptions, type LockResult } from './lock/file-lock.js';
export type { LockOwner } from './lock/lock-owner.js';
export { describeHolder } from './locked-error.js';
export { slugify } from './naming/slug.js';
export {
  migrateOlderLayout,
  type OlderMigration,
  type OlderMigrationOptions,
} from './older/migrate-older-layout.js';
export type {
  DamagedProject,
  NewProject,
  Project,
  ProjectChange,
  ProjectDamage,
  ProjectSummary,
} from './project.js';
export type { QuarantinedProject } from './repair/quarantine.js';
export type { RepairOptions, RepairReport } from './repair/repair.js';
export type { PartialWriter } from './stages/partial-writer.js';
export type { RevisionWithText } from './stages/revision-file.js';
export type {
  CurrentRevision,
  Revision,
  RevisionOrigin,
  StageDocument,
  StageFailure,
  StageRecord,
  StageRef,
  StageState,
} from './stages/stage.js';
export type {
  DeleteOptions,
  ProjectStore,
  StageLock,
  UpdateOptions,
  WatchableProjectStore,
} from './store.js';
export { StoreError, type StoreErrorCode, type StoreErrorOptions } from './store-error.js';
export type { ProjectEvent, ProjectPart, ProjectWatch, WatchOptions } from './watch/project-event.js';
