proc fold {n} { set sum 0; for {set i 0} {$i < $n} {incr i} { incr sum $i; dict set ::seen $i x$i }; return $sum }
puts [fold 5000]
puts [dict size $seen]
after 20 { set done 1 }
vwait done
puts [exec sort small.txt | head -n 1]
coroutine step apply {{} { for {set i 0} {$i < 3} {incr i} { yield $i } }}
puts [step]
