-- For wrk: POSTs the file that LOAD_BODY names, or GETs where it is not set, and prints its findings as a line of JSON.
-- There is no `response` function: with one, wrk copies every answer into Lua, at the cost of the server under test.
local path = os.getenv("LOAD_BODY")
if path then
    local file = assert(io.open(path, "rb"))
    wrk.method = "POST"
    wrk.body = file:read("*a")
    wrk.headers["Content-Type"] = "application/json"
    file:close()
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\nLOAD {"requests":%d,"seconds":%.6f,"p50_ms":%.4f,"p99_ms":%.4f,"errors":%d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
