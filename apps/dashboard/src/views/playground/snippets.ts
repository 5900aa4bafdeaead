import { surfacePaths } from '../../api/models.js';
import { bodyOf, headersOf, type PlaygroundRequest } from './request.js';

export type SnippetName = 'curl' | 'sdk';

/**
 * A request as code. The code reads the key from the environment, and never contains it. `baseUrl` is that of the server, with a
 * trailing slash.
 */
export function snippetOf(name: SnippetName, request: PlaygroundRequest, baseUrl: string): string {
  if (name === 'curl') return curlOf(request, baseUrl);
  return request.surface === 'messages' ? anthropicOf(request, baseUrl) : openaiOf(request, baseUrl);
}

function curlOf(request: PlaygroundRequest, baseUrl: string): string {
  const { surface, isStreamed } = request;
  const headers = Object.entries({ 'content-type': 'application/json', ...headersOf(request) });
  const key = surface === 'messages' ? 'x-api-key: $AI_TOOLKIT_KEY' : 'authorization: Bearer $AI_TOOLKIT_KEY';
  return [
    `curl${isStreamed ? ' -N' : ''} ${quoted(baseUrl + surfacePaths[surface])}`,
    `-H "${key}"`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `-d ${quoted(JSON.stringify(bodyOf(request), null, 2))}`,
  ].join(' \\\n  ');
}

function openaiOf(request: PlaygroundRequest, baseUrl: string): string {
  const isChat = request.surface === 'chat';
  const create = isChat ? 'client.chat.completions.create' : 'client.responses.create';
  const text = isChat ? 'answer.choices[0]?.message.content' : 'answer.output_text';
  const delta = isChat
    ? "  process.stdout.write(event.choices[0]?.delta?.content ?? '');"
    : "  if (event.type === 'response.output_text.delta') process.stdout.write(event.delta);";
  return [
    "import OpenAI from 'openai';",
    '',
    `const client = new OpenAI({ baseURL: ${script(`${baseUrl}v1`)}, apiKey: process.env.AI_TOOLKIT_KEY ?? 'none' });`,
    ...callOf(request, create, text, delta),
  ].join('\n');
}

function anthropicOf(request: PlaygroundRequest, baseUrl: string): string {
  const text = "answer.content.map((part) => (part.type === 'text' ? part.text : '')).join('')";
  const delta = [
    "  if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')",
    '    process.stdout.write(event.delta.text);',
  ].join('\n');
  return [
    "import Anthropic from '@anthropic-ai/sdk';",
    '',
    `const client = new Anthropic({ baseURL: ${script(baseUrl.slice(0, -1))}, apiKey: process.env.AI_TOOLKIT_KEY ?? 'none' });`,
    ...callOf(request, 'client.messages.create', text, delta),
  ].join('\n');
}

function callOf(request: PlaygroundRequest, create: string, text: string, delta: string): readonly string[] {
  const body = JSON.stringify(bodyOf(request), null, 2);
  const { 'cache-control': cacheControl } = headersOf(request);
  const extra =
    cacheControl === undefined ? '' : `, {\n  headers: { 'cache-control': ${script(cacheControl)} },\n}`;
  if (!request.isStreamed)
    return [`const answer = await ${create}(${body}${extra});`, `console.log(${text});`];
  return [
    `const events = await ${create}(${body}${extra});`,
    'for await (const event of events) {',
    delta,
    '}',
  ];
}

/** Quotes a text for a shell, where nothing in single quotes is special. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function script(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
