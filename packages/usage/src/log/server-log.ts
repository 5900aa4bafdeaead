import type { CallRecord } from '@ai-toolkit/ai-client';
import { type Level, type LoggerOptions, pino } from 'pino';
import { checkFunction, checkNames, show } from '../check.js';
import { callLine, cut, rounded } from './call-line.js';
import { scrub, scrubLine } from './scrub.js';
import { stderrDestination } from './stderr-destination.js';
import { createTimestamps } from './timestamps.js';

export type LogLevel = Level | 'silent';

/** Where the lines of JSON go. */
export interface LogDestination {
  write(line: string): void;
  /** Writes at once whatever is buffered, as before the process ends. */
  flushSync?(): void;
}

export interface ServerLogOptions {
  readonly level: LogLevel;
  /** Default: `stderrDestination()`. */
  readonly destination?: LogDestination;
  /** Whether `prompt` logs what is asked. Default false. */
  readonly prompts?: boolean;
}

/** A request that did not become a call. */
export interface RefusedRequest {
  readonly requestId: string;
  readonly method: string;
  /** Without its query, which could contain a secret. */
  readonly path: string;
  readonly httpStatus: number;
  readonly errorCode?: string | undefined;
  readonly durationMs?: number;
  readonly key?: string | undefined;
  readonly tenant?: string | undefined;
}

/**
 * The log of a server: a line of JSON for each request, and for what an operator should know. It records who asked which model, how that
 * went and what it took; never what was asked or answered, unless `prompts` is set, and never a key.
 */
export interface ServerLog {
  /** A call that has ended: `info`; `warn` if it failed. */
  call(record: CallRecord): void;
  /** A request that was refused before it became a call, or that is not for a model: `info`; `warn` from status 500 on. */
  request(request: RefusedRequest): void;
  /** Logs what is asked, at `info`; undefined unless `prompts` is set and that level is enabled. */
  readonly prompt: ((requestId: string, body: Uint8Array) => void) | undefined;
  info(event: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void;
  error(event: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Writes whatever is buffered. Nothing is written afterwards. Idempotent. */
  close(): void;
}

const levels: Record<LogLevel, true> = {
  trace: true,
  debug: true,
  info: true,
  warn: true,
  error: true,
  fatal: true,
  silent: true,
};

const maxPromptBytes = 8 * 1024;

export function createServerLog(options: ServerLogOptions): ServerLog {
  checkNames('createServerLog', options, { level: true, destination: true, prompts: true });
  const { level, prompts = false, destination = stderrDestination() } = options;
  if (!Object.hasOwn(levels, level))
    throw new RangeError(`level must be one of ${Object.keys(levels).join(', ')}, got ${show(level)}`);
  checkFunction('destination.write', destination?.write ?? null);
  const format: LoggerOptions = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const logger = pino(format, destination);
  // Events are few, and may hold anything, such as an error and what caused it.
  const events = pino(format, { write: (line) => destination.write(scrubLine(line)) });
  const writesCalls = logger.isLevelEnabled('warn');
  const writesAll = logger.isLevelEnabled('info');
  const timestamp = createTimestamps();
  let closed = false;

  function event(
    severity: 'info' | 'warn' | 'error',
    name: string,
    facts: Readonly<Record<string, unknown>> = {},
  ): void {
    if (!closed) events[severity](facts, name);
  }

  return {
    call(record) {
      const isFailure = record.status === 'error';
      if (closed || !(isFailure ? writesCalls : writesAll)) return;
      destination.write(callLine(record, isFailure ? 'warn' : 'info', timestamp(Date.now())));
    },

    request(request) {
      const isFailure = request.httpStatus >= 500;
      if (closed || !(isFailure ? writesCalls : writesAll)) return;
      const { durationMs, ...facts } = request;
      const line = {
        ...facts,
        path: scrub(cut(request.path)),
        ...(durationMs === undefined ? {} : { durationMs: rounded(durationMs) }),
      };
      logger[isFailure ? 'warn' : 'info'](line, 'request');
    },

    prompt:
      prompts && writesAll
        ? (requestId, body) => {
            if (closed) return;
            const { buffer, byteOffset, byteLength } = body;
            const text = Buffer.from(buffer, byteOffset, Math.min(byteLength, maxPromptBytes)).toString();
            logger.info({ requestId, prompt: scrub(text), promptBytes: byteLength }, 'prompt');
          }
        : undefined,

    info: (name, facts) => event('info', name, facts),
    warn: (name, facts) => event('warn', name, facts),
    error: (name, facts) => event('error', name, facts),

    close() {
      if (closed) return;
      closed = true;
      try {
        destination.flushSync?.();
      } catch {
        // Nobody reads it any more.
      }
    },
  };
}
