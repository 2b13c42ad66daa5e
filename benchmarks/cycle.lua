-- Posts the lines of a file one after the other, again and again, and prints what came of it as one line of JSON.
-- wrk -t1 ... --script cycle.lua URL -- FILE BEFORE AFTER   (the body is BEFORE, the line as a JSON string, AFTER;
-- without BEFORE and AFTER it is the line as it stands; one thread: each wrk thread would begin at the first line)

local requests = {}
local at = 0

function init(args)
  for line in io.lines(args[1]) do
    local body = args[2] and args[2] .. '"' .. line:gsub('[\\"]', '\\%0') .. '"' .. args[3] or line
    -- Formatted once: while measuring, the load generator should cost the server's processors little.
    requests[#requests + 1] = wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, '
      .. '"connect": %d, "read": %d, "write": %d, "timeout": %d, "status": %d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.connect, errors.read, errors.write, errors.timeout, errors.status
  ))
end
