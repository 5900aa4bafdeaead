import { type RedisScript, redisScript } from '@ai-toolkit/rate-limit/redis';

/**
 * KEYS: state, keys, order, used. ARGV: a name for contents that have none yet, then keys as JSON. Existing keys stay as they are, except
 * for a revocation.
 */
export const putScript: RedisScript = redisScript(`
redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1])
for i = 2, #ARGV do
  local key = cjson.decode(ARGV[i]).key
  local text = redis.call('HGET', KEYS[2], key.id)
  if not text or (key.revokedAt and not cjson.decode(text).key.revokedAt) then
    local revision = redis.call('HINCRBY', KEYS[1], 'revision', 1)
    redis.call('HSET', KEYS[2], key.id, ARGV[i])
    redis.call('ZADD', KEYS[3], revision, key.id)
  end
end
return 1
`);

/**
 * KEYS: the same. ARGV: the name and the revision that the reader has. Returns nothing if nothing is new; else the name, the revision, 1 if
 * these are all keys, and for each key its JSON and when it was last used.
 */
export const changesScript: RedisScript = redisScript(`
local epoch = redis.call('HGET', KEYS[1], 'epoch') or ''
local revision = redis.call('HGET', KEYS[1], 'revision') or '0'
local whole = epoch ~= ARGV[1]
if not whole and revision == ARGV[2] then return false end
local answer = {epoch, revision, whole and '1' or '0'}
local ids = redis.call('ZRANGEBYSCORE', KEYS[3], whole and '-inf' or '(' .. ARGV[2], '+inf')
for _, id in ipairs(ids) do
  answer[#answer + 1] = redis.call('HGET', KEYS[2], id)
  answer[#answer + 1] = redis.call('HGET', KEYS[4], id) or ''
end
return answer
`);

/** KEYS: used. ARGV: ids and epochs, alternating. */
export const touchScript: RedisScript = redisScript(`
for i = 1, #ARGV, 2 do
  local before = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or 0)
  if before < tonumber(ARGV[i + 1]) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
return 1
`);
