-- Tests of the LuaJIT binding, with assertions of its own: no network but
-- loopback, no other module. The last line says how many.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local ffi = require "ffi"
local mxsel = require "mxsel"

local passed, failed = 0, 0

local function test(name, body)
  local fine, problem = xpcall(body, function(e)
    return debug.traceback(tostring(e), 2)
  end)
  if fine then
    passed = passed + 1
  else
    failed = failed + 1
    print("failed: " .. name .. ": " .. tostring(problem))
  end
end

local function same(got, wanted)
  if got ~= wanted then
    error(("%s instead of %s"):format(tostring(got), tostring(wanted)), 2)
  end
end

-- The function must raise one of our errors, with this name.
local function raises(name, f, ...)
  local fine, problem = pcall(f, ...)
  if fine then error("no error instead of " .. name, 2) end
  same(getmetatable(problem), mxsel.Error)
  same(problem.name, name)
  return problem
end

local zone_text = [[
$ORIGIN example.org.
$TTL 300
@     IN SOA ns hostmaster 1 3600 600 86400 60
      IN NS ns
      IN MX 10 mx1
      IN MX 20 mx2
ns    IN A 192.0.2.53
mx1   IN A 192.0.2.1
      IN AAAA 2001:db8::1
mx2   IN A 192.0.2.2
equal IN MX 10 mx1
      IN MX 10 mx2
      IN MX 10 mx3
mx3   IN A 192.0.2.3
null  IN MX 0 .
]]
local zone = mxsel.zone_text(zone_text)

