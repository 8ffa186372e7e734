use strict;
use warnings;
use threads;
my @team = map { my $n = $_; threads->create(sub { my $sum = 0; $sum += $_ * $n for 1 .. 2000; $sum }) } 1 .. 4;
print join(",", map { $_->join } @team), "\n";
