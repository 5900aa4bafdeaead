import type { ProjectStore } from '../store.js';

/** The methods of a store that deal with the texts of stages. */
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