local function hosts(selection)
  local names = {}
  for attempt in selection do names[#names + 1] = attempt.address end
  return table.concat(names, " ")
end

--------------------------------------------------------------- one by one

test("hosts_come_in_the_order_of_their_preference", function()
  local selection = mxsel.select("example.org", { resolver = zone, seed = 1 })
  same(hosts(selection), "2001:db8::1 192.0.2.1 192.0.2.2")
  local verdict = selection:verdict()
  same(verdict.action, "defer")
  same(verdict.code, 451)
end)

test("an_attempt_says_what_a_connection_needs", function()
  local selection = mxsel.select("user@example.org:587", { resolver = zone })
  local attempt = mxsel.select("example.org", { resolver = zone })()
  same(attempt.host, "mx1.example.org")
  same(attempt.preference, 10)
  same(attempt.port, 25)
  same(attempt.source, "mx")
  same(attempt.posture, "opportunistic")
  same(attempt.posture_reason, "default")
  same(attempt.tls_name, "mx1.example.org")
  same(attempt.tls_identities[1], "mx1.example.org")
  same(#attempt.tlsa, 0)
  same(tostring(attempt), "10 mx1.example.org [2001:db8::1]:25")
  same(selection:destination(), "user@example.org:587")
end)

test("an_outcome_that_is_reported_becomes_the_verdict", function()
  local selection = mxsel.select("example.org", { resolver = zone })
  for attempt in selection do
    attempt:report("rcpt", 550, "5.1.1 No such user")
  end
  local verdict = selection:verdict()
  same(verdict.action, "bounce")
  same(verdict.status, "5.1.1")
  same(verdict.host, "mx1.example.org")
  same(verdict.reply, "5.1.1 No such user")
end)

test("the_rest_of_a_host_is_left", function()
  local selection = mxsel.select("example.org", { resolver = zone })
  selection:next()
  same(selection:next_host().host, "mx2.example.org")
  selection:rewind()
  same(selection:next().host, "mx1.example.org")
end)

test("a_null_mx_bounces", function()
  local selection = mxsel.select("null.example.org", { resolver = zone })
  same(selection:next(), nil)
  same(selection:verdict().reason, "null_mx")
  same(selection:verdict().status, "5.1.10")
end)

test("what_is_dropped_says_why", function()
  local selection = mxsel.select("example.org",
    { resolver = zone, self_names = "mx2.example.org", trace = true })
  hosts(selection)
  same(selection:rejected()[1].reason, "self")
  same(selection:rejected()[1].preference, 20)
  same(selection:rejected()[1].rule, "RFC 5321 5.1")
  same(selection:flags().self, true)
  same(selection:trace()[1].event, "destination")
  same(selection:ttl(), 300)
  same(selection:source(), "mx")
end)

test("equal_seeds_give_equal_orders_to_the_last_bit", function()
  local function order(seed)
    return hosts(mxsel.select("equal.example.org",
      { resolver = zone, seed = seed, max_host_addresses = 1 }))
  end
  local orders, different = {}, 0
  for seed = 1, 16 do orders[order(seed)] = true end
  for _ in pairs(orders) do different = different + 1 end
  assert(different > 1, "the seed does not matter")
  same(order "18446744073709551615", order(0xffffffffffffffffULL))
  local selection = mxsel.select("equal.example.org",
    { resolver = zone, seed = "9007199254740993" })
  same(selection:seed(), 9007199254740993ULL)
  raises("ERANGE", mxsel.options, { seed = 2^53 + 2 })
  raises("ERANGE", mxsel.options, { seed = "18446744073709551616" })
  raises("ERANGE", mxsel.options, { seed = -1 })
end)

test("a_selection_goes_on_where_it_was_saved", function()
  local options = mxsel.options { resolver = zone, seed = 3 }
  local first = mxsel.select("equal.example.org", options)
  local reached = first:next()
  local second = mxsel.resume(first:save(), options)
  same(second:attempt().address, reached.address)
  same(hosts(second), hosts(first))
  raises("ESYNTAX", mxsel.resume, "nonsense", options)
end)

test("the_message_and_the_policy_say_how_securely", function()
  local policy = mxsel.sts("example.org", "version: STSv1\nmode: enforce\n" ..
    "mx: mx2.example.org\nmax_age: 86400\n", 1000)
  local selection = mxsel.select("example.org", { resolver = zone })
  selection:set_sts(policy, 1001)
  policy:close()
  local attempt = selection:next()
  same(attempt.host, "mx2.example.org")
  same(attempt.posture, "pkix")
  attempt:report_tls "certificate-expired"
  raises("ERANGE", attempt.report_tls, attempt, "no-policy")
  same(selection:tlsrpt()[2].result, "certificate-expired")
  selection = mxsel.select("example.org", { resolver = zone })
  selection:set_tls "required"
  same(selection:next(), nil)
  same(selection:verdict().status, "5.7.30")
end)

test("a_cache_answers_what_was_asked_before", function()
  local cache = mxsel.cache { bytes = 2^20, stale = 60 }
  local options = mxsel.options { resolver = zone, cache = cache }
  hosts(mxsel.select("example.org", options))
  hosts(mxsel.select("example.org", options))
  assert(cache:statistic "hits" > 0)
  raises("EUSAGE", cache.forget, cache)
  assert(cache:statistic "names" > 0)
  cache:forget_all()
  same(cache:statistic "names", 0)
  raises("ERANGE", cache.statistic, cache, "stale")
end)

------------------------------------------------------------------- memory

-- Which hosts came last, with so many seeds: "mx1 mx3".
local function last(memory, seeds)
  local found = {}
  for seed = 1, seeds do
    local host
    for attempt in mxsel.select("equal.example.org",
        { resolver = zone, memory = memory, seed = seed }) do
      host = attempt.host
    end
    found[host] = true
  end
  local names = {}
  for host in pairs(found) do names[#names + 1] = host:match("^%w+") end
  table.sort(names)
  return table.concat(names, " ")
end

test("a_host_that_was_reported_goes_behind_its_equals", function()
  local memory = mxsel.memory { explore = 0, half_life = 3600 }
  same(last(memory, 30), "mx1 mx2 mx3")
  for attempt in mxsel.select("equal.example.org",
      { resolver = zone, memory = memory }) do
    if attempt.host == "mx2.example.org" then
      attempt:report "refused"
    else
      attempt:report("rcpt", 450)
    end
  end
  same(last(memory, 9), "mx2")
  memory:forget "mx2.example.org"
  memory:forget "192.0.2.2"
  same(last(memory, 30), "mx1 mx2 mx3")
  raises("EUSAGE", mxsel.options, { memory = 1 })
end)

test("what_is_known_are_tables_and_a_file_keeps_it", function()
  local memory = mxsel.memory { bytes = 2^20 }
  memory:report { host = "MX1.example.org", outcome = "refused" }
  memory:report { host = "mx1.example.org", address = "192.0.2.1",
    outcome = "rcpt", code = 550, text = "5.7.1 No." }
  local host = memory:get "mx1.example.org"
  same(table.concat(host.outcomes, " "), "rcpt refused")
  same(host.code, 550)
  same(host.score, 0)
  same(host.turn, 6)
  same(table.concat(host.doubt, " "), "4")
  same(memory:get("mx1.example.org", 587), nil)
  same(memory:statistic "reports", 2)
  local path = os.tmpname()
  memory:save(path)
  local again = mxsel.memory()
  again:load(path)
  os.remove(path)
  local names = {}
  for entry in again:entries() do names[#names + 1] = entry.name end
  table.sort(names)
  same(table.concat(names, " "), "192.0.2.1 mx1.example.org")
  local problem = raises("EFILE", again.load, again, path)
  same(problem.errno, 2) -- ENOENT, everywhere
  assert(tostring(problem):find(path .. ": the file is missing", 1, true))
  assert(tostring(problem):find(": " .. problem.reason, 1, true))
  raises("EUSAGE", again.forget, again)
  raises("EUSAGE", again.forget, again, nil)
  raises("ESYNTAX", again.forget, again, "")
  assert(again:entries()())
  again:forget_all()
  same(again:entries()(), nil)
  raises("ERANGE", mxsel.memory, { bytes = 1 })
  raises("ERANGE", mxsel.memory, { entries = 1 })
  raises("ERANGE", again.statistic, again, "keep")
  raises("EUSAGE", again.report, again, { outcome = "refused" })
  raises("ESYNTAX", again.report, again, { host = "..", outcome = "lost" })
  again:close()
  raises("EUSAGE", again.forget_all, again)
end)

-- With the program that was built: MXSEL_BUILDDIR.
local folder = os.getenv "MXSEL_BUILDDIR"
if folder then
  test("a_file_is_shown_by_the_program", function()
    local memory = mxsel.memory()
    memory:report { host = "mx1.example.org", outcome = "refused" }
    local path = os.tmpname()
    memory:save(path)
    local program = io.popen(("'%s/mxsel' memory '%s'"):format(folder, path))
    local shown = program:read "*a"
    program:close()
    os.remove(path)
    assert(shown:find("mx1.example.org", 1, true), shown)
  end)
end

------------------------------------------------------------------- errors

test("errors_have_number_name_and_sentence", function()
  local problem = raises("ERANGE", mxsel.options, { port = 70000 })
  same(problem.number, -3)
  same(problem.context, "port")
  assert(tostring(problem):find("^port: %a+"))
  raises("EFILE", mxsel.zone, "/does/not/exist.zone")
  raises("ERANGE", mxsel.options, { no_such_option = 1 })
  raises("ERANGE", mxsel.options, { family = "v7_first" })
  raises("ERANGE", mxsel.options, { max_hosts = 2^40 })
  raises("ERANGE", mxsel.options, { max_hosts = 1.5 })
  raises("ESYNTAX", mxsel.options, { self_names = "mx.example\0.org" })
  raises("ESYNTAX", mxsel.dns, { server = "nowhere" })
  raises("EUSAGE", mxsel.select, "example.org", mxsel.options {})
  raises("EUSAGE", mxsel.select, nil, { resolver = zone })
end)

test("an_attempt_can_be_reported_once_and_in_its_time", function()
  local selection = mxsel.select("example.org", { resolver = zone })
  local attempt = selection:next()
  raises("ERANGE", attempt.report, attempt, "nonsense")
  raises("ERANGE", attempt.report, attempt, "rcpt", 250)
  attempt:report "refused"
  raises("EUSAGE", attempt.report, attempt, "refused")
  local second = selection:next()
  raises("EUSAGE", attempt.report, attempt, "refused")
  selection:close()
  selection:close()
  raises("EUSAGE", second.report, second, "refused")
  raises("ECANCELED", selection.next, selection)
  raises("ECANCELED", selection.verdict, selection)
end)

test("names_and_numbers_of_settings_are_those_of_the_library", function()
  local options = mxsel.options {
    family = "v4_only", shuffle = "none", max_hosts = 3, dane = false,
    dane_insecure_mx = "may", max_attempts = 2, interfaces = true,
    self_addresses = { "192.0.2.77", "2001:db8::77" },
    allow_networks = "10.0.0.0/8", nat64 = "2001:db8:64::/96",
    refuse = { "*.parked.example", 550, "5.7.1", "No." },
  }
  same(options:get "family", 5)
  same(options:get "max_hosts", 3)
  same(options:get "dane_insecure_mx", 2)
  same(options:get "port", 25)
end)

test("what_is_collected_was_not_needed_any_more", function()
  local selection = mxsel.select("example.org",
    { resolver = mxsel.zone_text(zone_text), cache = mxsel.cache() })
  for _ = 1, 200 do
    mxsel.select("example.org", { resolver = zone })()
    if _ % 20 == 0 then collectgarbage() end
  end
  collectgarbage()
  same(hosts(selection), "2001:db8::1 192.0.2.1 192.0.2.2")
end)

------------------------------------------------- a resolver written in Lua

test("a_function_answers", function()
  local asked = {}
  local function resolver(name, kind)
    asked[#asked + 1] = kind .. " " .. name
    if kind == "MX" then
      return { ttl = 60, { preference = 5, exchange = "mx.example" },
        { preference = 6, exchange = "bad\0name.example" } }
    elseif name == "mx.example" then
      return { alias = "real.example", ttl = 30 }
    elseif kind == "A" then
      return { { address = "192.0.2.9", ttl = 20 } }
    end
    return { { address = "2001:db8::9" }, ttl = 10 }
  end
  local selection = mxsel.select("example.net", { resolver = resolver })
  same(hosts(selection), "2001:db8::9 192.0.2.9")
  same(asked[1], "MX example.net")
  same(selection:rejected()[1].reason, "bad_name")
  same(selection:rejected()[1].subject, "bad\\000name.example")
  same(selection:ttl(), 10)
end)

test("an_internationalised_name_is_asked_for_in_ascii", function()
  local asked
  local settings = {
    resolver = function(name) asked = name return { negative_ttl = 9 } end,
  }
  -- libmxsel-idn2 is not built everywhere.
  settings.idn = pcall(mxsel.options, { idn = true })
  mxsel.select("m\195\188ller.example", settings):next()
  same(asked, settings.idn and "xn--mller-kva.example" or nil)
end)

test("how_an_answer_ends_decides", function()
  local function verdict(...)
    local ends = { ... }
    local selection = mxsel.select("example.net", {
      resolver = function() return unpack(ends, 1, 2) end,
    })
    selection:next()
    return selection:verdict().reason
  end
  same(verdict(nil, "servfail"), "dns_temporary")
  same(verdict { outcome = "timeout" }, "dns_temporary")
  same(verdict { security = "bogus" }, "dns_temporary")
  same(verdict { outcome = "nxdomain", negative_ttl = 9 }, "no_domain")
  same(verdict { negative_ttl = 9 }, "no_host")
end)

test("an_error_in_a_function_comes_out_of_the_loop", function()
  local problem = { "mine" }
  local selection = mxsel.select("example.net", {
    resolver = function() error(problem) end,
  })
  local fine, caught = pcall(selection.next, selection)
  same(fine, false)
  same(caught, problem)
  same(selection:next(), nil)
  same(selection:verdict().reason, "dns_temporary")
  for _, wrong in ipairs {
    { { address = "192.0.2.1" } }, { { preference = 1 } },
    { ttl = -1 }, { outcome = "wrong" },
    { { preference = 70000, exchange = "mx.example" } },
    { preference = 10, exchange = "mx.example" }, { records = {} }, false,
    { [2] = { preference = 10, exchange = "mx.example" } },
    { [0] = { preference = 10, exchange = "mx.example" } }, 5, "text",
  } do
    selection = mxsel.select("example.net",
      { resolver = function() return wrong end })
    same(pcall(selection.next, selection), false)
    same(selection:next(), nil)
    same(selection:verdict().reason, "dns_temporary")
  end
  selection = mxsel.select("example.net", { resolver = function() end })
  same(pcall(selection.next, selection), false)
end)

test("a_function_may_yield_to_a_loop_of_its_own", function()
  local steps = 0
  local co = coroutine.wrap(function()
    return hosts(mxsel.select("[mx.example]", {
      resolver = function(_, kind)
        coroutine.yield()
        return kind == "A" and { { address = "192.0.2.8" } } or {}
      end,
    }))
  end)
  local result = co()
  while not result do
    steps, result = steps + 1, co()
  end
  same(steps, 2)
  same(result, "192.0.2.8")
end)

test("nobody_else_goes_on_while_a_function_is_asked", function()
  local selection
  selection = mxsel.select("[mx.example]", {
    resolver = function(_, kind)
      if kind == "A" then coroutine.yield() end
      return kind == "A" and { { address = "192.0.2.8" } } or {}
    end,
  })
  local first = coroutine.wrap(function() return selection:next() end)
  first()
  raises("EUSAGE", selection.next, selection)
  same(first().address, "192.0.2.8")
  same(selection:next(), nil)
end)

test("a_selection_may_be_closed_under_its_function", function()
  local selection
  selection = mxsel.select("example.net", {
    resolver = function() selection:close() return {} end,
  })
  raises("ECANCELED", selection.next, selection)
end)

------------------------------------------------------------------- engine

ffi.cdef [[
struct test_in { uint16_t family, port; uint8_t address[4], zero[8]; };
int socket(int, int, int);
int bind(int, const void *, unsigned);
int getsockname(int, void *, unsigned *);
ptrdiff_t recvfrom(int, void *, size_t, int, void *, unsigned *);
ptrdiff_t sendto(int, const void *, size_t, int, const void *, unsigned);
int close(int);
struct test_watched { int fd; short events, found; };
int poll(struct test_watched *, unsigned long, int);
]]

-- A name server: A is 192.0.2.7, MX the name itself, AAAA is not there.
local Server = {}
Server.__index = Server
local function server()
  local fd = ffi.C.socket(2, 2 + 2048, 0) -- datagrams, non-blocking
  local here = ffi.new("struct test_in")
  local size = ffi.new("unsigned[1]", ffi.sizeof(here))
  here.family, here.address[0], here.address[3] = 2, 127, 1
  assert(fd >= 0 and ffi.C.bind(fd, here, size[0]) == 0)
  ffi.C.getsockname(fd, here, size)
  local port = ffi.string(ffi.cast("char *", here) + 2, 2)
  return setmetatable({ fd = fd, asked = 0,
    name = ("127.0.0.1@%d"):format(port:byte(1) * 256 + port:byte(2)),
  }, Server)
end

local records = {
  ["\0\1"] = "\192\12\0\1\0\1\0\0\0\60\0\4\192\0\2\7",
  ["\0\15"] = "\192\12\0\15\0\1\0\0\0\60\0\4\0\5\192\12",
}

function Server:answer()
  local packet = ffi.new("uint8_t[512]")
  local from = ffi.new("struct test_in")
  local size = ffi.new("unsigned[1]", ffi.sizeof(from))
  local n = tonumber(ffi.C.recvfrom(self.fd, packet, 512, 0, from, size))
  if n < 12 then return false end
  self.asked = self.asked + 1
  local message = ffi.string(packet, n)
  local question = message:match("^[^%z]+%z....", 13)
  local record = records[question:match("(..)..$")] or ""
  message = message:sub(1, 2) .. "\129\128\0\1\0" ..
    string.char(record == "" and 0 or 1) .. "\0\0\0\0" .. question .. record
  ffi.C.sendto(self.fd, message, #message, 0, from, size[0])
  return true
end

-- A loop of one's own: the engine and the server in turns.
local function drive(engine, dns)
  while engine:count() > 0 do
    engine:step(1)
    while dns:answer() do end
  end
  engine:process()
end

test("many_destinations_wait_for_answers_at_once", function()
  local dns = server()
  local engine = mxsel.engine { server = dns.name, query_time = 3000 }
  local options = mxsel.options { seed = 1 }
  local done, most = {}, 0
  for i = 1, 100 do
    engine:run(function(domain)
      for attempt in engine:select(domain, options) do
        done[#done + 1] = attempt.host .. " " .. attempt.address
        attempt:report "delivered"
      end
    end, ("d%d.example"):format(i))
    most = math.max(most, engine:count())
  end
  same(#done, 0)
  same(most, 100)
  assert(engine:fd() and engine:timeout())
  drive(engine, dns)
  engine:loop()
  same(#done, 100)
  table.sort(done)
  same(done[1], "d1.example 192.0.2.7")
  same(engine:statistic "sent_udp", dns.asked)
  same(engine:timeout(), nil)
  ffi.C.close(dns.fd)
end)

test("a_loop_of_ones_own_watches_the_descriptor", function()
  local dns = server()
  local engine = mxsel.engine { server = dns.name }
  local watched = ffi.new("struct test_watched[2]")
  local address
  engine:run(function()
    address = engine:select("example.net"):next().address
  end)
  while engine:count() > 0 do
    watched[0].fd, watched[1].fd = engine:fd(), dns.fd
    watched[0].events, watched[1].events = 1, 1
    assert(ffi.C.poll(watched, 2, engine:timeout() or -1) >= 0)
    if watched[1].found ~= 0 then dns:answer() end
    engine:process()
  end
  same(address, "192.0.2.7")
  ffi.C.close(dns.fd)
end)

test("outside_of_a_coroutine_the_engine_waits", function()
  local engine = mxsel.engine { server = "127.0.0.1@1", query_time = 200 }
  local beside
  engine:run(function()
    beside = engine:select("beside.example")
    beside:next()
  end)
  local selection = engine:select("example.net")
  same(selection:next(), nil)
  same(selection:verdict().reason, "dns_temporary")
  engine:loop()
  same(beside:verdict().reason, "dns_temporary")
  same(engine:count(), 0)
end)

test("errors_in_coroutines_come_out_of_the_loop", function()
  local engine = mxsel.engine { server = "127.0.0.1@1", query_time = 200 }
  local ended = 0
  for i = 1, 3 do
    engine:run(function()
      local selection = engine:select("d" .. i .. ".example")
      selection:next()
      ended = ended + 1
      if i == 2 then error { "mine" } end
    end)
  end
  local fine, problem = pcall(engine.loop, engine)
  same(fine, false)
  same(problem[1], "mine")
  engine:loop()
  same(ended, 3)
  fine, problem = pcall(engine.run, engine, function() error "at once" end)
  same(fine, false)
  assert(problem:find "at once")
end)

test("a_selection_closed_while_it_waits_says_so", function()
  local dns = server()
  local engine = mxsel.engine { server = dns.name }
  local selection = engine:select("example.net")
  local problem
  engine:run(function()
    problem = select(2, pcall(selection.next, selection))
  end)
  raises("EUSAGE", selection.next, selection)
  selection:close()
  engine:loop()
  same(problem.name, "ECANCELED")
  same(engine:count(), 0)
  ffi.C.close(dns.fd)
end)

test("an_engine_goes_on_with_what_was_saved", function()
  local dns = server()
  local engine = mxsel.engine { server = dns.name }
  local bytes
  engine:run(function()
    local selection = engine:select("example.net")
    selection:next()
    bytes = selection:save()
  end)
  drive(engine, dns)
  local selection = engine:resume(bytes)
  same(selection:attempt().address, "192.0.2.7")
  same(selection:next_host(), nil)
  same(selection:verdict().action, "defer")
  engine:close()
  raises("ECANCELED", engine.select, engine, "example.net")
  ffi.C.close(dns.fd)
end)

test("an_engine_is_the_resolver", function()
  local engine = mxsel.engine { server = "127.0.0.1@1" }
  raises("EUSAGE", engine.select, engine, "example.net", { resolver = zone })
  raises("ERANGE", mxsel.engine, { nonsense = 1 })
end)

------------------------------------------------------------------- manual

test("every_example_of_the_manual_compiles", function()
  local readme = io.open((arg[0]:match("^(.*/)") or "./") .. "README.md")
  local count = 0
  for block in readme:read("*a"):gmatch("\n```lua\n(.-)\n```\n") do
    assert(loadstring(block))
    count = count + 1
  end
  readme:close()
  same(count, 4)
end)

print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0 and 0 or 1, true)
