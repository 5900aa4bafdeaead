import {
  IDLE_TTL_MS,
  IDLE_TTL_WITH_DAY_MS,
  LEASE_TTL_MS,
  MEMBER_TTL_MS,
  TICKET_GRACE_MS,
  TICKET_LEAD_MS,
} from '../shared/store-rules.js';
import { LIMITS_LUA } from './limits-lua.js';
import { METERS_LUA } from './meters-lua.js';
import { type RedisScript, redisScript } from './redis-scripts.js';

/** The server's time, ms: the clocks of the processes may be wrong, each in its own way. */
const SERVER_TIME = `
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end
`;

/**
 * KEYS: the state. ARGV: the step as JSON, its limits as JSON. Returns the reply as JSON. `KeyState` says what each part is for. Everything
 * kept about a key is one value, so that it is in one slot of a cluster and is evicted whole or not at all.
 */
const STEP = `
local step, now = cjson.decode(ARGV[1]), clock()
local packed = redis.call('GET', KEYS[1])
local st
if packed then
  st = cmsgpack.unpack(packed)
else
  st = {epoch = string.format('%.3f', now) .. step.process, began = now, now = 0, opensAt = 0,
    configured = {}, merged = '', limits = {}, adaptive = true, learned = {}, meters = {}, members = {},
    probe = newProbe(true), open = {0, 0, 0}, undecided = 0}
end
-- A clock that was set back goes on from where it was.
if now - st.began < st.now then st.began = now - st.now end
now = now - st.began
st.now = now

local function demandOf(named) return {named.requests, named.inputTokens, named.outputTokens} end
local function add(to, demand)
  for i = 1, 3 do to[i] = to[i] + demand[i] end
end
local function isAlive(member) return now - member.seenAt <= ${LEASE_TTL_MS} end
local function totals()
  local open, undecided, waiting = {0, 0, 0}, 0, {0, 0, 0}
  for _, member in pairs(st.members) do
    if isAlive(member) then
      add(open, member.open)
      undecided = undecided + member.undecided
      add(waiting, member.waiting)
    end
  end
  return open, undecided, waiting
end
local function reply(granted, wait, own)
  local open, _, waiting = totals()
  local limits = {}
  for dimension, m in pairs(st.meters) do
    limits[dimension] = {limit = m.limit, burstMs = m.burst, algorithm = m.kind, ready = ready(m, now), used = used(m, now)}
  end
  local processes = 0
  for _ in pairs(st.members) do processes = processes + 1 end
  return cjson.encode({granted = granted, waitMs = wait == huge and cjson.null or wait,
    gateMs = max(0, st.opensAt - now), epoch = st.epoch, at = now, limits = limits,
    maxConcurrent = st.limits.maxConcurrent or 0, learned = st.learned, cap = st.probe.cap or 0,
    ceiling = st.probe.ceiling or 0, window = st.probe.window or 0,
    openElsewhere = max(0, open[1] - own.open[1]), processes = processes,
    waitingElsewhere = {requests = waiting[1] - own.waiting[1], inputTokens = waiting[2] - own.waiting[2],
      outputTokens = waiting[3] - own.waiting[3]}})
end

local before = st.members[step.process]
if before and step.sequence <= before.sequence then return reply(0, 0, before) end

st.configured[ARGV[2]] = {limits = step.limits, seenAt = now}
local merged, parts, adaptive = {}, {}, false
for text, one in pairs(st.configured) do
  if now - one.seenAt > ${MEMBER_TTL_MS} then
    st.configured[text] = nil
  else
    adaptive = adaptive or one.limits.adaptive
    for _, name in ipairs(SCALARS) do
      local value = one.limits[name]
      if value then merged[name] = min(value, merged[name] or value) end
    end
    if one.limits.algorithm == 'window' then merged.algorithm = 'window' end
  end
end
for _, name in ipairs(SCALARS) do parts[#parts + 1] = string.format('%.17g', merged[name] or -1) end
local signature = table.concat(parts, ' ') .. (merged.algorithm or '') .. tostring(adaptive)
for name, member in pairs(st.members) do
  if now - member.seenAt > ${MEMBER_TTL_MS} then st.members[name] = nil end
end

local own = {sequence = step.sequence, seenAt = now, open = demandOf(step.open), undecided = step.undecided,
  waiting = demandOf(step.waiting)}
st.members[step.process] = not step.leaving and own or nil

st.open, st.undecided = totals()

if st.merged ~= signature then
  st.merged, st.limits = signature, merged
  if st.adaptive ~= adaptive then
    st.adaptive = adaptive
    st.probe.window, st.probe.cap = newProbe(adaptive).window, nil
  end
  if anyKnown(st) then limitsKnown(st) end
  applyAll(st, now)
end
for _, dimension in ipairs(DIMENSIONS) do
  if step.learned[dimension] ~= nil then adopt(st, dimension, step.learned[dimension], now) end
end
for _ = 1, step.kept do kept(st.probe, now) end
for _ = 1, step.succeeded do succeeded(st, now) end
applyAll(st, now)
local isForeign = step.epoch ~= st.epoch
if isForeign and step.epoch then
  for dimension, left in pairs(step.known) do
    if st.meters[dimension] then lower(st.meters[dimension], left, now) end
  end
else
  for dimension, amount in pairs(step.taken) do
    if st.meters[dimension] then take(st.meters[dimension], amount, now) end
  end
end
for _, settlement in ipairs(step.settlements) do
  local change = {settlement[2], settlement[3], settlement[4]}
  if isForeign then change = {max(0, change[1]), max(0, change[2]), max(0, change[3])} end
  for dimension, m in pairs(st.meters) do
    local excess = amountOf(dimension, change)
    if excess > 0 then take(m, excess, now) elseif excess < 0 then give(m, -excess, settlement[1], now) end
  end
end
for dimension, left in pairs(step.left) do
  local resetMs = step.leftForMs and step.leftForMs[dimension]
  if st.meters[dimension] then lower(st.meters[dimension], left, now, resetMs) end
end
for _ = 1, step.rateLimited do rateLimited(st, step.holdMs, now) end
if step.closeMs > 0 then st.opensAt = max(st.opensAt, now + step.closeMs) end

local function aheadOf(rank)
  local ahead = {0, 0, 0}
  for name, member in pairs(st.members) do
    local ticket = member.ticket
    if ticket and name ~= step.process and ticket.till >= now and isAlive(member) then
      if ticket.rank < rank - ${TICKET_LEAD_MS} then add(ahead, ticket.demand) end
    end
  end
  return ahead
end
local function reserve(demand, rank)
  if st.opensAt > now then return st.opensAt - now end
  local ahead = aheadOf(rank)
  if st.undecided + ahead[1] >= (st.probe.window or huge) then return huge end
  if st.open[1] + ahead[1] >= (st.limits.maxConcurrent or huge) then return huge end
  local wait, alone = 0, 0
  for dimension, m in pairs(st.meters) do
    local amount = amountOf(dimension, demand)
    wait = max(wait, backlogMs(m, amountOf(dimension, ahead), amount, now))
    alone = max(alone, waitMs(m, amount, now))
  end
  if wait > 0 then return wait end
  if alone > 0 then return alone end
  for dimension, m in pairs(st.meters) do take(m, amountOf(dimension, demand), now) end
  add(st.open, demand)
  st.undecided = st.undecided + 1
  return 0
end
local granted, wait = 0, 0
for _, asked in ipairs(step.demands) do
  local demand, rank = {1, asked[1], asked[2]}, now - asked[3]
  wait = reserve(demand, rank)
  if wait > 0 then
    if asked[4] == 1 then
      own.ticket = {rank = rank, demand = demand, till = now + (wait == huge and 0 or wait) + ${TICKET_GRACE_MS}}
    end
    break
  end
  granted = granted + 1
  add(own.open, demand)
  own.undecided = own.undecided + 1
  for i = 1, 3 do own.waiting[i] = own.waiting[i] - demand[i] end
end

local idleMs = st.meters.requestsPerDay and ${IDLE_TTL_WITH_DAY_MS} or ${IDLE_TTL_MS}
redis.call('SET', KEYS[1], cmsgpack.pack(st), 'PX', floor(idleMs + max(0, st.opensAt - now)))
return reply(granted, wait, own)
`;

/** The script on the server's clock; tests pass another. */
export function stepScript(clock: string = SERVER_TIME): RedisScript {
  return redisScript(`${METERS_LUA}${LIMITS_LUA}${clock}${STEP}`);
}
