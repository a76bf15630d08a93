// Slices, sets of indices, negative indices, joined registers.
//= P 10011101 1
OPENQASM 3.0;
include "stdgates.inc";
qubit[5] q;
qubit[3] r;
let head = q[0:2];
let ends = q[{0, 4}];
let all = head ++ r[1:];
x ends;               // 0 4
x head[-1];           // 2
x all[2];             // 2 again
x all[3:4];           // r1 r2
x q[-2];              // 3
x q[4:-1:3];          // 4 3
x q[3:4];             // 3 4
x r[0:2:2];           // r0 r2
x r[1];               // r1
x r[2];
