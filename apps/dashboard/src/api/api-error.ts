/** Why a request failed: a missing or insufficient key, an unreachable server, or an error of the server. */
export type Trouble = 'forbidden' | 'unreachable' | 'failed';

export interface ApiErrorFacts {
  /** HTTP status; absent if there was no response. */
  readonly status?: number;
  /** As listed in docs/errors.md. */
  readonly code?: string;
  readonly requestId?: string;
}

/** A request that failed. The message is for people, and says what to do next. */
export class ApiError extends Error {
  readonly trouble: Trouble;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;

  constructor(trouble: Trouble, message: string, { status, code, requestId }: ApiErrorFacts = {}) {
    super(message);
    this.name = 'ApiError';
    this.trouble = trouble;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** The error of an unsuccessful response. Reads its body, in the format of the OpenAI API or Anthropic's. */
export async function errorOf(response: Response, path: string): Promise<ApiError> {
  const { status } = response;
  const told = await response.json().catch(() => undefined);
  const error = membersOf(membersOf(told).error);
  const { message } = error;
  const code = error.code ?? membersOf(error.details).error_code;
  const requestId = error.request_id ?? membersOf(told).request_id;
  const said = typeof message === 'string' ? message : `The server answered ${path} with status ${status}.`;
  const isForbidden =
    status === 401 || (status === 403 && (code === 'KEYS_FORBIDDEN' || code === 'FORBIDDEN'));
  return new ApiError(isForbidden ? 'forbidden' : 'failed', said, {
    status,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  });
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
