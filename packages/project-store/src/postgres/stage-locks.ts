import { stageBusy } from '../failures.js';
import { randomToken } from '../fs/token.js';
import { describeSelf, type LockOwner, ownerState, parseOwner } from '../lock/lock-owner.js';
import type { StageRef } from '../stages/stage.js';
import type { StageLock } from '../store.js';
import { StoreError } from '../store-error.js';
import type { Database, Row, Sql } from './database.js';
import type { Projects } from './projects.js';

/*
 * A stage that runs has a row with a lease, by the clock of the database, which its holder prolongs while it lives.
 * Not a lock of the session, which would end with its connection: with a pooler in between, connections come and go.
 *
 * A lease can run out while its holder lives, stopped or cut off. So what this process writes to a stage that it holds
 * is written in a transaction that first makes sure that the row is still its own (`assertHeld`), and keeps it so.
 */
export interface StageLocks {
  lock(reference: string, stage: StageRef): Promise<StageLock>;
  holder(reference: string, stage: StageRef): Promise<LockOwner | undefined>;
  /** Who runs stages of a project now. Undefined stands for one of whom nothing can be read. */
  holders(sql: Sql, project: string): Promise<ReadonlyArray<LockOwner | undefined>>;
  /** @throws StoreError `STORE_LOCK_LOST` when this store held the stage and somebody else has taken it over */
  assertHeld(sql: Sql, project: string, stage: StageRef): Promise<void>;
}

interface Attempt {
  readonly id: string;
  readonly isMine: boolean;
  /** The row of whoever has the stage instead, if it is still there. */
  readonly other: Row | undefined;
}

export interface StageLocksOptions {
  readonly database: Database;
  readonly projects: Projects;
  readonly leaseMs: number;
  readonly clock: () => number;
}

export function createStageLocks({ database, projects, leaseMs, clock }: StageLocksOptions): StageLocks {
  const table = database.tables.stageLocks;
  const lease = `clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;
  const columns = 'token, owner::text AS owner, expires_at < clock_timestamp() AS lapsed';
  /** Tokens of the stages that this store runs, from the moment they were had until they are given back. */
  const held = new Map<string, string>();
  /** Tokens of rows that nobody of this store holds, and that may be there because the database was away. */
  const givenUp = new Set<string>();

  /** Also takes over from a run whose lease is over, or from the one with the token `dead`. */
  async function claim(
    sql: Sql,
    id: string,
    stage: StageRef,
    owner: LockOwner,
    dead: string,
  ): Promise<boolean> {
    const taken = await sql(
      `INSERT INTO ${table} AS held (project, stage, token, owner, expires_at) VALUES ($1, $2, $3, $4, ${lease})
       ON CONFLICT (project, stage) DO UPDATE
         SET token = excluded.token, owner = excluded.owner, expires_at = excluded.expires_at
         WHERE held.expires_at < clock_timestamp() OR held.token = $5
       RETURNING token`,
      ...[id, stage.number, owner.token, JSON.stringify(owner), dead],
    );
    return taken.length === 1;
  }

  async function attempt(
    reference: string,
    stage: StageRef,
    owner: LockOwner,
    dead: string,
  ): Promise<Attempt> {
    try {
      return await projects.change(
        reference,
        async ({ id }, sql) => {
          const isMine = await claim(sql, id, stage, owner, dead);
          return { id, isMine, other: isMine ? undefined : await look(sql, id, stage) };
        },
        // Waits for a deletion that is under way, and nothing else.
        'FOR KEY SHARE',
      );
    } catch (error) {
      // Whether the row is there may not be known. Nobody prolongs it.
      if (StoreError.isInstance(error) && error.code === 'STORE_UNAVAILABLE') givenUp.add(owner.token);
      throw error;
    }
  }

  async function look(sql: Sql, id: string, stage: StageRef): Promise<Row | undefined> {
    const [row] = await sql(
      `SELECT ${columns} FROM ${table} WHERE project = $1 AND stage = $2`,
      id,
      stage.number,
    );
    return row;
  }

  /** A process on this machine is known to be dead as soon as it is; one elsewhere by its lease alone. */
  async function isOver(row: Row): Promise<boolean> {
    if (row.lapsed === true || givenUp.has(String(row.token))) return true;
    const owner = ownerOf(row);
    return owner !== undefined && (await ownerState(owner)) === 'dead';
  }

  function hold(id: string, stage: StageRef, token: string): StageLock {
    const key = keyOf(id, stage);
    held.set(key, token);
    const own = [id, stage.number, token];
    const where = 'project = $1 AND stage = $2 AND token = $3';
    const beat = setInterval(() => {
      // A database that is away for a moment is asked again at the next beat.
      database.run(`UPDATE ${table} SET expires_at = ${lease} WHERE ${where}`, ...own).catch(ignore);
    }, leaseMs / 3);
    beat.unref();
    let released: Promise<void> | undefined;
    async function release(): Promise<void> {
      clearInterval(beat);
      if (held.get(key) === token) held.delete(key);
      try {
        await database.run(`DELETE FROM ${table} WHERE ${where}`, ...own);
      } catch (error) {
        if (!StoreError.isInstance(error) || !error.retryable) throw error;
        // Nobody prolongs the lease now. This process knows even before it is over.
        givenUp.add(token);
      }
    }
    const lock: StageLock = {
      release: () => {
        released ??= release();
        return released;
      },
      [Symbol.asyncDispose]: () => lock.release(),
    };
    return lock;
  }

  return {
    async lock(reference, stage) {
      const owner = await describeSelf(randomToken(12), clock());
      let dead = '';
      for (;;) {
        const found = await attempt(reference, stage, owner, dead);
        if (found.isMine) return hold(found.id, stage, owner.token);
        const { other } = found;
        // Given back in between.
        if (other === undefined) continue;
        if (dead === other.token || !(await isOver(other))) throw stageBusy(found.id, stage, ownerOf(other));
        dead = String(other.token);
      }
    },

    async holder(reference, stage) {
      const { id } = await projects.find(reference);
      const row = await look(database.run, id, stage);
      return row === undefined || (await isOver(row)) ? undefined : ownerOf(row);
    },

    async holders(sql, project) {
      const rows = await sql(`SELECT ${columns} FROM ${table} WHERE project = $1`, project);
      const alive: Array<LockOwner | undefined> = [];
      for (const row of rows) if (!(await isOver(row))) alive.push(ownerOf(row));
      return alive;
    },

    async assertHeld(sql, project, stage) {
      const token = held.get(keyOf(project, stage));
      if (token === undefined) return;
      // The share lasts as long as the transaction: whoever takes the stage over waits for its end.
      const rows = await sql(
        `SELECT token FROM ${table} WHERE project = $1 AND stage = $2 AND token = $3 FOR SHARE`,
        ...[project, stage.number, token],
      );
      if (rows.length === 0) throw lost(project, stage, await look(sql, project, stage));
    },
  };
}

function keyOf(id: string, stage: StageRef): string {
  return `${stage.number} ${id}`;
}

function ownerOf(row: Row): LockOwner | undefined {
  return parseOwner(String(row.owner));
}

function lost(id: string, stage: StageRef, now: Row | undefined): StoreError {
  const owner = now === undefined ? undefined : ownerOf(now);
  const by = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new StoreError(
    'STORE_LOCK_LOST',
    `Stage ${stage.number} of ${id} was taken over by ${by}, after this one had given no sign for too long.`,
    { hint: 'Nothing was written. Look at what the other run made of it before you run the stage again.' },
  );
}

function ignore(): void {}
