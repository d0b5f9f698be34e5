-- A resolver written in Lua: takes the questions of a selection, asks a
-- function, and writes down what it returns. No C function calls Lua.

local ffi = require "ffi"
local base = require "mxsel.base"

local C, check, raise = base.C, base.check, base.raise
local constant, int, integer = base.constant, base.int, base.integer
local list, text, uint32 = base.list, base.text, base.uint32

local answer = {}

local type_names = {}
for _, name in ipairs { "A", "CNAME", "MX", "AAAA", "TLSA" } do
  type_names[tonumber(C["MXSEL_TYPE_" .. name])] = name
end

-- A name that answers may hold: a NUL is written as in a master file.
function answer.name_text(value)
  if type(value) ~= "string" then raise(C.MXSEL_EUSAGE, "answer") end
  return (value:gsub("%z", "\\000"))
end

local add = {}
function add.MX(q, record, ttl)
  local preference = integer(record.preference, 0, 65535, "preference")
  local exchange = answer.name_text(record.exchange)
  return C.mxsel_answer_mx(q, preference, exchange, ttl)
end
function add.A(q, record, ttl)
  return C.mxsel_answer_address_text(q, text(record.address, "address"), ttl)
end
add.AAAA = add.A
function add.TLSA(q, record, ttl)
  return C.mxsel_answer_tlsa(q, int(record.usage, "usage"),
    int(record.selector, "selector"), int(record.matching, "matching"),
    record.data, #record.data, ttl)
end

-- An answer that grew beyond what DNS can carry ends as a failure anyway.
local function added(result)
  if result ~= C.MXSEL_ELIMIT then check(result, "answer") end
end

-- What an answer may hold besides its records. Anything else, a record alone
-- say, must not be taken for an answer that nothing is there.
local known = {
  alias = true, negative_ttl = true, outcome = true, security = true,
  ttl = true,
}

local function fill(q, told, outcome)
  told = told or {}
  local count = 0
  for key in pairs(told) do
    if type(key) == "number" then
      count = count + 1
    elseif not known[key] then
      raise(C.MXSEL_EUSAGE, "answer." .. tostring(key))
    end
  end
  -- ipairs() would stop at a hole.
  if count ~= #told or count > 0 and told[1] == nil then
    raise(C.MXSEL_EUSAGE, "answer with a hole")
  end
  local ttl = uint32(told.ttl or 0, "ttl")
  for _, alias in ipairs(list(told.alias)) do
    added(C.mxsel_answer_alias(q, answer.name_text(alias), ttl))
  end
  for _, record in ipairs(told) do
    local add_record = add[type_names[C.mxsel_query_type(q)]]
    if not add_record then raise(C.MXSEL_EUSAGE, "answer") end
    added(add_record(q, record, uint32(record.ttl or ttl, "ttl")))
  end
  if told.negative_ttl then
    added(C.mxsel_answer_negative_ttl(q,
      uint32(told.negative_ttl, "negative_ttl")))
  end
  check(C.mxsel_answer_finish(q,
    constant("DNS_", told.outcome or outcome or "complete"),
    constant("SECURITY_", told.security or "indeterminate")))
end

-- Milliseconds, for the time limit; without libmxsel-ldns nobody counts.
local clock_lib
local function now()
  if clock_lib == nil then
    local found, lib = pcall(base.ldns)
    clock_lib = found and lib
  end
  return clock_lib and tonumber(clock_lib.mxsel_ldns_clock(nil)) or 0
end

-- Answer one question. Where the function fails the question ends, so that
-- the selection can go on, and the error goes to whoever called next().
local function answer_one(self, q)
  local m, began = self.m, now()
  self.asking = true -- nobody else may go on meanwhile: q could die
  local done, told, outcome = pcall(self.resolve,
    ffi.string(C.mxsel_query_name(q)), type_names[C.mxsel_query_type(q)])
  self.asking = false
  if self.m == nil then raise(C.MXSEL_ECANCELED, "selection") end
  if done and not told and outcome == nil then
    done, told = false, "the resolver returned neither answer nor reason"
  elseif done then
    done, told = pcall(fill, q, told, outcome)
  end
  if not done then
    C.mxsel_answer_finish(q, C.MXSEL_DNS_NETWORK,
      C.MXSEL_SECURITY_INDETERMINATE)
  end
  C.mxsel_time_spent(m, math.min(math.max(now() - began, 0), 2^32 - 1))
  if not done then error(told, 0) end
end

function answer.all(self)
  local asked = false
  while true do
    local q = C.mxsel_query_take(self.m)
    if q == nil then break end
    asked = true
    answer_one(self, q)
  end
  if not asked then raise(C.MXSEL_EUSAGE, "selection") end
end

return answer
