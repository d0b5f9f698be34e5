-- How mail hosts behaved, for all selections that share it: a host that failed
-- goes behind its equals for a while.

local ffi = require "ffi"
local base = require "mxsel.base"

local C, check, raise = base.C, base.check, base.raise
local constant, integer, int = base.constant, base.integer, base.int
local made, text, check_file = base.made, base.text, base.check_file

local memory = {}

local Memory = setmetatable({}, base.Handle)
Memory.__index = Memory

local settings_known = {
  half_life = true, explore = true, keep = true, refresh = true,
  budget = true, read_only = true,
}
local counters = {
  entries = true, bytes = true, reports = true, evicted = true,
  behind = true, probes = true, asked = true, unanswered = true,
}

--- How hosts behaved: mxsel.memory { bytes = 2^24, half_life = 60 }. Its clock
--- is the time of day: a file has the right age in any process.
function memory.new(settings)
  settings = settings or {}
  local bytes = integer(settings.bytes or 2^24, 0, 2^53, "bytes")
  local c = made("mxsel_memory", C.mxsel_memory_free, "memory",
    C.mxsel_memory_new, bytes, base.ldns().mxsel_ldns_time_of_day, nil)
  for key, value in pairs(settings) do
    if settings_known[key] then
      check(C.mxsel_memory_set(c, constant("MEMORY_", key), int(value, key)),
        key)
    elseif key ~= "bytes" then
      raise(C.MXSEL_ERANGE, tostring(key))
    end
  end
  return setmetatable({ c = c, free = C.mxsel_memory_free }, Memory)
end

-- The pointer of a memory that is not closed, for options.
function memory.pointer(value)
  if getmetatable(value) ~= Memory or value.c == nil then
    raise(C.MXSEL_EUSAGE, "memory")
  end
  return value.c
end

local function text_or_nil(value, context)
  return value ~= nil and text(value, context) or nil
end

--- An attempt that no selection made: memory:report { host = "mx.example.org",
--- outcome = "refused" }; or address, port, code, text besides.
function Memory:report(attempt)
  check(C.mxsel_memory_report(memory.pointer(self),
    text_or_nil(attempt.host, "host"),
    text_or_nil(attempt.address, "address"),
    int(attempt.port or 25, "port"), constant("OUTCOME_", attempt.outcome),
    int(attempt.code or 0, "code"), text_or_nil(attempt.text, "text")),
    attempt.host or attempt.address)
end

-- What C says of one as a table, that stays what it is.
local function entry_of(room)
  local outcomes = {}
  for place = 0, C.MXSEL_MEMORY_OUTCOMES - 1 do
    local number = room.outcomes[place]
    if number == 0 then break end
    outcomes[#outcomes + 1] = base.string_or_nil(
      C.mxsel_outcome_name(number)) or tostring(number)
  end
  local doubt = {}
  if room.doubt % 2 == 1 then doubt[#doubt + 1] = 4 end
  if room.doubt >= 2 then doubt[#doubt + 1] = 6 end
  return {
    kind = room.kind == C.MXSEL_MEMORY_HOST and "host" or "address",
    name = ffi.string(room.name),
    port = room.port,
    score = room.score / 1000,
    age = room.age / 1000,
    outcomes = outcomes,
    code = room.code,
    works = room.works,
    turn = room.turn,
    doubt = doubt,
    again = ffi.string(room.again),
  }
end

--- What is known of one host or address; nil: nothing.
function Memory:get(name, port)
  local room = ffi.new "struct mxsel_memory_entry"
  local known = check(C.mxsel_memory_get(memory.pointer(self),
    text(name, "name"), int(port or 25, "port"), room), name)
  if known > 0 then return entry_of(room) end
end

--- All that is known, in no order: for entry in memory:entries() do
function Memory:entries()
  local place = ffi.new "uint64_t[1]"
  local room = ffi.new "struct mxsel_memory_entry"
  return function()
    if check(C.mxsel_memory_next(memory.pointer(self), place, room)) > 0 then
      return entry_of(room)
    end
  end
end

--- Forget one host or address at every port.
function Memory:forget(name)
  if name == nil then raise(C.MXSEL_EUSAGE, "forget_all() forgets all") end
  check(C.mxsel_memory_forget(memory.pointer(self), text(name, "name")), name)
end

--- Forget all of them.
function Memory:forget_all()
  check(C.mxsel_memory_forget(memory.pointer(self), nil))
end

--- Write all that is known to a text file.
function Memory:save(path)
  check_file(C.mxsel_memory_save(memory.pointer(self), text(path, "path")),
    path)
end

--- Know what such a file says, besides what is known.
function Memory:load(path)
  check_file(C.mxsel_memory_load(memory.pointer(self), text(path, "path")),
    path)
end

--- How often, or how much: memory:statistic "behind".
function Memory:statistic(name)
  if not counters[name] then raise(C.MXSEL_ERANGE, tostring(name)) end
  return tonumber(C.mxsel_memory_statistic(memory.pointer(self),
    constant("MEMORY_", name)))
end

return memory
