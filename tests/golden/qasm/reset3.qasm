// Measured, reset, used again; the outcome stays in its bit.
//= Z0 1
//= Z1 -1
OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
bit[2] c;
x q[0];
c[0] = measure q[0];
reset q[0];
if (c[0]) { x q[1]; }
c[1] = measure q[0];
if (c == 1) { id q[0]; } else { x q[0]; }
