import { SLOTS_PER_DAY, SLOTS_PER_MINUTE, TOKEN_REFUND_GRACE_MS } from '../memory-quota.js';
import { SLOTS_OF_USED } from '../meters/bucket-meter.js';
import { LONGEST_TRAIL } from '../meters/headroom-trail.js';
import { EPSILON } from '../meters/sliding-sum.js';

/** The meters of this package, as Redis runs them; see `src/meters` for the reasons behind them. */
export const METERS_LUA: string = `
local EPSILON = ${EPSILON}
local huge, floor, max, min = math.huge, math.floor, math.max, math.min

local function newSum(periodMs, slots, now)
  local sum = {k = periodMs / slots, t = 0, s = {}}
  for i = 1, slots + 1 do sum.s[i] = 0 end
  sum.l = floor(now / sum.k)
  return sum
end
local function put(sum, slot, change)
  local i = slot % #sum.s + 1
  sum.s[i] = sum.s[i] + change
  sum.t = max(0, sum.t + change)
end
local function advance(sum, now)
  local slot = floor(now / sum.k)
  local steps = slot - sum.l
  if steps <= 0 then return end
  if steps >= #sum.s then
    for i = 1, #sum.s do sum.s[i] = 0 end
    sum.t = 0
  else
    for gone = sum.l + 1, slot do put(sum, gone, -sum.s[gone % #sum.s + 1]) end
  end
  sum.l = slot
end
local function subtract(sum, amount, addedAt, now)
  advance(sum, now)
  local slot = floor(addedAt / sum.k)
  if slot > sum.l - #sum.s then put(sum, slot, -min(amount, sum.s[slot % #sum.s + 1])) end
end
local function msUntilGone(sum, amount, now)
  local left = amount
  for slot = sum.l - #sum.s + 1, sum.l do
    if left <= 0 then break end
    left = left - sum.s[slot % #sum.s + 1]
    if left <= EPSILON then return (slot + #sum.s) * sum.k - now end
  end
  return left <= 0 and 0 or huge
end

local function note(trail, room, at)
  local n = #trail.r
  while n > 0 and trail.r[n] >= room do
    trail.r[n], trail.a[n] = nil, nil
    n = n - 1
  end
  trail.r[n + 1], trail.a[n + 1] = room, at
  if n + 1 > ${LONGEST_TRAIL} then
    table.remove(trail.a, 1)
    table.remove(trail.r, 2)
  end
end
local function claim(trail, amount, takenAt)
  local first
  for i = 1, #trail.a do
    if trail.a[i] > takenAt then first = i break end
  end
  if not first then return amount end
  local claimed = min(amount, trail.r[first])
  if claimed <= 0 then return 0 end
  local later, times = {}, {}
  for i = first, #trail.r do later[#later + 1], times[#times + 1] = trail.r[i] - claimed, trail.a[i] end
  for i = #trail.r, first, -1 do trail.r[i], trail.a[i] = nil, nil end
  for i = 1, #later do note(trail, later[i], times[i]) end
  return claimed
end

local function refill(m, now)
  if now <= m.at then return end
  m.level = min(m.capacity, m.level + (now - m.at) * m.rate)
  m.at = now
end
local function configure(m, limit, burstMs, now)
  m.limit, m.burst = limit, burstMs
  if m.window then return end
  if m.level then refill(m, now) end
  m.rate = limit / 60000
  m.capacity = max(m.least, limit * burstMs / 60000)
  m.level = min(m.level or m.capacity, m.capacity)
end
local function newMeter(dimension, setting, now)
  local m = {kind = setting.algorithm}
  if dimension == 'requestsPerDay' then
    m.window, m.sum = 86400000, newSum(86400000, ${SLOTS_PER_DAY}, now)
  elseif setting.algorithm == 'window' then
    m.window, m.sum = 60000, newSum(60000, ${SLOTS_PER_MINUTE}, now)
  else
    m.sum, m.trail, m.at = newSum(60000, ${SLOTS_OF_USED}, now), {r = {}, a = {}}, now
    m.least = dimension == 'requestsPerMinute' and 1 or 0
    m.grace = dimension == 'requestsPerMinute' and 0 or ${TOKEN_REFUND_GRACE_MS}
  end
  configure(m, setting.limit, setting.burstMs, now)
  return m
end
local function othersAt(m, now)
  return m.others and now < m.othersUntil and m.others or 0
end
local function used(m, now)
  advance(m.sum, now)
  return m.sum.t + othersAt(m, now)
end
local function ready(m, now)
  if m.window then return m.limit - used(m, now) end
  refill(m, now)
  return m.level
end
local function waitMs(m, amount, now)
  if m.window then
    local excess = used(m, now) + amount - m.limit
    if excess <= EPSILON then return 0 end
    local others, wait = othersAt(m, now), msUntilGone(m.sum, excess, now)
    if others == 0 then return wait end
    return min(wait, max(m.othersUntil - now, msUntilGone(m.sum, excess - others, now)))
  end
  refill(m, now)
  if amount > m.limit and amount > m.least then return huge end
  local missing = min(amount, m.capacity) - m.level
  return missing <= EPSILON and 0 or missing / m.rate
end
local function backlogMs(m, ahead, amount, now)
  if m.window then
    local whole = floor(ahead / m.limit)
    local wait = waitMs(m, ahead - whole * m.limit + amount, now)
    if wait == huge then wait = m.window end
    return whole * m.window + wait
  end
  refill(m, now)
  local missing = ahead + min(amount, m.capacity) - m.level
  return missing <= EPSILON and 0 or missing / m.rate
end
local function take(m, amount, now)
  if not m.window then
    refill(m, now)
    note(m.trail, m.capacity - m.level + m.grace * m.rate, now)
    m.level = m.level - amount
  end
  advance(m.sum, now)
  put(m.sum, m.sum.l, amount)
end
local function give(m, amount, takenAt, now)
  if not m.window then
    refill(m, now)
    m.level = min(m.capacity, m.level + claim(m.trail, amount, takenAt))
  end
  subtract(m.sum, amount, takenAt, now)
end
local function lower(m, left, now, resetMs)
  if m.window then
    local excess = ready(m, now) - left
    if excess > 0 then
      m.others, m.othersUntil = othersAt(m, now) + excess, now + min(resetMs or m.window, m.window)
    end
    return
  end
  refill(m, now)
  if left >= m.capacity then return end
  m.level = min(m.level, left)
  note(m.trail, max(0, left - m.level), now)
end
`;
