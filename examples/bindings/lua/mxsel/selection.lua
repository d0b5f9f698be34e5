-- One destination: its attempts, its verdict, and why.

local bit = require "bit"
local ffi = require "ffi"
local answer = require "mxsel.answer"
local base = require "mxsel.base"

local C, check, raise = base.C, base.check, base.raise
local constant, int = base.constant, base.int
local string_or_nil = base.string_or_nil

local selection = {}

------------------------------------------------------------------ an attempt

local Attempt = {}
Attempt.__index = Attempt
function Attempt:__tostring()
  return ("%d %s [%s]:%d"):format(self.preference, self.host, self.address,
    self.port)
end

local function tlsa_records(m)
  local records = {}
  local u, s, t = ffi.new("int[1]"), ffi.new("int[1]"), ffi.new("int[1]")
  local data, size = ffi.new("const uint8_t *[1]"), ffi.new("size_t[1]")
  for i = 0, tonumber(C.mxsel_tlsa_count(m)) - 1 do
    check(C.mxsel_tlsa(m, i, u, s, t, data, size))
    records[i + 1] = {
      usage = u[0], selector = s[0], matching = t[0],
      data = ffi.string(data[0], size[0]),
    }
  end
  return records
end

-- All of it is copied: an attempt stays what it was.
local function new_attempt(self)
  local m = self.m
  local identities = {}
  for i = 1, tonumber(C.mxsel_tls_identity_count(m)) do
    identities[i] = ffi.string(C.mxsel_tls_identity(m, i - 1))
  end
  self.reached = setmetatable({
    selection = self,
    host = ffi.string(C.mxsel_host_name(m)),
    canonical = string_or_nil(C.mxsel_host_canonical(m)),
    preference = C.mxsel_host_preference(m),
    rank = C.mxsel_host_rank(m),
    source = ffi.string(C.mxsel_source_name(C.mxsel_host_source(m))),
    incomplete = C.mxsel_host_is_incomplete(m) == 1,
    address = ffi.string(C.mxsel_address(m)),
    secure = C.mxsel_address_is_secure(m) == 1,
    port = C.mxsel_port(m),
    posture = ffi.string(C.mxsel_posture_name(C.mxsel_posture(m))),
    posture_reason = string_or_nil(C.mxsel_posture_reason_name(
      C.mxsel_posture_reason(m))),
    tls_name = ffi.string(C.mxsel_tls_name(m)),
    tls_identities = identities,
    dane = ffi.string(C.mxsel_dane_name(C.mxsel_dane(m))),
    tlsa = tlsa_records(m),
  }, Attempt)
  return self.reached
end

local function reached(self)
  local owner = self.selection
  if owner.m == nil or owner.reached ~= self then
    raise(C.MXSEL_EUSAGE, tostring(self))
  end
  return owner.m
end

--- What became of it: attempt:report("rcpt", 550, "5.1.1 No such user").
function Attempt:report(outcome, code, reply)
  check(C.mxsel_report(reached(self), constant("OUTCOME_", outcome),
    int(code or 0, "code"), reply and answer.name_text(reply)), outcome)
end

-- TLS reports have names of their own: "starttls-not-supported".
local function tlsrpt_name(number)
  return number == 0 and "success" or
    string_or_nil(C.mxsel_tlsrpt_result_name(number))
end

--- What TLS came to, for TLS reports: attempt:report_tls "success".
function Attempt:report_tls(result)
  local number = 0
  while tlsrpt_name(number) ~= result do
    number = tlsrpt_name(number) and number + 1 or
      raise(C.MXSEL_ERANGE, tostring(result))
  end
  check(C.mxsel_report_tls(reached(self), number), result)
end

---------------------------------------------------------------- a selection

local Selection = {}
Selection.__index = Selection

local function live(self)
  return self.m or raise(C.MXSEL_ECANCELED, "selection")
end

local function advance(self, leave)
  local r
  live(self)
  if self.asking then raise(C.MXSEL_EUSAGE, "selection") end
  if self.engine then
    r = self.engine:advance(self, leave)
  else
    r = (leave and C.mxsel_next_host or C.mxsel_next)(self.m)
    while r == C.MXSEL_LOOKUP do
      answer.all(self)
      r = C.mxsel_next(live(self))
    end
  end
  self.reached = nil
  if check(r, "selection") == C.MXSEL_ATTEMPT then
    return new_attempt(self)
  end
end

--- The next attempt; nil at the end. A selection is its own iterator.
function Selection:next() return advance(self, false) end
Selection.__call = Selection.next

--- The same without the other addresses of the host reached.
function Selection:next_host() return advance(self, true) end

--- The attempt reached: after mxsel.resume(), the one that was.
function Selection:attempt()
  if not self.reached and C.mxsel_host_name(live(self)) ~= nil then
    return new_attempt(self)
  end
  return self.reached
end

--- Back to before the first attempt.
function Selection:rewind()
  check(C.mxsel_rewind(live(self)), "rewind")
  self.reached = nil
end

--- What to do with the mail.
function Selection:verdict()
  local m = live(self)
  return {
    action = ffi.string(C.mxsel_action_name(C.mxsel_verdict_action(m))),
    reason = ffi.string(C.mxsel_reason_name(C.mxsel_verdict_reason(m))),
    code = C.mxsel_verdict_code(m),
    status = ffi.string(C.mxsel_verdict_status(m)),
    text = ffi.string(C.mxsel_verdict_text(m)),
    reply = ffi.string(C.mxsel_verdict_reply(m)),
    host = ffi.string(C.mxsel_verdict_host(m)),
  }
