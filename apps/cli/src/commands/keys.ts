import type { BudgetPeriod, CreateKeyOptions, KeyBudget, ListedKey } from '@ai-toolkit/gateway-keys';
import { dollars } from '../output/dollars.js';
import { minuteOf } from '../output/moment.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface KeysCreateFlags {
  readonly name: string;
  readonly tenant?: string;
  readonly model: readonly string[];
  readonly rpm?: number;
  readonly tpm?: number;
  readonly budget?: number;
  readonly per?: BudgetPeriod;
  readonly unpriced?: KeyBudget['unpriced'];
  readonly expires?: number;
  readonly sharedCache?: string;
  readonly admin?: boolean;
}

export function keysCreate(flags: KeysCreateFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const keyring = await toolkit.keyring();
    const { key, secret } = await keyring.create(optionsOf(flags));
    output.result({ ...key, key: secret }, secret);
    output.notice(
      `Key ${key.id} (${key.name}) of tenant ${key.tenant}. It is shown only this once: store it safely.`,
    );
    return undefined;
  });
}

export function keysList({ all }: { readonly all?: boolean }, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const now = Date.now();
    const found = await (await toolkit.keyring()).list();
    const keys = all === true ? found : found.filter((key) => stateOf(key, now) !== 'revoked');
    const rows = keys.map((key) => row(key, now));
    output.result({ keys }, keys.length === 0 ? '' : table([headings, ...rows]));
    if (keys.length === 0) output.notice('No keys. Make one: ai-toolkit keys create --name NAME');
    return undefined;
  });
}

export function keysRevoke(idOrName: string, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const key = await (await toolkit.keyring()).revoke(idOrName);
    output.result(key, key.id);
    output.notice(`${key.name} is revoked. A server that is running refuses it within a second.`);
    return undefined;
  });
}

function optionsOf(flags: KeysCreateFlags): CreateKeyOptions {
  const { name, tenant, model, rpm, tpm, budget, per, unpriced, expires, sharedCache, admin } = flags;
  if (budget === undefined && (per ?? unpriced) !== undefined)
    throw new TypeError('--per and --unpriced describe a budget: give --budget as well');
  return {
    name,
    ...(admin === true ? { role: 'admin' } : {}),
    ...(tenant === undefined ? {} : { tenant }),
    ...(model.length === 0 ? {} : { models: model }),
    ...(rpm === undefined ? {} : { requestsPerMinute: rpm }),
    ...(tpm === undefined ? {} : { tokensPerMinute: tpm }),
    ...(budget === undefined
      ? {}
      : {
          budget: {
            usd: budget,
            ...(per === undefined ? {} : { per }),
            ...(unpriced === undefined ? {} : { unpriced }),
          },
        }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
    ...(sharedCache === undefined ? {} : { sharedCache }),
  };
}

const headings = ['id', 'name', 'tenant', 'state', 'models', 'limits', 'spent', 'last used'];

function row(key: ListedKey, now: number): string[] {
  return [
    key.id,
    key.name,
    key.tenant,
    stateOf(key, now),
    key.role === 'admin' ? 'admin' : key.models.join(','),
    limitsOf(key),
    spentOf(key),
    key.lastUsedAt === undefined ? 'never' : minuteOf(key.lastUsedAt),
  ];
}

function stateOf({ revokedAt, expiresAt }: ListedKey, now: number): string {
  if (revokedAt !== undefined) return 'revoked';
  if (expiresAt === undefined) return 'in use';
  return expiresAt <= now ? 'expired' : `until ${minuteOf(expiresAt)}`;
}

function limitsOf({ requestsPerMinute, tokensPerMinute }: ListedKey): string {
  const limits = [
    ...(requestsPerMinute === undefined ? [] : [`${requestsPerMinute} rpm`]),
    ...(tokensPerMinute === undefined ? [] : [`${tokensPerMinute} tpm`]),
  ];
  return limits.length === 0 ? '-' : limits.join(', ');
}

function spentOf({ budget, spending }: ListedKey): string {
  if (budget === undefined || spending === undefined) return '-';
  const of = budget.per === 'total' ? '' : ` a ${budget.per}`;
  return `${dollars(spending.spentUsd)} of ${dollars(budget.usd)}${of}`;
}
