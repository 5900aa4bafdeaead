import { lockLost, stageBusy } from '../failures.js';
import { randomToken } from '../fs/token.js';
import { describeSelf, type LockOwner, ownerState, parseOwner } from '../lock/lock-owner.js';
import type { StageRef } from '../stages/stage.js';
import type { StageLock } from '../store.js';
import { StoreError } from '../store-error.js';
import type { Database, Row, Sql } from './database.js';
import type { Projects } from './projects.js';

/*
 * A running stage has a row with a lease, timed by the clock of the database and renewed by its holder. A session lock
 * would end with its connection, and behind a pooler connections come and go.
 *
 * A lease can expire while its holder is alive but stopped or cut off. So every write of this process to a stage it
 * holds runs in a transaction that first locks the row and checks that it is still its own (`assertHeld`).
 */
export interface StageLocks {
  lock(reference: string, stage: StageRef): Promise<StageLock>;
  holder(reference: string, stage: StageRef): Promise<LockOwner | undefined>;
  /** Current holders of a project's stages. Undefined stands for a holder whose entry cannot be parsed. */
  holders(sql: Sql, project: string): Promise<ReadonlyArray<LockOwner | undefined>>;
  /** @throws StoreError `STORE_LOCK_LOST` if this store held the stage and another process has taken it over */
  assertHeld(sql: Sql, project: string, stage: StageRef): Promise<void>;
}

interface Attempt {
  readonly id: string;
  readonly isMine: boolean;
  /** Row of the other holder, if it still exists. */
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
  /** Tokens of the stages that this store runs, from acquisition to release. */
  const held = new Map<string, string>();
  /** Tokens this store no longer uses, whose rows may still exist because the database was unavailable. */
  const givenUp = new Set<string>();

  /** Also takes over an expired lease, or the one with the token `dead`. */
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
        // Only waits for a deletion in progress.
        'FOR KEY SHARE',
      );
    } catch (error) {
      // The row may or may not have been written. Nobody renews it.
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

  /** The death of a process on this machine is detected at once; one elsewhere only by its lease. */
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
      // If the database is briefly unavailable, the next beat tries again.
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
        // Nobody renews the lease any more. This process need not wait for it to expire.
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
        // Released in between.
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
      // The row lock lasts as long as the transaction, so a takeover waits for its end.
      const rows = await sql(
        `SELECT token FROM ${table} WHERE project = $1 AND stage = $2 AND token = $3 FOR SHARE`,
        ...[project, stage.number, token],
      );
      if (rows.length > 0) return;
      const now = await look(sql, project, stage);
      throw lockLost(`Stage ${stage.number} of ${project}`, now && ownerOf(now));
    },
  };
}

function keyOf(id: string, stage: StageRef): string {
  return `${stage.number} ${id}`;
}

function ownerOf(row: Row): LockOwner | undefined {
  return parseOwner(String(row.owner));
}

function ignore(): void {}
