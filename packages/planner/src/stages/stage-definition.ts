import type { StageSettings } from '../question/stage-settings.js';

/** A stage as data: its name, its prompt and its inputs. */
export interface StageDefinition {
  /** Positive whole number, as people type it. */
  readonly id: number;
  readonly name: string;
  /** Lower-case words joined by `-`; names the document's file and its template variable. */
  readonly slug: string;
  /** Name of the prompt's template. */
  readonly template: string;
  /** Ids of the stages whose documents the prompt quotes. */
  readonly needs: readonly number[];
  /** Settings unless a run chooses others. Default: those of the planner. */
  readonly parameters?: Omit<StageSettings, 'template'>;
}
