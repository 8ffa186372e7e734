(use-modules (ice-9 threads) (srfi srfi-1))
(define team
  (map (lambda (n) (call-with-new-thread (lambda () (fold + 0 (iota (* 1000 n)))))) (iota 4)))
(display (map join-thread team))
(newline)
(gc)
(display (par-map (lambda (n) (* n n)) (iota 20)))
(newline)
