import type { ProjectStore } from '../store.js';

/** The part of a store that deals with the texts of stages. */
export type StageMethods = Pick<
  ProjectStore,
  | 'readStage'
  | 'writeStage'
  | 'failStage'
  | 'resetStage'
  | 'listRevisions'
  | 'readRevision'
  | 'restoreRevision'
  | 'openPartial'
  | 'readPartial'
  | 'lockStage'
  | 'stageHolder'
>;
