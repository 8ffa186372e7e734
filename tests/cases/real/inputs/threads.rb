jobs = Queue.new
100.times { |n| jobs << n }
4.times { jobs << nil }
sums = Queue.new
team = Array.new(4) { Thread.new { while (n = jobs.pop) do sums << (1..n).sum end } }
team.each(&:join)
puts Array.new(sums.size) { sums.pop }.sum
begin
  Thread.new { raise ArgumentError, "thrown" }.tap { |t| t.report_on_exception = false }.join
rescue ArgumentError => e
  puts e.message
end
