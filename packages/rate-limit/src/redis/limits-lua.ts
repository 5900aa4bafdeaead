import { DEFAULT_BURST_MS } from '../effective-limits.js';
import { DIMENSIONS } from '../limits.js';
import { PROBE } from '../probe.js';

/** What was configured, learned and probed, and the settings that follow: `EffectiveLimits` and `Probe`, as Redis runs them. */
export const LIMITS_LUA: string = `
local DIMENSIONS = {${DIMENSIONS.map((name) => `'${name}'`).join(', ')}}
local SCALARS = {${[...DIMENSIONS, 'maxConcurrent', 'burstMs'].map((name) => `'${name}'`).join(', ')}}

local function amountOf(dimension, demand)
  if dimension == 'requestsPerMinute' or dimension == 'requestsPerDay' then return demand[1] end
  if dimension == 'inputTokensPerMinute' then return demand[2] end
  if dimension == 'outputTokensPerMinute' then return demand[3] end
  return demand[2] + demand[3]
end
local function limitOf(st, dimension)
  local learned = st.learned[dimension]
  return min(st.limits[dimension] or huge, learned and learned.limit or huge)
end
local function anyKnown(st)
  for _, dimension in ipairs(DIMENSIONS) do
    if dimension ~= 'requestsPerDay' and limitOf(st, dimension) < huge then return true end
  end
  return false
end
local function settingOf(st, dimension)
  local limit = limitOf(st, dimension)
  if dimension == 'requestsPerMinute' and st.probe.cap then limit = min(limit, st.probe.cap) end
  if limit == huge then return nil end
  local learned = st.learned[dimension]
  local seenMs = learned and learned.capacity and learned.capacity / learned.limit * 60000 / 2 or 0
  local algorithm = dimension == 'requestsPerDay' and 'window' or st.limits.algorithm or 'bucket'
  return {limit = limit, burstMs = st.limits.burstMs or max(${DEFAULT_BURST_MS}, seenMs), algorithm = algorithm}
end
local function applyAll(st, now)
  for _, dimension in ipairs(DIMENSIONS) do
    local setting, m = settingOf(st, dimension), st.meters[dimension]
    if not setting then
      st.meters[dimension] = nil
    elseif m and m.kind == setting.algorithm then
      if m.limit ~= setting.limit or m.burst ~= setting.burstMs then
        configure(m, setting.limit, setting.burstMs, now)
      end
    else
      local fresh = newMeter(dimension, setting, now)
      local before = m and setting.algorithm == 'window' and used(m, now)
      take(fresh, before or amountOf(dimension, st.open), now)
      st.meters[dimension] = fresh
    end
  end
end
local function limitsKnown(st)
  st.probe.window, st.probe.cap, st.probe.ceiling = nil, nil, nil
end
local function newProbe(adaptive)
  return {window = adaptive and ${PROBE.firstWindow} or nil, weight = 0, at = 0, succeeded = 0, rejected = 0, blind = 0}
end
local function adopt(st, dimension, learned, now)
  local before = st.learned[dimension]
  local changed
  if learned == cjson.null then
    changed = before ~= nil
    st.learned[dimension] = nil
  else
    changed = not before or before.limit ~= learned.limit
    local known = not changed and before.capacity or nil
    local capacity = learned.capacity and min(learned.capacity, known or learned.limit) or known
    st.learned[dimension] = {limit = learned.limit, capacity = capacity}
  end
  if changed and dimension ~= 'requestsPerDay' then limitsKnown(st) end
  applyAll(st, now)
end

local function decayed(p, now)
  return p.weight * math.exp(min(0, p.at - now) / ${PROBE.decayMs})
end
local function perMinute(p, now)
  return decayed(p, now) / ${PROBE.decayMs} * 60000
end
local function stepOf(p, cap)
  if not p.ceiling then return min(${PROBE.searchIncrease}, cap * ${PROBE.largestSearchIncrease}) end
  local step = min(${PROBE.increase}, cap * ${PROBE.largestIncrease})
  if cap > p.ceiling * (1 + ${PROBE.near}) then return step * ${PROBE.beyondFactor} end
  return cap > p.ceiling * (1 - ${PROBE.near}) and step * ${PROBE.nearFactor} or step
end
local function sinceStart(p, now)
  p.startedAt = p.startedAt or now
  return now - p.startedAt
end
local function widen(p, widest)
  if p.window then p.window = max(p.window, min(p.window + 1, widest)) end
end
local function kept(p, now)
  widen(p, ${PROBE.firstWindow} * (1 + sinceStart(p, now) / ${PROBE.keptMs}))
end
local function succeeded(st, now)
  local p = st.probe
  if not st.adaptive then return end
  p.weight, p.at = decayed(p, now) + 1, now
  p.succeeded = p.succeeded + 1
  if p.succeeded >= ${PROBE.evidence} then p.blind = 0 end
  widen(p, ${PROBE.firstWindow} * 2 ^ (sinceStart(p, now) / ${PROBE.doublingMs}))
  local cap = p.cap
  if not cap or cap > 2 * perMinute(p, now) then return end
  local grown = cap + stepOf(p, cap)
  p.cap = grown < limitOf(st, 'requestsPerMinute') and grown or nil
end
local function rateLimited(st, holdMs, now)
  local p = st.probe
  p.rejected = p.rejected + 1
  local sinceMs = p.limitedAt and now - p.limitedAt or huge
  if sinceMs < min(${PROBE.mostEchoMs}, max(${PROBE.leastEchoMs}, 2 * holdMs)) then return end
  p.limitedAt = now
  if st.adaptive and not (anyKnown(st) and sinceMs >= ${PROBE.episodeMs} and not p.cap) then
    local known = limitOf(st, 'requestsPerMinute')
    local unlimited = not p.cap and known == huge
    local blind = unlimited and p.succeeded < ${PROBE.evidence} and p.blind < ${PROBE.blindTimes}
    if blind then
      p.blind, p.window = p.blind + 1, 1
    elseif not unlimited then
      local most = p.cap and not p.ceiling and ${PROBE.searchDecrease} or ${PROBE.decrease}
      p.ceiling = p.cap or known
      local passed = p.succeeded / (p.succeeded + p.rejected)
      local slowest = p.succeeded == 0 and min(p.ceiling, ${PROBE.slowestGuess * PROBE.decrease}) or 1
      p.cap = max(slowest, p.ceiling * min(most, max(${PROBE.largestDecrease}, passed)))
    else
      p.cap = max(${PROBE.slowestGuess}, perMinute(p, now)) * ${PROBE.decrease}
    end
    if not blind then p.succeeded, p.rejected, p.window = 0, 0, nil end
  end
  applyAll(st, now)
  if st.limits.algorithm == 'window' then return end
  for dimension, m in pairs(st.meters) do
    if dimension ~= 'requestsPerDay' then lower(m, 0, now) end
  end
end
`;
