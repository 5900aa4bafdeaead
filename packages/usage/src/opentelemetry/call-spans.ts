import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AttemptEvent, CallRecord, ExchangeRequest } from '@ai-toolkit/ai-client';
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { operationOf, spanAttributes } from './attributes.js';

/** Calls whose end was never reported are forgotten beyond this number, the oldest first. */
const maxOpenCalls = 100_000;

interface OpenCall {
  readonly span: Span;
  readonly within: Context;
}

interface CallStarted {
  readonly requestId: string;
  readonly exchange: ExchangeRequest;
}

export interface CallSpans {
  /** Ends the span of a call; creates one if the call's beginning was not seen. */
  end(call: CallRecord): void;
  close(): void;
}

/**
 * Creates a span for each call, below that of the requester; below it one for the time that each attempt waits for its turn, and one for
 * the attempt itself, which the provider learns of through `traceparent`.
 */
export function createCallSpans(tracer: Tracer): CallSpans {
  const byRequest = new Map<string, OpenCall>();
  const byExchange = new WeakMap<ExchangeRequest, OpenCall>();
  const waits = new WeakMap<AttemptEvent, Span>();
  const attempts = new WeakMap<AttemptEvent, Span>();

  function begin({ requestId, exchange }: CallStarted): void {
    const { trace: carrier, surface } = exchange;
    const parent = carrier === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, carrier);
    const name = operationOf({ surface });
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT }, parent);
    const open = { span, within: trace.setSpan(parent, span) };
    byExchange.set(exchange, open);
    byRequest.set(requestId, open);
    if (byRequest.size > maxOpenCalls) {
      const [oldest] = byRequest;
      if (oldest !== undefined) byRequest.delete(oldest[0]);
    }
  }

  function wait(event: AttemptEvent): void {
    const open = byExchange.get(event.exchange);
    if (open !== undefined) waits.set(event, tracer.startSpan('wait for turn', {}, open.within));
  }

  function send(event: AttemptEvent): void {
    waits.get(event)?.end();
    const open = byExchange.get(event.exchange);
    if (open === undefined) return;
    const { hostname, port } = new URL(event.origin);
    const attributes = {
      'http.request.method': 'POST',
      'url.path': event.path,
      'server.address': hostname,
      ...(port === '' ? {} : { 'server.port': Number(port) }),
    };
    const span = tracer.startSpan('POST', { kind: SpanKind.CLIENT, attributes }, open.within);
    attempts.set(event, span);
    propagation.inject(trace.setSpan(open.within, span), event.headers);
  }

  function end(event: AttemptEvent): void {
    // Ending a span that has already ended changes nothing.
    const span = attempts.get(event) ?? waits.get(event);
    if (span === undefined) return;
    if (event.status !== undefined) span.setAttribute('http.response.status_code', event.status);
    if (event.error !== undefined) {
      span.setAttribute('error.type', errorTypeOf(event));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }

  const listeners = [
    ['ai-client:call:start', (event: unknown) => begin(event as CallStarted)],
    ['ai-client:attempt:start', (event: unknown) => wait(event as AttemptEvent)],
    ['ai-client:attempt:send', (event: unknown) => send(event as AttemptEvent)],
    ['ai-client:attempt:end', (event: unknown) => end(event as AttemptEvent)],
  ] as const;
  for (const [name, listener] of listeners) subscribe(name, listener);

  return {
    end(call) {
      const open = byRequest.get(call.requestId);
      byRequest.delete(call.requestId);
      const span =
        open?.span ??
        tracer.startSpan(operationOf(call), { kind: SpanKind.CLIENT, startTime: call.startedAt });
      span.updateName(`${operationOf(call)} ${call.model}`);
      span.setAttributes(spanAttributes(call));
      if (call.firstByteMs !== undefined) span.addEvent('first byte', call.startedAt + call.firstByteMs);
      if (call.status === 'error') span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
    close() {
      for (const [name, listener] of listeners) unsubscribe(name, listener);
    },
  };
}

/** A code or a status only: the text of an error may contain what nobody should read. */
function errorTypeOf({ status, error }: AttemptEvent): string {
  if (status !== undefined) return String(status);
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.name : '_OTHER';
}
