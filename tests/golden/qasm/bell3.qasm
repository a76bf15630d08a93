// A Bell pair in OpenQASM 3.
//= P 00 0.5
//= P 11 0.5
//= X0*X1 1
OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
bit[2] c;
h q[0];
cx q[0], q[1];
c = measure q;
