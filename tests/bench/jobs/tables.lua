-- Tables and strings, and some arithmetic on each.
local n = tonumber(arg[1])
local t, total = {}, 0
for i = 1, n do
  t[i % 5000] = {i, 'x' .. i % 1000}
  for k = 1, 8 do total = total + (i * k) % 7 end
end
print(total)
