-- libmxsel for LuaJIT: which hosts to try, in which order, to deliver mail.
-- Needs nothing but ffi and the declarations that libmxsel installs. No C
-- function ever calls Lua, so selections may run in any coroutine. README.md
-- says how to use it.

local ffi = require "ffi"
local base = require "mxsel.base"
local memory = require "mxsel.memory"
local options = require "mxsel.options"
local selection = require "mxsel.selection"

local mxsel = {
  Error = base.Error,
  cache = options.cache,
  dns = options.dns,
  memory = memory.new,
  options = options.new,
  zone = options.zone,
  zone_text = options.zone_text,
}

--- Hosts for a destination: for attempt in mxsel.select("example.org") do
function mxsel.select(destination, settings)
  return selection.begin(destination, options.answered(settings))
end

--- Go on with what selection:save() returned.
function mxsel.resume(bytes, settings)
  return selection.resume(bytes, options.answered(settings))
end

--- Many destinations at once: mxsel.engine { server = "127.0.0.1" }.
function mxsel.engine(settings)
  return require "mxsel.engine" (settings)
end

--- An MTA-STS policy: its domain, the body fetched, when (in seconds).
function mxsel.sts(domain, body, fetched)
  local C = base.C
  return setmetatable({
    free = C.mxsel_sts_free,
    c = base.made("mxsel_sts", C.mxsel_sts_free, domain, C.mxsel_sts_new,
      base.text(domain, "domain"), body, #body,
      base.integer(fetched, 0, 2^53, "fetched")),
  }, base.Handle)
end

function mxsel.version()
  return ffi.string(base.C.mxsel_version())
end

return mxsel
