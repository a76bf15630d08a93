// A qubit used again.
//= Z0 1
//= Z1 0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
h q[0];
cx q[0],q[1];
reset q[0];
