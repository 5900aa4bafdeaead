import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode, readIfThere, replaceFile } from '../files/replace-file.js';
import type { Conversation, Turn } from './conversation.js';
import { ConversationError } from './conversation-error.js';

/** Stores conversations in a folder, one file each, accessible only to their owner. */
export interface ConversationStore {
  /** Starts a conversation; it is written with its first turn. */
  begin(options?: { readonly model?: string; readonly system?: string }): Conversation;
  /** Newest first. */
  ids(): Promise<readonly string[]>;
  /** By id or a prefix of it; without one, the most recently updated. Fails with `CHAT_NOT_FOUND` or `CHAT_DAMAGED`. */
  find(id?: string): Promise<Conversation>;
  /**
   * Adds a turn and writes the conversation atomically. Fails with `CHAT_CONFLICT` if another process has added one
   * since it was read, and with `CHAT_UNWRITABLE`.
   */
  append(conversation: Conversation, turn: Turn): Promise<Conversation>;
}

const suffixLetters = 'abcdefghjkmnpqrstuvwxyz23456789';

export function createConversationStore(folder: string, now: () => number = Date.now): ConversationStore {
  const fileOf = (id: string): string => join(folder, `${id}.json`);

  async function read(id: string): Promise<Conversation> {
    const text = await readIfThere(fileOf(id)).catch((error: unknown) => {
      throw damaged(fileOf(id), error);
    });
    if (text === undefined) throw notFound(id, await ids());
    return parse(text, fileOf(id));
  }

  async function ids(): Promise<readonly string[]> {
    const files = await readdir(folder).catch(() => []);
    return files
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .sort()
      .reverse();
  }

  return {
    ids,

    begin({ model, system } = {}) {
      const createdAt = now();
      return {
        id: newId(createdAt),
        createdAt,
        updatedAt: createdAt,
        ...(model === undefined ? {} : { model }),
        messages: system === undefined ? [] : [{ role: 'system', content: system }],
      };
    },

    async find(id) {
      const known = await ids();
      if (id === undefined) {
        const read_ = await Promise.all(known.map((one) => read(one).catch(() => undefined)));
        const whole = read_.filter((one) => one !== undefined);
        const latest = whole.sort((a, b) => b.updatedAt - a.updatedAt)[0];
        if (latest === undefined) throw notFound(undefined, []);
        return latest;
      }
      const matches = known.includes(id) ? [id] : known.filter((one) => one.startsWith(id));
      const [match] = matches;
      if (match === undefined || matches.length > 1) throw notFound(id, matches.length > 1 ? matches : known);
      return read(match);
    },

    async append(conversation, { prompt, answer }) {
      const file = fileOf(conversation.id);
      const next: Conversation = {
        ...conversation,
        updatedAt: now(),
        messages: [
          ...conversation.messages,
          { role: 'user', content: prompt },
          { role: 'assistant', content: answer },
        ],
      };
      try {
        await replaceFile(file, (text) => {
          if (text !== undefined && parse(text, file).messages.length !== conversation.messages.length)
            throw conflict(conversation.id);
          return `${JSON.stringify({ version: 1, ...next }, null, 2)}\n`;
        });
      } catch (error) {
        const code = fileErrorCode(error);
        throw code === undefined ? error : unwritable(file, code, error);
      }
      return next;
    },
  };
}

function newId(at: number): string {
  const time = new Date(at).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  const suffix = Array.from({ length: 4 }, () => suffixLetters[randomInt(suffixLetters.length)]).join('');
  return `${time}-${suffix}`;
}

function parse(text: string, file: string): Conversation {
  try {
    const { version, ...conversation } = JSON.parse(text) as Conversation & { version?: number };
    if (version !== 1 || !Array.isArray(conversation.messages)) throw new Error('It is of another version.');
    return conversation;
  } catch (error) {
    throw damaged(file, error);
  }
}

function notFound(id: string | undefined, known: readonly string[]): ConversationError {
  const latest = known.slice(0, 5).join(', ');
  return new ConversationError(
    'CHAT_NOT_FOUND',
    id === undefined
      ? 'There is no conversation yet.'
      : `No one conversation has the id ${JSON.stringify(id)}.`,
    known.length === 0 ? 'Begin one: ai-toolkit chat' : `There is ${latest}.`,
  );
}

function damaged(file: string, cause: unknown): ConversationError {
  return new ConversationError(
    'CHAT_DAMAGED',
    `The conversation in ${file} cannot be read.`,
    'Correct or remove this file; the others are not concerned.',
    cause,
  );
}

function conflict(id: string): ConversationError {
  return new ConversationError(
    'CHAT_CONFLICT',
    `Another process has gone on with the conversation ${id} meanwhile.`,
    `Read what was said there, then go on: ai-toolkit chat --continue ${id}`,
  );
}

function unwritable(file: string, code: string, cause: unknown): ConversationError {
  return new ConversationError(
    'CHAT_UNWRITABLE',
    `The conversation cannot be kept in ${file} (${code}).`,
    'Make its folder writable and give the disk room, or set AI_TOOLKIT_HOME to another folder.',
    cause,
  );
}
