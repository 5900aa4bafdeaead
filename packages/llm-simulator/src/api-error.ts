/** Which provider's format a response has. */
export type Dialect = 'openai' | 'anthropic';

/** A refusal to answer, carried to the edge and written there in the dialect of the route. */
export interface ApiFailure {
  readonly status: number;
  readonly message: string;
  /** Overrides the type that follows from the status. */
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by request parsing; never leaves the package. */
export class RequestRefusal extends Error {
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure) {
    super(failure.message);
    this.name = 'RequestRefusal';
    this.failure = failure;
  }
}

/** A 400 for a field that is missing or wrong. */
export function invalidField(param: string, message: string): RequestRefusal {
  return new RequestRefusal({ status: 400, message, param, code: null });
}

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  429: 'requests',
  500: 'server_error',
  503: 'server_error',
};

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The error object inside a body or a stream frame. */
export function errorDetail(dialect: Dialect, failure: ApiFailure): Record<string, unknown> {
  if (dialect === 'anthropic') {
    const type =
      failure.type ??
      ANTHROPIC_TYPES[failure.status] ??
      (failure.status >= 500 ? 'api_error' : 'invalid_request_error');
    return { type, message: failure.message };
  }
  const type =
    failure.type ??
    OPENAI_TYPES[failure.status] ??
    (failure.status >= 500 ? 'server_error' : 'invalid_request_error');
  return { message: failure.message, type, param: failure.param ?? null, code: failure.code ?? null };
}

/** A whole error body, as the provider of the dialect writes it. */
export function errorBody(dialect: Dialect, failure: ApiFailure, requestId: string): string {
  const error = errorDetail(dialect, failure);
  return JSON.stringify(
    dialect === 'anthropic' ? { type: 'error', error, request_id: requestId } : { error },
  );
}
