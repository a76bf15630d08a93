// Ranges up and down, sets, registers, nested loops, break and continue.
//= P 10111010 1
OPENQASM 3.0;
include "stdgates.inc";
qubit[8] q;
for int i in [0:2:6] { x q[i]; }         // 0 2 4 6
for uint i in {1, 3} { x q[i]; }         // 1 3
for int i in [3:-2:0] x q[i];            // 3 1 again
for int i in [0:10] {
  if (i < 3) { continue; }
  if (i == 4) { break; }
  x q[i];                                // 3
}
for int i in [0:1] {
  for int j in [0:1] { if (i != j) { x q[i]; x q[j]; } } // twice each: nothing
}
for int i in [5:4] { x q[i]; }           // empty
