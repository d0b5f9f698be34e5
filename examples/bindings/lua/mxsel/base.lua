-- The ground of the binding: the libraries, their errors, and values on their
-- way to C, where LuaJIT would otherwise wrap or cut them off unseen.

local ffi = require "ffi"

local base = {}

-- Where the .cdef files are: beside this file, or where libmxsel put them.
local function folders()
  local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
  return {
    os.getenv("MXSEL_DECLARATIONS") or here, here,
    "/usr/local/share/libmxsel", "/usr/share/libmxsel",
  }
end

local function declare(library)
  for _, folder in ipairs(folders()) do
    local file = io.open(folder .. "/" .. library .. ".cdef", "rb")
    if file then
      ffi.cdef(file:read("*a"))
      file:close()
      return
    end
  end
  error(library .. ".cdef: not found; set MXSEL_DECLARATIONS to what " ..
    "`pkg-config --variable=declarations libmxsel` says")
end

-- MXSEL_LIBDIR comes before where the dynamic linker looks.
local function load(library)
  local ending = ffi.os == "OSX" and ".0.dylib" or ".so.0"
  local folder = os.getenv("MXSEL_LIBDIR")
  declare(library)
  return ffi.load((folder and folder .. "/" or "") .. library .. ending)
end

local C = load "libmxsel"
base.C = C
ffi.cdef "char *strerror(int);"

-- The others only when something of theirs is used.
local loaded = {}
function base.library(name)
  loaded[name] = loaded[name] or load(name)
  return loaded[name]
end
function base.ldns()
  return base.library "libmxsel-ldns"
end

--------------------------------------------------------------------- errors

local error_names = {}
for _, name in ipairs {
  "ENOMEM", "EUSAGE", "ERANGE", "ESYNTAX", "ELIMIT", "EMISMATCH",
  "EMALFORMED", "ESPACE", "EENTROPY", "ESYSTEM", "EFILE", "ECANCELED",
} do
  error_names[C["MXSEL_" .. name]] = name
end

-- What error() is called with: number, name, message, and context; errno and
-- reason, the system's sentence for it, where that says what is wrong.
local Error = {}
Error.__index = Error
function Error:__tostring()
  return (self.context and self.context .. ": " or "") .. self.message ..
    (self.reason and ": " .. self.reason or "")
end
base.Error = Error

local function raise(number, context, errno)
  error(setmetatable({
    number = number,
    name = error_names[number] or "unknown",
    message = ffi.string(C.mxsel_strerror(number)),
    context = context,
    errno = errno,
    reason = errno and ffi.string(ffi.C.strerror(errno)),
  }, Error), 0)
end

local function check(result, context)
  if result < 0 then raise(result, context) end
  return result
end

-- The same for a call that says in errno what is wrong with a file.
local function check_file(result, path)
  local errno = ffi.errno()
  if result == C.MXSEL_EFILE then raise(result, path, errno) end
  return check(result, path)
end

--------------------------------------------------------------------- values

local function string_or_nil(pointer)
  if pointer ~= nil then return ffi.string(pointer) end
end

-- The number of a name: constant("OUTCOME_", "refused").
local function constant(prefix, name, from)
  local found, value = pcall(function()
    return (from or C)["MXSEL_" .. prefix .. tostring(name):upper()]
  end)
  if type(name) ~= "string" or not found then
    raise(C.MXSEL_ERANGE, prefix:lower() .. tostring(name))
  end
  return tonumber(value)
end

-- Text for a char pointer: a NUL would cut it off unseen.
local function text(value, context)
  if type(value) ~= "string" or value:find("%z") then
    raise(C.MXSEL_ESYNTAX, context)
  end
  return value
end

-- An integer between bounds: ffi would wrap it around unseen.
local function integer(value, low, high, context)
  if type(value) == "boolean" then value = value and 1 or 0 end
  if type(value) ~= "number" or value % 1 ~= 0 or value < low or
      value > high then
    raise(C.MXSEL_ERANGE, context)
  end
  return value
end
local function int(value, context)
  return integer(value, -2^31, 2^31 - 1, context)
end
local function uint32(value, context)
  return integer(value, 0, 2^32 - 1, context)
end

-- A seed has 64 bits, a Lua number 53: digits or 1ULL give the others.
local function seed(value)
  if ffi.istype("uint64_t", value) or ffi.istype("int64_t", value) then
    return ffi.cast("uint64_t", value)
  elseif type(value) == "number" then
    return ffi.cast("uint64_t", integer(value, 0, 2^53, "seed"))
  elseif type(value) ~= "string" or not value:find("^%d+$") then
    raise(C.MXSEL_ERANGE, "seed")
  end
  local sum = 0ULL
  for digit in value:gmatch("%d") do
    local next_sum = sum * 10 + tonumber(digit)
    if sum > 1844674407370955161ULL or next_sum < sum * 10 then
      raise(C.MXSEL_ERANGE, "seed")
    end
    sum = next_sum
  end
  return sum
end

-- One or many: "a" and { "a", "b" }.
local function list(value)
  return type(value) == "table" and value or { value }
end

-- An object whose constructor is new(out, ...), freed when nobody has it.
local function made(type_name, free, context, new, ...)
  local out = ffi.new(type_name .. "*[1]")
  check(new(out, ...), context)
  return ffi.gc(out[0], free)
end

-- Whatever holds a pointer of the library in c, and gives it back early.
local Handle = {}
Handle.__index = Handle
function Handle:close()
  if self.c ~= nil then
    self.free(ffi.gc(self.c, nil))
    self.c = nil
  end
end

base.raise, base.check, base.made, base.Handle = raise, check, made, Handle
base.check_file = check_file
base.constant, base.string_or_nil = constant, string_or_nil
base.text, base.int, base.uint32 = text, int, uint32
base.integer, base.seed, base.list = integer, seed, list

return base
