-- Delivery plans for the destinations of standard input, one a line: the
-- program that every binding has.
--
--   luajit plan.lua (--zone FILE... | --records FILE | --server ADDRESS@PORT)
--     [--seed N] [--outcome NAME] [--code N] < DESTINATIONS
--
-- Exit: 0; 64 wrong usage; 1 anything else, with a sentence.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local mxsel = require "mxsel"

local function usage()
  io.stderr:write("usage: plan (--zone FILE... | --records FILE | ",
    "--server ADDRESS@PORT) [--seed N] [--outcome NAME] [--code N]\n")
  os.exit(64)
end

-- The records of a file: by name, by type, a list or how it ends.
local function read_records(file)
  local names = {}
  for line in assert(io.open(file, "rb")):lines() do
    local words = {}
    for word in line:gmatch("%S+") do words[#words + 1] = word end
    local name, kind = words[1], words[2]
    if name and not name:find("^#") then
      names[name] = names[name] or {}
      if words[3] == "!" then
        names[name][kind] = words[4]
      else
        names[name][kind] = names[name][kind] or {}
        table.insert(names[name][kind], words)
      end
    end
  end
  return names
end

local make = {}
function make.MX(words)
  return { ttl = tonumber(words[3]), preference = tonumber(words[4]),
    exchange = words[5] }
end
function make.A(words)
  return { ttl = tonumber(words[3]), address = words[4] }
end
make.AAAA = make.A

-- A resolver written in Lua.
local function records_resolver(file)
  local names = read_records(file)
  return function(name, kind)
    local found = names[name]
    if not found then return { outcome = "nxdomain", negative_ttl = 300 } end
    local records = found[kind] or found["*"]
    if type(records) == "string" then
      return { outcome = records }
    elseif found.CNAME then
      local alias = found.CNAME[1]
      return { alias = alias[4], ttl = tonumber(alias[3]) }
    elseif not records then
      return { negative_ttl = 300 }
    end
    local answer = {}
    for i, words in ipairs(records) do answer[i] = make[kind](words) end
    return answer
  end
end

-- The reply codes that outcomes want.
local code_of = {
  greeting = 450, ehlo = 450, mail = 450, rcpt = 450, data = 450,
}

-- One destination, as lines.
local function plan(selection, destination, outcome, code)
  local lines = {}
  local function line(...)
    lines[#lines + 1] = table.concat({ ... }, "\t")
  end
  line("destination", destination)
  for attempt in selection do
    line("attempt", attempt.preference, attempt.host, attempt.address,
      attempt.port, attempt.posture)
    attempt:report(outcome, code or code_of[outcome])
  end
  for _, entry in ipairs(selection:rejected()) do
    line("rejected", entry.reason, entry.preference, entry.subject)
  end
  local verdict = selection:verdict()
  line("verdict", verdict.action, verdict.reason, verdict.code,
    verdict.status, verdict.text)
  selection:close()
  return table.concat(lines, "\n") .. "\n"
end

-- The lines of standard input, octets as they are.
local function destinations()
  local input = io.read("*a")
  return (input:find("\n$") and input or input == "" and "" or input .. "\n")
    :gmatch("([^\n]*)\n")
end

-- Many at once, each in a coroutine of its own; said in the order of input.
local function plan_with_engine(server, settings, ...)
  local engine = mxsel.engine { server = server }
  local options, plans = mxsel.options(settings), {}
  for destination in destinations() do
    local place = #plans + 1
    plans[place] = ""
    engine:run(function(...)
      local selection = engine:select(destination, options)
      plans[place] = plan(selection, destination, ...)
    end, ...)
  end
  engine:loop()
  io.write(table.concat(plans))
end

local function plan_one_by_one(settings, ...)
  local options = mxsel.options(settings)
  for destination in destinations() do
    io.write(plan(mxsel.select(destination, options), destination, ...))
  end
end

local known = {
  zone = true, records = true, server = true, seed = true, outcome = true,
  code = true,
}

local function main()
  local given, zones = {}, {}
  for i = 1, #arg, 2 do
    local key = arg[i]:match("^%-%-(%l+)$")
    if not known[key] or not arg[i + 1] then usage() end
    given[key] = arg[i + 1]
    if key == "zone" then zones[#zones + 1] = arg[i + 1] end
  end
  local settings = { seed = given.seed }
  local outcome = given.outcome or "refused"
  local code = tonumber(given.code)
  if given.server then
    plan_with_engine(given.server, settings, outcome, code)
  elseif given.records then
    settings.resolver = records_resolver(given.records)
    plan_one_by_one(settings, outcome, code)
  elseif zones[1] then
    settings.resolver = mxsel.zone(unpack(zones))
    plan_one_by_one(settings, outcome, code)
  else
    usage()
  end
end

local fine, problem = pcall(main)
if not fine then
  io.stderr:write("plan: ", tostring(problem), "\n")
  os.exit(1)
end
