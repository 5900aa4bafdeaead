import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PromptCache } from './answer/prompt-cache.js';
import { type ApiFailure, type Dialect, errorBody, RequestRefusal } from './api-error.js';
import { inlineDirectives } from './directives.js';
import type { Endpoint, ParsedRequest, Work } from './endpoint.js';
import type { FaultBook } from './faults/book.js';
import { failsAtOnce, faultFailure } from './faults/errors.js';
import { FAULT_HEADER, FAULT_INLINE_NAME, type Fault, readFault } from './faults/fault.js';
import { apiKeyOf, JSON_TYPE, STREAM_TYPE, standardHeaders } from './http/headers.js';
import { createOutlet, type Outlet } from './http/outlet.js';
import { readBody, SenderLeft } from './http/read-body.js';
import { sendBody } from './http/send-body.js';
import { sendStream } from './http/send-stream.js';
import { isObject, type JsonObject } from './json.js';
import { type Enforcer, FREE } from './limits/enforcer.js';
import { meansModel } from './model-name.js';
import type { ResolvedOptions } from './options.js';
import { MAX_RECORDED_BODY_BYTES, type RequestRecord } from './request-log.js';
import { NO_TOKENS, type Outcome, type StatsKeeper } from './stats.js';

export interface ExchangeContext {
  readonly options: ResolvedOptions;
  readonly stats: StatsKeeper;
  readonly faults: FaultBook;
  readonly enforcer: Enforcer;
  readonly promptCache: PromptCache;
  readonly nextId: () => string;
}

const PAYLOAD_TOO_LARGE: ApiFailure = { status: 413, message: 'Request body is too large. (simulated)' };
const BAD_JSON: ApiFailure = {
  status: 400,
  message:
    'We could not parse the JSON body of your request. The OpenAI and Anthropic APIs expect a JSON object. (simulated)',
};

/** Serves one request to a provider route, from its body to the last byte or to the fault that comes first. */
export async function runExchange(
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
  context: ExchangeContext,
): Promise<void> {
  const { stats, options } = context;
  const dialect = endpoint.dialect(request.headers);
  const requestId = `req_${context.nextId()}`;
  let parsed: ParsedRequest | undefined;
  let work: Work | undefined;
  stats.begin();
  const outlet = createOutlet(response, (outcome) => {
    stats.end({
      route: endpoint.name,
      outcome,
      model: work === undefined ? undefined : parsed?.model,
      stream: parsed?.stream === true,
      tokens: work === undefined ? NO_TOKENS : work.billed(),
    });
  });
  const refuse = (failure: ApiFailure, more: Readonly<Record<string, string>> = {}): void => {
    work = undefined;
    sendFailure(outlet, dialect, failure, requestId, more);
  };
  try {
    const body = endpoint.method === 'POST' ? await readJson(request, record, options.maxBodyBytes) : {};
    checkKey(request, dialect, options.apiKeys);
    parsed = endpoint.read(body, {
      headers: request.headers,
      seed: options.seed,
      promptCache: context.promptCache,
    });
    const model = parsed.model ?? '';
    const fault = faultOf(request, parsed, context.faults, record.path, model);
    if (fault.delayMs !== undefined && !(await outlet.sleep(fault.delayMs))) return;
    if (fault.reset === true) return outlet.reset('faulted');
    if (fault.hang === true) return;
    if (failsAtOnce(fault)) return refuse(faultFailure(fault, dialect, options.clock()));
    const known = options.models.some((name) => meansModel(name, model));
    if (options.strictModels && parsed.model !== undefined && !known)
      return refuse(unknownModel(dialect, model));
    const next = parsed.start(fault);
    const admission =
      next.charge === undefined
        ? FREE
        : context.enforcer.admit(apiKeyOf(request.headers), model, dialect, next.charge);
    if (admission.failure !== undefined) return refuse(admission.failure, admission.headers);
    const headers = { ...standardHeaders(dialect, requestId), ...admission.headers };
    if (fault.errorBody === true) {
      outlet.head(200, { ...headers, 'content-type': fault.contentType ?? JSON_TYPE });
      return outlet.end(
        'faulted',
        errorBody(dialect, faultFailure(fault, dialect, options.clock()), requestId),
      );
    }
    if (!(await writtenAtPace(outlet, next, options.tokensPerSecond))) return;
    work = next;
    await deliver(outlet, endpoint, work, headers, fault, context);
  } catch (error) {
    if (outlet.gone || error instanceof SenderLeft) return;
    if (!(error instanceof RequestRefusal)) throw error;
    refuse(error.failure);
  }
}

