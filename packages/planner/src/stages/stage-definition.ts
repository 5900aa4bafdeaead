import type { StageSettings } from '../question/stage-settings.js';

/** A stage as data: what it is called, how it is asked for, and what it is made from. */
export interface StageDefinition {
  /** Positive whole number, as people type it. */
  readonly id: number;
  readonly name: string;
  /** Lower-case words joined by `-`: names the document's file and its variable in templates. */
  readonly slug: string;
  /** Name of the prompt's template. */
  readonly template: string;
  /** Ids of the stages whose documents the prompt quotes. */
  readonly needs: readonly number[];
  /** How it is asked unless a run chooses otherwise. Default: as the planner asks all stages. */
  readonly parameters?: Omit<StageSettings, 'template'>;
}
