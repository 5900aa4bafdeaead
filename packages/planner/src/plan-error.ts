/** Error codes, for programs. The README says what to do about each. */
export type PlanErrorCode =
  | 'PLAN_BATCH_BUSY'
  | 'PLAN_BATCH_INVALID'
  | 'PLAN_BATCH_NOT_FOUND'
  | 'PLAN_BATCH_UNRECORDED'
  | 'PLAN_BUDGET_EXCEEDED'
  | 'PLAN_BUDGET_UNPRICED'
  | 'PLAN_DEPENDENCY_UNMET'
  | 'PLAN_DOCUMENT_CHANGED'
  | 'PLAN_EXTRACT_CONFLICT'
  | 'PLAN_EXTRACT_FAILED'
  | 'PLAN_GRAPH_INVALID'
  | 'PLAN_IMPORT_EMPTY'
  | 'PLAN_IMPORT_INVALID'
  | 'PLAN_IMPORT_NOT_FOUND'
  | 'PLAN_OUTPUT_EMPTY'
  | 'PLAN_OUTPUT_FILTERED'
  | 'PLAN_OUTPUT_TRUNCATED'
  | 'PLAN_PIPELINE_INVALID'
  | 'PLAN_STAGE_BUSY'
  | 'PLAN_STAGE_UNKNOWN'
  | 'PLAN_TEMPLATE_INVALID'
  | 'PLAN_TEMPLATE_NOT_FOUND'
  | 'PLAN_TEMPLATE_VARIABLE';

export interface PlanErrorOptions {
  /** What the reader of the message should do next. */
  readonly hint: string;
  /** Whether the same call may succeed later without any change. Default: false. */
  readonly retryable?: boolean;
  /** Delay before a retry makes sense, ms. */
  readonly retryAfterMs?: number;
  /** Numbers of the stages to run first. */
  readonly stages?: readonly number[];
  readonly cause?: unknown;
}

const brand = Symbol.for('@ai-toolkit/planner/PlanError');

/** Every failure of the planner itself. Errors of the store and the client pass through unchanged. */
export class PlanError extends Error {
  readonly code: PlanErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** With `PLAN_DEPENDENCY_UNMET`: the stages to run first, in order. */
  readonly stages?: readonly number[];

  constructor(code: PlanErrorCode, message: string, options: PlanErrorOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'PlanError';
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.stages !== undefined) this.stages = options.stages;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for errors of this package, including those of another installed copy. */
  static isInstance(value: unknown): value is PlanError {
    return value instanceof Error && Reflect.get(value, brand) === true;
  }
}
