-- What selections are made with: resolvers of libmxsel-ldns, the cache, and
-- options from a table.

local ffi = require "ffi"
local base = require "mxsel.base"
local memory = require "mxsel.memory"

local C, check, raise = base.C, base.check, base.raise
local constant, integer, int = base.constant, base.integer, base.int
local list, made, text = base.list, base.made, base.text
local Handle, ldns = base.Handle, base.ldns

local options = {}

local Resolver = setmetatable({}, Handle)
Resolver.__index = Resolver

local function resolver(c)
  return setmetatable({ c = c, free = C.mxsel_resolver_free }, Resolver)
end

--- A resolver that answers from master files: mxsel.zone("a.zone", ...).
function options.zone(...)
  local files = { ... }
  local context = table.concat(files, " ")
  for _, file in ipairs(files) do text(file, context) end
  local array = ffi.new("const char *[?]", #files + 1, files)
  local self = resolver(made("mxsel_resolver", C.mxsel_resolver_free,
    context, ldns().mxsel_ldns_zone_new, array, #files))
  self.files = files -- keeps the strings as long as the array points at them
  return self
end

--- The same from the text of a zone.
function options.zone_text(zone)
  return resolver(made("mxsel_resolver", C.mxsel_resolver_free, "zone",
    ldns().mxsel_ldns_zone_text_new, text(zone, "zone")))
end

-- No file is read when servers are named and no file is.
function options.resolv_conf(settings)
  local file = settings.resolv_conf
  if file then return text(file, "resolv_conf") end
  return settings.server and "" or nil
end

--- A resolver that asks servers and waits: mxsel.dns { server = "::1@53" }.
function options.dns(settings)
  settings = settings or {}
  local lib = ldns()
  local c = made("mxsel_resolver", C.mxsel_resolver_free,
    settings.resolv_conf, lib.mxsel_ldns_new, options.resolv_conf(settings))
  for key, value in pairs(settings) do
    if key == "server" then
      for _, server in ipairs(list(value)) do
        check(lib.mxsel_ldns_add_server(c, text(server, server)), server)
      end
    elseif key == "query_time" or key == "mix_case" or key == "trust_ad" then
      check(lib["mxsel_ldns_set_" .. key](c, int(value, key)), key)
    elseif key ~= "resolv_conf" then
      raise(C.MXSEL_ERANGE, tostring(key))
    end
  end
  return resolver(c)
end

--- How often: resolver:statistic "sent_udp".
function Resolver:statistic(name)
  local lib = ldns()
  return tonumber(lib.mxsel_ldns_statistic(self.c,
    constant("LDNS_", name, lib)))
end

---------------------------------------------------------------------- cache

local Cache = setmetatable({}, Handle)
Cache.__index = Cache

local cache_settings = {
  max_ttl = true, max_negative_ttl = true, failure_ttl = true, stale = true,
}

--- Answers kept until their TTL: mxsel.cache { bytes = 2^24, stale = 60 }.
function options.cache(settings)
  settings = settings or {}
  local bytes = integer(settings.bytes or 2^24, 0, 2^53, "bytes")
  local c = made("mxsel_cache", C.mxsel_cache_free, "cache",
    C.mxsel_cache_new, bytes, ldns().mxsel_ldns_clock, nil)
  for key, value in pairs(settings) do
    if cache_settings[key] then
      check(C.mxsel_cache_set(c, constant("CACHE_", key), int(value, key)),
        key)
    elseif key ~= "bytes" then
      raise(C.MXSEL_ERANGE, tostring(key))
    end
  end
  return setmetatable({ c = c, free = C.mxsel_cache_free }, Cache)
end

--- How often, or how much: cache:statistic "hits".
function Cache:statistic(name)
  if cache_settings[name] then raise(C.MXSEL_ERANGE, name) end
  return tonumber(C.mxsel_cache_statistic(self.c, constant("CACHE_", name)))
end

--- Forget one name.
function Cache:forget(name)
  if name == nil then raise(C.MXSEL_EUSAGE, "forget_all() forgets all") end
  check(C.mxsel_cache_forget(self.c, text(name, "name")), name)
end

--- Forget all of them.
function Cache:forget_all()
  check(C.mxsel_cache_forget(self.c, nil))
end

-------------------------------------------------------------------- options

local Options = setmetatable({}, Handle)
Options.__index = Options

-- Settings whose values have names.
local prefixes = {
  family = "FAMILY_", shuffle = "SHUFFLE_",
  dane_insecure_mx = "INSECURE_MX_",
}

local option_numbers
local function option_number(name)
  if not option_numbers then
    option_numbers = {}
    local number, found = 1, C.mxsel_option_name(1)
    while found ~= nil do
      option_numbers[ffi.string(found)] = number
      number = number + 1
      found = C.mxsel_option_name(number)
    end
  end
  return option_numbers[name] or raise(C.MXSEL_ERANGE, "option " ..
    tostring(name))
end

-- A function of the library that takes one text, for each text given.
local function each(setter)
  return function(self, value)
    for _, item in ipairs(list(value)) do
      check(setter(self.c, text(item, item)), item)
    end
  end
end

local special = {
  self_names = each(C.mxsel_options_add_self_name),
  self_addresses = each(C.mxsel_options_add_self_address),
  allow_networks = each(C.mxsel_options_allow_network),
  nat64 = each(C.mxsel_options_add_nat64),
}
function special:seed(value)
  check(C.mxsel_options_set_seed(self.c, base.seed(value)), "seed")
end
function special:cache(value)
  if getmetatable(value) ~= Cache or value.c == nil then
    raise(C.MXSEL_EUSAGE, "cache")
  end
  check(C.mxsel_options_set_cache(self.c, value.c), "cache")
end
function special:memory(value)
  check(C.mxsel_options_set_memory(self.c, memory.pointer(value)), "memory")
end
function special:idn(value)
  if value then check(base.library "libmxsel-idn2".mxsel_idn2_use(self.c)) end
end
function special:interfaces(value)
  if value then check(ldns().mxsel_ldns_add_interfaces(self.c)) end
end
function special:resolver(value)
  if type(value) == "function" then
    self.resolve = value
  elseif getmetatable(value) == Resolver and value.c ~= nil then
    check(C.mxsel_options_set_resolver(self.c, value.c), "resolver")
    self.blocking = true
  else
    raise(C.MXSEL_EUSAGE, "resolver")
  end
end
-- { "*.example", 550, "5.7.1", "No." }, one or a list of them.
function special:refuse(value)
  for _, rule in ipairs(type(value[1]) == "table" and value or { value }) do
    local pattern, code, status, sentence = unpack(rule, 1, 4)
    check(C.mxsel_options_refuse_exchange(self.c, text(pattern, "refuse"),
      int(code or 550, "refuse"), status and text(status, "refuse"),
      sentence and text(sentence, "refuse")), "refuse " .. pattern)
  end
end

--- Settings for any number of selections: mxsel.options { seed = 1 }.
function options.new(settings)
  local self = setmetatable({ free = C.mxsel_options_free }, Options)
  self.c = made("mxsel_options", C.mxsel_options_free, "options",
    C.mxsel_options_new)
  for key, value in pairs(settings or {}) do
    if special[key] then
      special[key](self, value)
    else
      if type(value) == "string" and prefixes[key] then
        value = constant(prefixes[key], value)
      end
      check(C.mxsel_options_set(self.c, option_number(key),
        int(value, key)), key)
    end
  end
  return self
end

--- What a setting of whole numbers is now: options:get "max_hosts".
function Options:get(name)
  return C.mxsel_options_get(self.c, option_number(name))
end

--- Is it options already, or a table of settings, or nil?
function options.are(value)
  return getmetatable(value) == Options
end

-- Options, a table of settings, or nil: always options.
local function options_of(value)
  if getmetatable(value) == Options then
    return value.c ~= nil and value or raise(C.MXSEL_EUSAGE, "options")
  end
  return options.new(value)
end

-- Without an engine somebody must answer: unless said otherwise, the servers
-- of this machine.
local system
function options.answered(value)
  if not options.are(value) and (value or {}).resolver == nil then
    local settings = {}
    for key, setting in pairs(value or {}) do settings[key] = setting end
    system = system or options.dns()
    settings.resolver = system
    value = settings
  end
  local made_of = options_of(value)
  if not (made_of.resolve or made_of.blocking) then
    raise(C.MXSEL_EUSAGE, "options without a resolver")
  end
  return made_of
end

-- The engine is the resolver.
function options.unanswered(value)
  local made_of = options_of(value)
  if made_of.resolve or made_of.blocking then
    raise(C.MXSEL_EUSAGE, "options with a resolver")
  end
  return made_of
end

return options
