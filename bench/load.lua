-- For wrk: `wrk -s load.lua URL -- FILE`. The file's lines are: what every request asks for by which header; the values
-- of that header; "order"; then in which order they are used, again and again. Prints what was measured as one line of JSON.

local requests, order, at = {}, {}, 0

function init(args)
  local lines = io.lines(args[1])
  local header = lines()
  for line in lines do
    if line == "order" then break end
    requests[#requests + 1] = wrk.format("GET", nil, { [header] = line })
  end
  for line in lines do order[#order + 1] = tonumber(line) + 1 end
end

function request()
  at = at % #order + 1
  return requests[order[at]]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"seconds":%f,"medianMs":%f,"errors":%d}\n', summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
