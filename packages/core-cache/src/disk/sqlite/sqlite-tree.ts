import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PutOptions, Tree, TreeRange } from '../disk-driver.js';
import type { KeyCodec } from './key-codec.js';

/** How values become bytes. */
export interface ValueCodec<V> {
  encode(value: V): Uint8Array;
  decode(bytes: Uint8Array): V;
}

interface Row<S> {
  readonly k: S;
  readonly v: Uint8Array;
}

/** A table of keys and blobs as an ordered map. */
export class SqliteTree<K, V, S extends Uint8Array | number = Uint8Array> implements Tree<K, V> {
  readonly #database: DatabaseSync;
  readonly #name: string;
  readonly #keys: KeyCodec<K, S>;
  readonly #values: ValueCodec<V>;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #ranges: Map<string, StatementSync> = new Map();

  constructor(database: DatabaseSync, name: string, keys: KeyCodec<K, S>, values: ValueCodec<V>) {
    this.#database = database;
    this.#name = name;
    this.#keys = keys;
    this.#values = values;
    this.#get = database.prepare(`SELECT v FROM ${name} WHERE k = ?`);
    this.#put = database.prepare(
      `INSERT INTO ${name} (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v`,
    );
    this.#insert = database.prepare(`INSERT INTO ${name} (k, v) VALUES (?, ?) ON CONFLICT (k) DO NOTHING`);
    this.#remove = database.prepare(`DELETE FROM ${name} WHERE k = ?`);
  }

  get(key: K): V | undefined {
    const row = this.#get.get(this.#keys.encode(key)) as Pick<Row<S>, 'v'> | undefined;
    return row === undefined ? undefined : this.#values.decode(row.v);
  }

  getBinaryFast(key: K): V | undefined {
    return this.get(key);
  }

  putSync(key: K, value: V, { noOverwrite = false }: PutOptions = {}): boolean {
    const statement = noOverwrite ? this.#insert : this.#put;
    return statement.run(this.#keys.encode(key), this.#values.encode(value)).changes > 0;
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

  #select(columns: string, range: TreeRange<K>): Row<S>[] {
    const { start, exclusiveStart = false, end, inclusiveEnd = false, limit = -1 } = range;
    const bounds = [
      start === undefined ? undefined : { test: exclusiveStart ? 'k > ?' : 'k >= ?', key: start },
      end === undefined ? undefined : { test: inclusiveEnd ? 'k <= ?' : 'k < ?', key: end },
    ].filter((bound) => bound !== undefined);
    const where = bounds.length === 0 ? '' : `WHERE ${bounds.map(({ test }) => test).join(' AND ')}`;
    const sql = `SELECT ${columns} FROM ${this.#name} ${where} ORDER BY k LIMIT ?`;
    let statement = this.#ranges.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#ranges.set(sql, statement);
    }
    return statement.all(...bounds.map(({ key }) => this.#keys.encode(key)), limit) as unknown as Row<S>[];
  }
}
