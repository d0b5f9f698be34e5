-- Many destinations at once, each in a coroutine of its own, on the engine of
-- libmxsel-ldns. Nothing is called back: whoever runs the engine resumes the
-- coroutines whose answers are there.

local ffi = require "ffi"
local base = require "mxsel.base"
local options = require "mxsel.options"
local selection = require "mxsel.selection"

local C, check, raise = base.C, base.check, base.raise
local constant, int = base.constant, base.int

local Engine = setmetatable({}, base.Handle)
Engine.__index = Engine

local settings_known = {
  query_time = true, in_flight = true, mix_case = true, trust_ad = true,
}

--- mxsel.engine { server = "127.0.0.1@5353", query_time = 3000 }; without a
--- server those of /etc/resolv.conf are asked.
local function new(settings)
  settings = settings or {}
  local lib = base.ldns()
  local self = setmetatable({
    lib = lib, free = lib.mxsel_engine_free,
    waiting = {}, -- by selection: the coroutine, or true for next() itself
    closed = {},  -- coroutines whose selection was closed while they waited
    mine = setmetatable({}, { __mode = "k" }),
  }, Engine)
  self.c = base.made("mxsel_engine", lib.mxsel_engine_free,
    settings.resolv_conf, lib.mxsel_engine_new,
    options.resolv_conf(settings))
  for key, value in pairs(settings) do
    if key == "server" then
      for _, server in ipairs(base.list(value)) do
        check(lib.mxsel_engine_add_server(self.c, base.text(server, server)),
          server)
      end
    elseif settings_known[key] then
      check(lib.mxsel_engine_set(self.c, constant("ENGINE_", key, lib),
        int(value, key)), key)
    elseif key ~= "resolv_conf" then
      raise(C.MXSEL_ERANGE, tostring(key))
    end
  end
  return self
end

local function live(self)
  return self.c or raise(C.MXSEL_ECANCELED, "engine")
end

-- Selections are known by their address.
local function key_of(m)
  return tonumber(ffi.cast("uintptr_t", m))
end

--- As mxsel.select(), answered by the engine; the options have no resolver.
function Engine:select(destination, settings)
  live(self)
  return selection.begin(destination, options.unanswered(settings), self)
end

--- As mxsel.resume().
function Engine:resume(bytes, settings)
  live(self)
  return selection.resume(bytes, options.unanswered(settings), self)
end

-- What a function given to run() ends with, and what comes out of it.
local function continue(co, ...)
  local fine, problem = coroutine.resume(co, ...)
  if fine then return end
  if type(problem) == "string" then
    problem = debug.traceback(co, problem)
  end
  error(problem, 0)
end

--- Begin a coroutine in which selections of this engine wait for answers
--- without keeping others waiting. An error in it comes out of whatever runs
--- it: run(), process(), step() or loop(); the others go on when that is
--- called again.
function Engine:run(f, ...)
  local co = coroutine.create(f)
  self.mine[co] = true
  continue(co, ...)
  return co
end

-- Wait until the selection is ready: in a coroutine of run() by letting the
-- others go on, elsewhere by running them.
local function await(self, owner, key)
  local co = coroutine.running()
  if co and self.mine[co] then
    self.waiting[key] = co
    while self.waiting[key] == co do coroutine.yield() end
  else
    self.waiting[key] = true
    while self.waiting[key] do self:step() end
  end
  return owner.m or raise(C.MXSEL_ECANCELED, "selection")
end

-- For selections: mxsel_next(), with the questions answered; leave: without
-- the other addresses of the host reached.
function Engine:advance(owner, leave)
  local m, engine_next = owner.m, self.lib.mxsel_engine_next
  local key = key_of(m)
  local r = C.MXSEL_LOOKUP
  if type(self.waiting[key]) == "thread" then
    raise(C.MXSEL_EUSAGE, "selection")
  elseif not self.waiting[key] then -- else an error came out of step()
    if leave then r = C.mxsel_next_host(m) end
    if r == C.MXSEL_LOOKUP then r = engine_next(live(self), m) end
  end
  while r == C.MXSEL_LOOKUP do
    m = await(self, owner, key)
    r = engine_next(live(self), m)
  end
  return r
end

-- For selections: this one is about to be freed.
function Engine:forget(m)
  local key = key_of(m)
  local co = self.waiting[key]
  self.waiting[key] = nil
  if type(co) == "thread" then self.closed[#self.closed + 1] = co end
end

-- Resume whoever can go on.
local function resume_ready(self)
  local m
  while #self.closed > 0 do continue(table.remove(self.closed)) end
  repeat
    m = self.lib.mxsel_engine_ready(live(self))
    if m ~= nil then
      local key = key_of(m)
      local co = self.waiting[key]
      self.waiting[key] = nil
      if type(co) == "thread" then continue(co) end
    end
  until m == nil
end

--- Do all that can be done now: when fd() is readable, or after timeout().
function Engine:process()
  check(self.lib.mxsel_engine_process(live(self)), "engine")
  resume_ready(self)
end

--- The same for programs without an event loop: wait first, for so many
--- milliseconds at most; without a number as long as need be.
function Engine:step(milliseconds)
  check(self.lib.mxsel_engine_wait(live(self),
    int(milliseconds or -1, "milliseconds")), "engine")
  resume_ready(self)
end

--- Go on until nobody waits for an answer any more.
function Engine:loop()
  while next(self.waiting) or #self.closed > 0 do
    self:step(#self.closed > 0 and 0 or -1)
  end
end

--- The descriptor to watch for reading; nil where there is none.
function Engine:fd()
  local fd = self.lib.mxsel_engine_fd(live(self))
  if fd >= 0 then return fd end
end

--- Milliseconds after which process() is to be called; nil: no need.
function Engine:timeout()
  local milliseconds = self.lib.mxsel_engine_timeout(live(self))
  if milliseconds >= 0 then return milliseconds end
end

--- Selections under way.
function Engine:count()
  return tonumber(self.lib.mxsel_engine_count(live(self)))
end

--- Questions that wait for their turn: begin no more while there are any.
function Engine:queued()
  return tonumber(self.lib.mxsel_engine_queued(live(self)))
end

--- How often: engine:statistic "sent_udp".
function Engine:statistic(name)
  return tonumber(self.lib.mxsel_engine_statistic(live(self),
    constant("LDNS_", name, self.lib)))
end

return new