/** A body is sent when its last token would be written: waits that long. Resolves to false if the reader has left. */
function writtenAtPace(
  outlet: Outlet,
  work: Work,
  tokensPerSecond: number | undefined,
): Promise<boolean> | boolean {
  if (tokensPerSecond === undefined || work.frames !== undefined) return true;
  const waitMs = ((work.charge?.outputTokens ?? 0) / tokensPerSecond) * 1_000;
  return waitMs < 1 || outlet.sleep(waitMs);
}

async function deliver(
  outlet: Outlet,
  endpoint: Endpoint,
  work: Work,
  headers: Readonly<Record<string, string>>,
  fault: Fault,
  { options }: ExchangeContext,
): Promise<void> {
  if (work.frames === undefined) {
    await sendBody(
      outlet,
      work.body(),
      { ...headers, 'content-type': fault.contentType ?? JSON_TYPE },
      fault,
    );
    return;
  }
  outlet.head(200, {
    ...headers,
    'content-type': fault.contentType ?? STREAM_TYPE,
    'cache-control': 'no-cache',
  });
  await sendStream(outlet, work.frames(), {
    fault,
    tokensPerSecond: options.tokensPerSecond,
    frameSent: () => work.frameSent(),
    emittedTokens: () => work.billed().output,
    errorFrame: (sequence) =>
      endpoint.errorFrame(faultFailure(fault, endpoint.dialect({}), options.clock()), sequence),
  });
}

async function readJson(
  request: IncomingMessage,
  record: RequestRecord,
  maxBytes: number,
): Promise<JsonObject> {
  const text = await readBody(request, maxBytes);
  if (text === undefined) throw new RequestRefusal(PAYLOAD_TOO_LARGE);
  record.bodyBytes = Buffer.byteLength(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestRefusal(BAD_JSON);
  }
  if (record.bodyBytes <= MAX_RECORDED_BODY_BYTES) record.body = value;
  if (!isObject(value)) throw new RequestRefusal(BAD_JSON);
  return value;
}

function checkKey(request: IncomingMessage, dialect: Dialect, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const key = apiKeyOf(request.headers);
  if (keys.includes(key)) return;
  if (dialect === 'anthropic')
    throw new RequestRefusal({
      status: 401,
      message: key === '' ? 'x-api-key header is required' : 'invalid x-api-key',
    });
  if (key === '')
    throw new RequestRefusal({
      status: 401,
      message: "You didn't provide an API key. (simulated)",
      code: null,
    });
  throw new RequestRefusal({
    status: 401,
    message: 'Incorrect API key provided. (simulated)',
    code: 'invalid_api_key',
  });
}

/** The fault of the request: its own header's, else one written into the prompt, else one from the book. */
function faultOf(
  request: IncomingMessage,
  parsed: ParsedRequest,
  book: FaultBook,
  path: string,
  model: string,
): Fault {
  const header = request.headers[FAULT_HEADER];
  const own = typeof header === 'string' ? header : inlineDirectives(parsed.userText, FAULT_INLINE_NAME);
  if (own === undefined) return book.draw(path, model);
  try {
    return readFault(own);
  } catch (error) {
    throw new RequestRefusal({
      status: 400,
      message: error instanceof Error ? error.message : String(error),
      param: FAULT_HEADER,
    });
  }
}

function unknownModel(dialect: Dialect, model: string): ApiFailure {
  if (dialect === 'anthropic') return { status: 404, message: `model: ${model}` };
  return {
    status: 404,
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    code: 'model_not_found',
  };
}

function sendFailure(
  outlet: Outlet,
  dialect: Dialect,
  failure: ApiFailure,
  requestId: string,
  more: Readonly<Record<string, string>>,
): void {
  const outcome: Outcome =
    failure.status === 429 ? 'rate_limited' : failure.status >= 500 ? 'failed' : 'rejected';
  const body = errorBody(dialect, failure, requestId);
  outlet.head(failure.status, {
    ...standardHeaders(dialect, requestId),
    ...more,
    ...failure.headers,
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(body),
  });
  outlet.end(outcome, body);
}
