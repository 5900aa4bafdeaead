import { type RedisScript, redisScript } from '@ai-toolkit/rate-limit/redis';

/** A process gets at most this share of what is left, unless it needs more: many may ask, and may die with it. */
const aheadOfFree = 0.1;
/** A process that holds nothing and has been silent for this long is forgotten, ms. */
const silentMs = 3_600_000;

/**
 * A key's whole budget is one hash: `PERIOD|spent`, and for each process `PERIOD|OWNER` with what it holds and the number of its last step.
 * It never expires, so that no `volatile-*` eviction policy discards it; of past periods, only the last is kept.
 *
 * KEYS: the hash. ARGV: period, owner, sequence, spent, held, known, limit, needed, wanted. Returns granted, spent, held. With the period
 * alone, it only returns what is spent and held; with period and owner, it also forgets that owner if it holds nothing.
 */
export const budgetScript: RedisScript = redisScript(`
local period, owner = ARGV[1], ARGV[2]
local function text(number) return string.format('%.17g', number) end
local fields = redis.call('HGETALL', KEYS[1])
local spent, others, own, ownSequence = 0, 0, 0, -1
local before
for i = 1, #fields, 2 do
  local of, name = string.match(fields[i], '^([^|]*)|(.*)$')
  if of == period then
    if name == 'spent' then spent = tonumber(fields[i + 1])
    else
      local held, sequence = string.match(fields[i + 1], '^(%S+) (%S+)$')
      held, sequence = tonumber(held), tonumber(sequence)
      if name == owner then own, ownSequence = held, sequence
      else
        others = others + held
        if #ARGV > 2 and held == 0 and sequence < tonumber(ARGV[3]) - ${silentMs} then
          redis.call('HDEL', KEYS[1], fields[i])
        end
      end
    end
  elseif of < period and (not before or of > before) then before = of
  end
end
if #ARGV == 2 and own == 0 then redis.call('HDEL', KEYS[1], period .. '|' .. owner) end
if #ARGV <= 2 then return {'0', text(spent), text(others + own)} end

local sequence, add, held, known = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local limit, needed, wanted = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
-- A process that was told of more knows what is lost here. A step that was said before counts once.
spent = math.max(spent, known)
if sequence > ownSequence then spent = spent + add end
local granted, free = 0, limit - spent - others - held
if needed > 0 and free + 1e-9 >= needed then
  granted = math.max(needed, math.min(wanted, free * ${aheadOfFree}))
end
held = held + granted
redis.call('HSET', KEYS[1], period .. '|spent', text(spent),
  period .. '|' .. owner, text(held) .. ' ' .. text(math.max(sequence, ownSequence)))
for i = 1, #fields, 2 do
  local of = string.match(fields[i], '^([^|]*)|')
  if before and of < period and of ~= before then redis.call('HDEL', KEYS[1], fields[i]) end
end
return {text(granted), text(spent), text(others + held)}
`);
