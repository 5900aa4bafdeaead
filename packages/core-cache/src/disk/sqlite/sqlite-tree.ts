import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Tree, TreeRange } from '../disk-driver.js';
import type { KeyCodec } from './key-codec.js';

/** How values become bytes. */
export interface ValueCodec<V> {
  encode(value: V): Uint8Array;
  decode(bytes: Uint8Array): V;
}

interface Row {
  readonly k: Uint8Array;
  readonly v: Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array();

/** A table of two blobs as an ordered map. */
export class SqliteTree<K, V> implements Tree<K, V> {
  readonly #database: DatabaseSync;
  readonly #name: string;
  readonly #keys: KeyCodec<K>;
  readonly #values: ValueCodec<V>;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #ranges: Map<string, StatementSync> = new Map();

  constructor(database: DatabaseSync, name: string, keys: KeyCodec<K>, values: ValueCodec<V>) {
    this.#database = database;
    this.#name = name;
    this.#keys = keys;
    this.#values = values;
    this.#get = database.prepare(`SELECT v FROM ${name} WHERE k = ?`);
    this.#put = database.prepare(
      `INSERT INTO ${name} (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v`,
    );
    this.#remove = database.prepare(`DELETE FROM ${name} WHERE k = ?`);
  }

  get(key: K): V | undefined {
    const row = this.#get.get(this.#keys.encode(key)) as Pick<Row, 'v'> | undefined;
    return row === undefined ? undefined : this.#values.decode(row.v);
  }

  putSync(key: K, value: V): void {
    this.#put.run(this.#keys.encode(key), this.#values.encode(value));
  }

  removeSync(key: K): boolean {
    return this.#remove.run(this.#keys.encode(key)).changes > 0;
  }

  getKeys(range: TreeRange<K>): Iterable<K> {
    return this.#select('k', range).map((row) => this.#keys.decode(row.k));
  }

  getRange(range: TreeRange<K>): Iterable<{ key: K; value: V }> {
    return this.#select('k, v', range).map((row) => ({
      key: this.#keys.decode(row.k),
      value: this.#values.decode(row.v),
    }));
  }

  #select(columns: string, range: TreeRange<K>): Row[] {
    const { start, exclusiveStart = false, end, inclusiveEnd = false, limit = -1 } = range;
    const from = exclusiveStart ? '>' : '>=';
    const to = end === undefined ? '' : ` AND k ${inclusiveEnd ? '<=' : '<'} ?`;
    const sql = `SELECT ${columns} FROM ${this.#name} WHERE k ${from} ?${to} ORDER BY k LIMIT ?`;
    let statement = this.#ranges.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#ranges.set(sql, statement);
    }
    const first = start === undefined ? NOTHING : this.#keys.encode(start);
    const last = end === undefined ? [] : [this.#keys.encode(end)];
    return statement.all(first, ...last, limit) as unknown as Row[];
  }
}