end

--- What was dropped: a list of { reason, rule, preference, subject }.
function Selection:rejected()
  local m, result = live(self), {}
  local reason, preference = ffi.new("int[1]"), ffi.new("int[1]")
  local subject = ffi.new("const char *[1]")
  for i = 1, tonumber(C.mxsel_rejected_count(m)) do
    check(C.mxsel_rejected(m, i - 1, reason, preference, subject))
    result[i] = {
      reason = ffi.string(C.mxsel_reject_name(reason[0])),
      rule = string_or_nil(C.mxsel_reject_rule(reason[0])),
      preference = preference[0],
      subject = ffi.string(subject[0]),
    }
  end
  return result
end

--- Every decision, with the option trace = true.
function Selection:trace()
  local m, result = live(self), {}
  local code, texts = ffi.new("int[1]"), ffi.new("const char *[3]")
  for i = 1, tonumber(C.mxsel_trace_count(m)) do
    check(C.mxsel_trace_event(m, i - 1, code, texts, texts + 1, texts + 2))
    result[i] = {
      event = ffi.string(C.mxsel_trace_name(code[0])),
      subject = ffi.string(texts[0]), detail = ffi.string(texts[1]),
      rule = ffi.string(texts[2]),
    }
  end
  return result
end

--- What TLS reports are made of: { host, address, policy, result }.
function Selection:tlsrpt()
  local m, result = live(self), {}
  local numbers, texts = ffi.new("int[2]"), ffi.new("const char *[2]")
  for i = 1, tonumber(C.mxsel_tlsrpt_count(m)) do
    check(C.mxsel_tlsrpt(m, i - 1, texts, texts + 1, numbers, numbers + 1))
    result[i] = {
      host = ffi.string(texts[0]), address = ffi.string(texts[1]),
      policy = ffi.string(C.mxsel_tlsrpt_policy_name(numbers[0])),
      result = tlsrpt_name(numbers[1]),
    }
  end
  return result
end

--- What was unusual: { limited = true, ... }.
function Selection:flags()
  local result, all = {}, C.mxsel_flags(live(self))
  for place = 0, 31 do
    local flag = bit.lshift(1, place)
    if bit.band(all, flag) ~= 0 then
      result[string_or_nil(C.mxsel_flag_name(flag)) or place] = true
    end
  end
  return result
end

function Selection:destination()
  return ffi.string(C.mxsel_destination(live(self)))
end
function Selection:domain()
  return ffi.string(C.mxsel_domain(live(self)))
end
function Selection:original_domain()
  return ffi.string(C.mxsel_original_domain(live(self)))
end
function Selection:source()
  return ffi.string(C.mxsel_source_name(C.mxsel_source(live(self))))
end
function Selection:secure() return C.mxsel_is_secure(live(self)) == 1 end
function Selection:ttl() return C.mxsel_ttl(live(self)) end
function Selection:query_count()
  return tonumber(C.mxsel_query_count(live(self)))
end

--- The seed, all 64 bits of it: a uint64_t.
function Selection:seed()
  local out = ffi.new("uint64_t[1]")
  check(C.mxsel_seed(live(self), out), "seed")
  return out[0]
end

--- What the message asks of TLS: "by_policy", "required", "optional".
function Selection:set_tls(tls)
  check(C.mxsel_set_tls(live(self), constant("TLS_", tls)), tls)
end

--- Let an MTA-STS policy rule; now in seconds, as for mxsel.sts().
function Selection:set_sts(policy, time)
  check(C.mxsel_set_sts(live(self), policy and policy.c,
    base.integer(time, 0, 2^53, "now")), "policy")
end

--- The selection as a string, for mxsel.resume().
function Selection:save()
  local size = ffi.new("size_t[1]", 4096)
  local bytes = ffi.new("uint8_t[?]", 4096)
  local r = C.mxsel_save(live(self), bytes, size)
  if r == C.MXSEL_ESPACE then
    bytes = ffi.new("uint8_t[?]", size[0])
    r = C.mxsel_save(self.m, bytes, size)
  end
  check(r, "save")
  return ffi.string(bytes, size[0])
end

--- Give it back now, and not when it is collected.
function Selection:close()
  local m = self.m
  if m == nil then return end
  self.m, self.reached = nil, nil
  if self.engine then self.engine:forget(m) end
  C.mxsel_free(ffi.gc(m, nil))
end

-- What selections of every kind have in common.
local function new_selection(options, engine, new, context, ...)
  local self = setmetatable({
    resolve = options.resolve, engine = engine,
  }, Selection)
  local out = ffi.new("mxsel *[1]")
  check(new(out, ...), context)
  self.m = ffi.gc(out[0], C.mxsel_free)
  return self
end

function selection.begin(destination, options, engine)
  if type(destination) ~= "string" then
    raise(C.MXSEL_EUSAGE, "destination")
  end
  return new_selection(options, engine, C.mxsel_new_bytes, destination,
    destination, #destination, options.c)
end

function selection.resume(bytes, options, engine)
  return new_selection(options, engine, C.mxsel_resume, "resume", bytes,
    #bytes, options.c)
end

return selection
