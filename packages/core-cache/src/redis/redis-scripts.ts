import { hash } from 'node:crypto';

/** A Redis script and the digest by which it is called. */
export interface RedisScript {
  readonly text: string;
  readonly sha: string;
}

/** Most clears remembered individually. Beyond that the oldest is dropped, and with it every entry that is older still. */
const MAX_CLEARS = 100_000;
/** How long a deletion is remembered, so that a load that began before it does not bring the old value back. */
const TOMBSTONE_MS = 600_000;
/** Enough for a header with some tags; longer ones are read a second time. */
const HEAD_BYTES = 512;

/*
 * The state is a sorted set: `n`, the sequence of the newest write; `f`, the floor, below which nothing counts; and the sequence of the
 * last clear of each namespace and tag that was cleared. Sequences are at least the time in microseconds, so they do not fall back when
 * Redis loses its data, and a state that starts anew puts its floor above everything from before.
 */
const PRELUDE = `
local function micros()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local function newest(state)
  local n = redis.call('ZSCORE', state, 'n')
  if n then return tonumber(n) end
  local now = micros()
  redis.call('ZADD', state, now, 'n', now, 'f')
  return now
end
local function advance(state)
  local n = math.max(newest(state) + 1, micros())
  redis.call('ZADD', state, n, 'n')
  return n
end
-- Whether the namespace or a tag was cleared, or all was lost, after the sequence.
local function cleared(state, sequence, namespace, members)
  local names = {'f', namespace}
  for at = 1, #members, 16 do names[#names + 1] = string.sub(members, at, at + 15) end
  local scores = redis.call('ZMSCORE', state, unpack(names))
  if not scores[1] or tonumber(scores[1]) > sequence then return true end
  for index = 2, #names do
    if scores[index] and tonumber(scores[index]) > sequence then return true end
  end
  return false
end
-- The length of a value that counts, or 0.
local function live(key, state, namespace)
  local head = redis.call('GETRANGE', key, 0, 19)
  if #head < 20 then return 0 end
  local members = ''
  local count = struct.unpack('<I2', head, 11)
  if count > 0 then members = redis.call('GETRANGE', key, 20, 19 + 16 * count) end
  if cleared(state, struct.unpack('<d', head), namespace, members) then return 0 end
  return redis.call('STRLEN', key)
end
`;

function script(body: string): RedisScript {
  const text = `${PRELUDE}${body}`;
  return { text, sha: hash('sha1', text) };
}

/** KEYS: entry, state. ARGV: name of the namespace's clears. Returns the value, or nil. */
export const readScript: RedisScript = script(`
local value = redis.call('GET', KEYS[1])
if not value or #value < 20 then return false end
local members = string.sub(value, 21, 20 + 16 * struct.unpack('<I2', value, 11))
if cleared(KEYS[2], struct.unpack('<d', value), ARGV[1], members) then return false end
return value`);

/**
 * KEYS: entry, state. ARGV: name of the namespace's clears, concatenated names of the tags' clears, since or '', milliseconds to live,
 * channel, message, head, payload, deadline in microseconds. Returns the bytes of the value that was replaced, 0 for none, -1 if
 * superseded, -2 if too late.
 */
export const writeScript: RedisScript = script(`
if micros() > tonumber(ARGV[9]) then return -2 end
newest(KEYS[2])
local since = tonumber(ARGV[3])
if since then
  if cleared(KEYS[2], since, ARGV[1], ARGV[2]) then return -1 end
  local before = redis.call('GETRANGE', KEYS[1], 0, 7)
  if #before == 8 and struct.unpack('<d', before) > since then return -1 end
end
local replaced = live(KEYS[1], KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], struct.pack('<d', advance(KEYS[2])) .. ARGV[7] .. ARGV[8], 'PX', ARGV[4])
redis.call('PUBLISH', ARGV[5], ARGV[6])
return replaced`);

/*
 * A Redis that is full refuses a script the first write that takes memory, unless the script has begun with one that takes none (see
 * `maxmemory` in the documentation of scripting). So that deleting and clearing always work, they begin with such a write.
 */

/** KEYS: entry, state. ARGV: name of the namespace's clears, channel, message. Returns the bytes of the deleted value, 0 for none. */
export const deleteScript: RedisScript = script(`
local deleted = live(KEYS[1], KEYS[2], ARGV[1])
redis.call('UNLINK', KEYS[1])
redis.call('SET', KEYS[1], struct.pack('<d', advance(KEYS[2])), 'PX', ${TOMBSTONE_MS})
redis.call('PUBLISH', ARGV[2], ARGV[3])
return deleted`);

/** KEYS: state. ARGV: name of the clear, channel, message. */
export const clearScript: RedisScript = script(`
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], advance(KEYS[1]), ARGV[1])
if redis.call('ZCARD', KEYS[1]) > ${MAX_CLEARS} + 2 then
  -- The floor is the lowest of all, so the oldest clear comes right after it.
  local oldest = redis.call('ZRANGE', KEYS[1], 1, 1, 'WITHSCORES')
  redis.call('ZREM', KEYS[1], oldest[1])
  redis.call('ZADD', KEYS[1], oldest[2], 'f')
end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1`);

/** KEYS: state. */
export const sequenceScript: RedisScript = script(`return newest(KEYS[1])`);

/** KEYS: lease. ARGV: owner, milliseconds, deadline in microseconds. Returns 1 or 0, or -2 if too late. */
export const leaseScript: RedisScript = script(`
if micros() > tonumber(ARGV[3]) then return -2 end
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);

/** KEYS: lease. ARGV: owner, channel, message. */
export const releaseScript: RedisScript = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1`);

/** KEYS: state, entries. ARGV: name of the namespace's clears. Returns the header and the length of each entry that counts. */
export const listScript: RedisScript = script(`
local found = {}
for index = 2, #KEYS do
  local length = live(KEYS[index], KEYS[1], ARGV[1])
  if length > 0 then
    local head = redis.call('GETRANGE', KEYS[index], 0, ${HEAD_BYTES} - 1)
    local payloadAt = struct.unpack('<I4', head, 13)
    if payloadAt > ${HEAD_BYTES} then head = redis.call('GETRANGE', KEYS[index], 0, payloadAt - 1) end
    found[#found + 1] = head
    found[#found + 1] = length
  end
end
return found`);

export const allScripts: readonly RedisScript[] = [
  readScript,
  writeScript,
  deleteScript,
  clearScript,
  sequenceScript,
  leaseScript,
  releaseScript,
  listScript,
];
